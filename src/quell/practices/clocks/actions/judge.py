"""What people say of a broken promise: why it was broken, and whether attainment counts it (domain.md 4.9, 5.8).

Judging moves no clock: what was counted stays as it was, and the judgement stands beside it with who made it. The
line of history keeps what stood there before. Leaving it out is proposed here, and decided about in `excluding`.
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
from quell.kernel.config.refusal import Forbidden, Invalid, WrongState
from quell.kernel.journal.write import write
from quell.kernel.records.models import Record

from ..models import Clock
from ..permissions import can_judge
from ..rules.causes import CAUSES
from . import excluding, judging
from .judging import VERB


class Judgement(Inputs):
    """Why it was broken, or why attainment should leave it out; an empty text takes back what was said before."""

    breach_cause: Literal[CAUSES] | Literal[""] | None = Field(None, description="What the breach came from.")  # type: ignore[valid-type]
    excluded_because: str | None = Field(
        None,
        max_length=500,
        description="Proposes that attainment leaves it out, for this reason; empty: it counts again.",
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
        record, clock = judging.locked(actor, number, clock_id)
        if not (may := can_judge(actor, record)):
            raise Forbidden(may.reason)
        if not _broken(clock, moment):
            raise WrongState(_("Only a promise that was broken is judged."))
        cause = given.get("breach_cause", clock.breach_cause)
        if cause != clock.breach_cause:
            _code(actor, record, clock, cause, moment)
        because = given.get("excluded_because")
        if because:
            excluding.propose(actor, record, clock, because, moment)
        elif because is not None:
            excluding.take_back(actor, record, clock, moment)


def _code(actor: Actor, record: Record, clock: Clock, cause: str, now: datetime) -> None:
    """Say what broke it."""
    changes = {"breach_cause": [clock.breach_cause, cause]}
    clock.breach_cause, clock.judged_by_id, clock.judged_at = cause, actor.person_id, now
    clock.save(update_fields=["breach_cause", "judged_by", "judged_at"])
    which = {"clock": clock.pk, "kind": clock.kind, "metric": clock.metric, "number": clock.number, "set": changes}
    entry = write(
        VERB,
        actor,
        now,
        record_id=record.pk,
        organisation_id=record.organisation_id,
        data=which,
        version=record.version,
    )
    publish(record, entry)


def _broken(clock: Clock, now: datetime) -> bool:
    if clock.outcome == "breached":
        return True
    return clock.state != STOPPED and clock.breaches_at is not None and clock.breaches_at < now
