"""Absences with a substitute: saying that somebody will be away, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config import sql
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound
from quell.kernel.people.models import Person

from ..models import Absence
from ..permissions import can_arrange
from ..rules.matching import overlapping
from . import naming
from .inputs import NewAbsence

SUBJECT = "absence"

_WORKS = """
SELECT EXISTS (SELECT 1 FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id
  WHERE g.person_id = %s AND 'records.work' = ANY(r.capabilities))
"""


def announce(actor: Actor, data: Mapping[str, Any] | BaseModel) -> int:
    """A new absence; returns its id. Raises Forbidden, or Invalid naming what does not fit."""
    inputs = parse(NewAbsence, data)
    with transaction.atomic():
        person = naming.somebody(actor, inputs.person)
        if not (may := can_arrange(actor, person.pk, person.organisation_id)):
            raise Forbidden(may.reason)
        # The person's own row stands guard, so that two absences cannot slip past each other.
        Person.objects.select_for_update().get(pk=person.pk)
        substitute = naming.somebody(actor, inputs.substitute, "substitute") if inputs.substitute else None
        _check(person, substitute, inputs)
        made = Absence.objects.create(
            person=person,
            starts_at=inputs.starts_at,
            ends_at=inputs.ends_at,
            kind=inputs.kind,
            substitute=substitute,
            hands_over=inputs.hands_over,
            note=inputs.note,
            created_by_id=actor.person_id,
            created_at=datetime.now(UTC),
        )
        said = {
            "person": person.email,
            "starts_at": inputs.starts_at.isoformat(),
            "ends_at": inputs.ends_at.isoformat(),
            "substitute": substitute.email if substitute else None,
            "hands_over": inputs.hands_over,
        }
        subjects.note("create", actor, SUBJECT, made.pk, person.organisation_id, version=1, data=said)
    return made.pk


def _check(person: Person, substitute: Person | None, inputs: NewAbsence) -> None:
    if inputs.ends_at <= inputs.starts_at:
        raise Invalid.field("ends_at", _("An absence ends after it begins."))
    if inputs.ends_at <= datetime.now(UTC):
        raise Invalid.field("ends_at", _("This absence is over already."))
    if substitute is not None and substitute.pk == person.pk:
        raise Invalid.field("substitute", _("Nobody stands in for themselves."))
    if substitute is not None and not (sql.row(_WORKS, [substitute.pk]) or (False,))[0]:
        raise Invalid.field("substitute", _("%(name)s does not work at the desk.") % {"name": substitute.name})
    if inputs.hands_over != Absence.HandsOver.NOTHING and substitute is None:
        raise Invalid.field("substitute", _("Say who gets the work."))
    known = Absence.objects.filter(person=person, ends_at__gt=inputs.starts_at).values_list("starts_at", "ends_at")
    if overlapping([*known, (inputs.starts_at, inputs.ends_at)]):
        raise Invalid.field("starts_at", _("%(name)s is away then already.") % {"name": person.name})


def call_off(actor: Actor, absence_id: int, *, now: datetime | None = None) -> None:
    """Take back an absence that has not begun, or end one that runs. Raises NotFound, Forbidden, Invalid (over)."""
    moment = now or datetime.now(UTC)
    with transaction.atomic():
        found = Absence.objects.select_for_update(of=("self",)).select_related("person").filter(pk=absence_id).first()
        near = places.surroundings(actor)
        if found is None or (near is not None and found.person.organisation_id not in near):
            raise NotFound(_("There is no such absence, or it is not yours to see."))
        if not (may := can_arrange(actor, found.person_id, found.person.organisation_id)):
            raise Forbidden(may.reason)
        if found.ends_at <= moment:
            raise Invalid(_("This absence is over already."))
        said = {"person": found.person.email, "starts_at": found.starts_at.isoformat()}
        verb = "end" if found.starts_at < moment else "delete"
        if verb == "end":
            found.ends_at = moment
            found.save(update_fields=["ends_at"])
        else:
            found.delete()
        current = subjects.version_of(SUBJECT, absence_id)
        subjects.note(verb, actor, SUBJECT, absence_id, found.person.organisation_id, version=current + 1, data=said)
