"""Making, changing, moving, deactivating organisations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Conflict, FieldError, Forbidden, Invalid
from quell.kernel.people.models import Organisation
from quell.kernel.people.tree import create_organisation as place_new
from quell.kernel.people.tree import move_organisation

from . import places, subjects
from .inputs import NewOrganisation, OrganisationChange

SUBJECT = "organisation"


def create_organisation(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new organisation; returns its code. `data` as `NewOrganisation`. A root needs rights over the instance, a
    child over its parent. Raises Invalid, Forbidden, Conflict (known code)."""
    inputs = parse(NewOrganisation, data)
    with transaction.atomic():
        parent = None if inputs.parent is None else places.organisation(actor, inputs.parent, "parent")
        places.must_manage(actor, PEOPLE_MANAGE, None if parent is None else parent.pk)
        if Organisation.objects.filter(code=inputs.code).exists():
            sentence = _("The code “%(code)s” is taken.") % {"code": inputs.code}
            raise Conflict(sentence, errors=[FieldError("code", sentence)])
        made = place_new(inputs.code, inputs.name, parent)
        said = {"code": made.code, "name": made.name, "parent": inputs.parent}
        subjects.note("create", actor, SUBJECT, made.pk, made.pk, version=1, data=said)
    return made.code


def edit_organisation(
    actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None
) -> None:
    """Change what is given; a `parent` moves it with all below it. Raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(OrganisationChange, data)
    with transaction.atomic():
        found, current = _locked(actor, code, version)
        if not inputs.model_fields_set:
            raise Invalid(_("Say what to change."))
        changes = subjects.put(found, {"name": inputs.name} if inputs.name is not None else {})
        if "parent" in inputs.model_fields_set:
            changes |= _move(actor, found, inputs.parent)
        if changes:
            subjects.note("edit", actor, SUBJECT, found.pk, found.pk, version=current + 1, changes=changes)


def deactivate_organisation(actor: Actor, code: str, *, version: int | None = None) -> None:
    """Nothing new is made in it; its people and records stay."""
    _set_active(actor, code, False, version)


def activate_organisation(actor: Actor, code: str, *, version: int | None = None) -> None:
    """It takes part again."""
    _set_active(actor, code, True, version)


def _move(actor: Actor, found: Organisation, code: str | None) -> dict[str, list[Any]]:
    parent = None if code is None else places.organisation(actor, code, "parent")
    if (parent.pk if parent else None) == found.parent_id:
        return {}
    if not places.manages(actor, PEOPLE_MANAGE, parent.pk if parent else None) or not places.manages(
        actor, PEOPLE_MANAGE, found.parent_id
    ):
        raise Forbidden(_("Moving an organisation needs rights over both its old and its new place."))
    before = None if found.parent is None else found.parent.code
    move_organisation(found, parent)
    return {"parent": [before, code]}


def _set_active(actor: Actor, code: str, active: bool, version: int | None) -> None:
    with transaction.atomic():
        found, current = _locked(actor, code, version)
        if not active and found.pk == actor.organisation_id:
            raise Conflict(_("You cannot deactivate your own organisation."))
        if changes := subjects.put(found, {"active": active}):
            verb = "activate" if active else "deactivate"
            subjects.note(verb, actor, SUBJECT, found.pk, found.pk, version=current + 1, changes=changes)


def _locked(actor: Actor, code: str, version: int | None) -> tuple[Organisation, int]:
    found = Organisation.objects.select_for_update().filter(code=code).first()
    near = places.surroundings(actor)
    if found is None or (near is not None and found.pk not in near):
        raise places.unknown(code)
    places.must_manage(actor, PEOPLE_MANAGE, found.pk)
    return found, subjects.check_version(SUBJECT, found.pk, version)
