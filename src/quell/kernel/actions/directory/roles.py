"""Making and changing roles: bundles of capabilities, the same for the whole instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access import capabilities
from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Conflict, FieldError, Forbidden, Invalid
from quell.kernel.people.models import Role

from . import grants, places, subjects
from .inputs import NewRole, RoleChange

SUBJECT = "role"


def create_role(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new role; returns its code. Only who holds every one of its capabilities over the whole instance may make
    it. Raises Invalid, Forbidden, Conflict (known code)."""
    inputs = parse(NewRole, data)
    with transaction.atomic():
        places.must_manage(actor, capabilities.PEOPLE_MANAGE, None)
        able = _capabilities(actor, inputs.capabilities)
        if Role.objects.filter(code=inputs.code).exists():
            sentence = _("The code “%(code)s” is taken.") % {"code": inputs.code}
            raise Conflict(sentence, errors=[FieldError("code", sentence)])
        role = Role.objects.create(
            code=inputs.code, name=inputs.name, description=inputs.description, capabilities=able
        )
        said = {"code": role.code, "name": role.name, "capabilities": able}
        subjects.note("create", actor, SUBJECT, role.pk, None, version=1, data=said)
    return role.code


def edit_role(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given; takes effect with the next call of everybody who holds it. The roles shipped with Quell
    keep their capabilities. Raises NotFound, Forbidden, Conflict, Invalid, Stale."""
    inputs = parse(RoleChange, data)
    with transaction.atomic():
        role = Role.objects.select_for_update().filter(code=code).first()
        if role is None:
            raise places.unknown(code)
        places.must_manage(actor, capabilities.PEOPLE_MANAGE, None)
        current = subjects.check_version(SUBJECT, role.pk, version)
        given = {name: getattr(inputs, name) for name in inputs.model_fields_set if getattr(inputs, name) is not None}
        if not inputs.model_fields_set:
            raise Invalid(_("Say what to change."))
        if "capabilities" in given:
            if role.shipped:
                raise Conflict(_("The roles that come with Quell keep their capabilities; make one of your own."))
            _capabilities(actor, role.capabilities)
            given["capabilities"] = _capabilities(actor, given["capabilities"])
        if changes := subjects.put(role, given):
            subjects.note("edit", actor, SUBJECT, role.pk, None, version=current + 1, changes=changes)
            if "capabilities" in changes:
                grants.must_leave_an_administrator()


def _capabilities(actor: Actor, wanted: Sequence[str]) -> list[str]:
    """Checked, without repetition, in the order of the house's list."""
    for name in wanted:
        if name not in capabilities.ALL:
            choices = ", ".join(capabilities.ALL)
            raise Invalid.field("capabilities", _("Choose one of: %(choices)s.") % {"choices": choices})
    if not grants.holds_as_much(actor, wanted, None):
        raise Forbidden(_("A role cannot hold more than you do yourself."))
    return [name for name in capabilities.ALL if name in wanted]
