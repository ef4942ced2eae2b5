"""When and how much somebody takes: hours, capacity, and the switch "I'm taking work"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Forbidden, Invalid

from ..models import Availability
from ..permissions import can_arrange
from . import naming
from .inputs import AvailabilityChange

SUBJECT = "availability"


def arrange(actor: Actor, email: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given; raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(AvailabilityChange, data)
    given = inputs.model_dump(exclude_unset=True)
    if not given:
        raise Invalid(_("Say what to change."))
    for name in ("hours", "zone", "taking_work"):
        if name in given and given[name] is None:
            raise Invalid.field(name, _("This cannot be empty."))
    with transaction.atomic():
        person = naming.of_address(actor, email)
        if not (may := can_arrange(actor, person.pk, person.organisation_id)):
            raise Forbidden(may.reason)
        row = Availability.objects.select_for_update().filter(person=person).first() or Availability(person=person)
        current = subjects.check_version(SUBJECT, person.pk, version)
        if given.get("taking_work") is True:
            given["back_at"] = None
        if row._state.adding:
            row.save(force_insert=True)
        if changes := subjects.put(row, given):
            subjects.note(
                "edit", actor, SUBJECT, person.pk, person.organisation_id, version=current + 1, changes=changes
            )
