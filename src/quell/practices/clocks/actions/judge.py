"""What people say of a broken promise: why it was broken, and whether attainment counts it (domain.md 4.9, 5.8).

Judging moves no clock: what was counted stays as it was, and the judgement stands beside it with who made it. The
line of history keeps what stood there before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.engines.clock.state import STOPPED
from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.actions.run import publish
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, WrongState
from quell.kernel.journal.write import write
from quell.kernel.records.models import Record
from quell.kernel.records.visibility import sees_internal

from ..models import Clock
from ..permissions import can_judge
from ..rules.causes import CAUSES

VERB = "judge_clock"


class Judgement(Inputs):
    """Why it was broken, or why attainment leaves it out; an empty text takes back what was said before."""

    breach_cause: Literal[CAUSES] | Literal[""] | None = Field(None, description="What the breach came from.")  # type: ignore[valid-type]
    excluded_because: str | None = Field(
        None, max_length=500, description="Why attainment does not count it; empty: it counts again."
    )


def judge(
    actor: Actor, number: str, clock_id: int, data: Mapping[str, Any] | BaseModel, *, now: datetime | None = None
) -> None:
    """Judge one clock of a record. Only what is given changes. Raises NotFound, Forbidden, Invalid, WrongState."""
    inputs, moment = parse(Judgement, data), now or datetime.now(UTC)
    given = {name: getattr(inputs, name) for name in inputs.model_fields_set if getattr(inputs, name) is not None}
    if not given:
        raise Invalid(_("Say what to change."))
    if "excluded_because" in given:
        given["excluded_because"] = given["excluded_because"].strip()
    with transaction.atomic():
        record = Record.objects.select_for_update(of=("self",)).filter(number=number.strip().upper()).first()
        if record is None or not sees_internal(actor, record):
            raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
        clock = Clock.objects.select_for_update(of=("self",)).filter(pk=clock_id, record=record).first()
        if clock is None:
            raise NotFound(_("%(number)s has no such clock.") % {"number": record.number})
        if not (may := can_judge(actor, record)):
            raise Forbidden(may.reason)
        if not _broken(clock, moment):
            raise WrongState(_("Only a promise that was broken is judged."))
        changes = {name: [getattr(clock, name), said] for name, said in given.items() if getattr(clock, name) != said}
        if not changes:
            return
        for name, (_before, said) in changes.items():
            setattr(clock, name, said)
        clock.judged_by_id, clock.judged_at = actor.person_id, moment
        clock.save(update_fields=[*changes, "judged_by", "judged_at"])
        entry = write(
            VERB,
            actor,
            moment,
            record_id=record.pk,
            organisation_id=record.organisation_id,
            data={
                "clock": clock.pk,
                "kind": clock.kind,
                "metric": clock.metric,
                "number": clock.number,
                "set": changes,
            },
            version=record.version,
        )
        publish(record, entry)


def _broken(clock: Clock, now: datetime) -> bool:
    if clock.outcome == "breached":
        return True
    return clock.state != STOPPED and clock.breaches_at is not None and clock.breaches_at < now
