"""Categories: made, renamed, taken out of use. A category's path never changes, for history names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.directory.inputs import Code
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import Conflict, FieldError, Invalid

from ..models import Category

SUBJECT = "category"
#: Deeper trees are not read by anybody (domain.md 4.2).
DEEPEST = 3


class NewCategory(Inputs):
    """A category below a `parent` (its path), for one organisation or, without one, for everybody."""

    code: Code
    name: str = Field(min_length=1, max_length=120)
    parent: str | None = Field(None, max_length=190)
    organisation: str | None = Field(None, max_length=60)


class CategoryChange(Inputs):
    """Only what is to change."""

    name: str | None = Field(None, min_length=1, max_length=120)


def create_category(actor: Actor, data: Mapping[str, Any] | BaseModel) -> int:
    """A new category; returns its id. `data` as `NewCategory`. Raises Invalid, Forbidden, Conflict (known path)."""
    inputs = parse(NewCategory, data)
    with transaction.atomic():
        place = None if inputs.organisation is None else places.organisation(actor, inputs.organisation).pk
        places.must_manage(actor, SETTINGS_MANAGE, place)
        parent = None if inputs.parent is None else _parent(inputs.parent, place)
        path = "/".join([*([parent.path] if parent else []), inputs.code.lower()])
        if path.count("/") >= DEEPEST:
            raise Invalid.field("parent", _("Categories go three levels deep, not more."))
        if Category.objects.filter(Q(organisation_id=place), path=path).exists():
            sentence = _("The category “%(path)s” exists already.") % {"path": path}
            raise Conflict(sentence, errors=[FieldError("code", sentence)])
        made = Category.objects.create(
            organisation_id=place, parent=parent, code=inputs.code.lower(), path=path, name=inputs.name
        )
        said = {"path": path, "name": made.name}
        subjects.note("create", actor, SUBJECT, made.pk, place, version=1, data=said)
    return made.pk


def edit_category(
    actor: Actor, category_id: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None
) -> None:
    """Change what is given. `data` as `CategoryChange`; raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(CategoryChange, data)
    if not inputs.model_fields_set:
        raise Invalid(_("Say what to change."))
    values = {} if inputs.name is None else {"name": inputs.name}
    _change(actor, category_id, "edit", values, version)


def deactivate_category(actor: Actor, category_id: int, *, version: int | None = None) -> None:
    """Nothing new can be filed under it; what is filed there stays."""
    _change(actor, category_id, "deactivate", {"active": False}, version)


def activate_category(actor: Actor, category_id: int, *, version: int | None = None) -> None:
    """It can be chosen again."""
    _change(actor, category_id, "activate", {"active": True}, version)


def _change(actor: Actor, category_id: int, verb: str, values: dict[str, Any], version: int | None) -> None:
    with transaction.atomic():
        found = Category.objects.select_for_update(of=("self",)).filter(pk=category_id).first()
        near = places.surroundings(actor)
        foreign = found is not None and found.organisation_id is not None and near is not None
        if found is None or (foreign and found.organisation_id not in (near or ())):
            raise places.unknown(str(category_id))
        places.must_manage(actor, SETTINGS_MANAGE, found.organisation_id)
        current = subjects.check_version(SUBJECT, found.pk, version)
        if changes := subjects.put(found, values):
            subjects.note(verb, actor, SUBJECT, found.pk, found.organisation_id, version=current + 1, changes=changes)


def _parent(path: str, place: int | None) -> Category:
    """The parent, of the same organisation before everybody's."""
    known = Category.objects.filter(path=path.strip().strip("/").lower(), active=True)
    found = known.filter(Q(organisation_id=place)).first() or known.filter(organisation=None).first()
    if found is None:
        raise Invalid.field("parent", _("No category “%(path)s” is known here.") % {"path": path})
    return found
