"""What all verbs of an incident share: the locked row, the tracked fields, the first touch of a human."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.access.verdict import Verdict
from quell.kernel.actions.registry import Alongside, Context, Inputs, NoInputs, action
from quell.kernel.records.models import Record, StateCategory

from ..models import Incident
from ..permissions import works_on
from ..rules.lifecycle import ASSIGNED, INCIDENT, NEW
from .hands import with_hands

TRACKED = (
    "impact",
    "urgency",
    "priority_source",
    "priority_note",
    "matrix_id",
    "category_id",
    "affected_users",
    "hold_reason",
    "resume_at",
    "resolution_code",
    "resolution",
    "cause_code",
    "close_due_at",
    "transfer_count",
    "reopen_count",
    "escalation_level",
    "major",
    "routing_dispute",
)


def locked(record_id: int) -> Incident:
    """The incident's own row, locked after its record."""
    return Incident.objects.select_for_update().get(record_id=record_id)


def incident_action(
    verb: str,
    *,
    allowed: Callable[[Actor, Record], Verdict],
    inputs: type[Inputs] = NoInputs,
    public: bool = False,
    moves: bool = True,
    alongside: Alongside | None = None,
) -> Callable[[Callable[[Context], None]], Callable[[Context], None]]:
    """Register a verb of an incident; what follows from work changing hands is added to each (`hands`)."""
    enter = action(
        f"incidents.{verb}",
        allowed=allowed,
        detail=locked,
        inputs=inputs,
        lifecycle=INCIDENT if moves else None,
        public=public,
        tracked=TRACKED,
        moves=moves,
        alongside=alongside,
    )
    return lambda work: enter(with_hands(work))


def move_to(context: Context, state: str) -> None:
    """Put the record in a state as a consequence of a verb that is not itself a transition."""
    context.record.state = state
    context.record.state_category = StateCategory(INCIDENT.category(state))


def touch(context: Context) -> None:
    """The first human touch: whoever of the desk first takes a contact owns it to the end (domain.md 4.1)."""
    record, actor = context.record, context.actor
    if record.owner_id is None and actor.person_id is not None and works_on(actor, record):
        record.owner_id = actor.person_id


def begin_work(context: Context) -> None:
    """Work has begun: somebody has it in hand, and the first human response is recorded (domain.md 4.2)."""
    record, actor = context.record, context.actor
    touch(context)
    if record.assignee_id is None and actor.person_id is not None and works_on(actor, record):
        record.assignee_id = actor.person_id
    respond(context)


def respond(context: Context) -> None:
    """Record the first human response, once."""
    if context.record.responded_at is None and not context.actor.is_house:
        context.record.responded_at = context.now


def leave_hold(context: Context) -> None:
    """Forget why and until when the incident was on hold."""
    context.detail.hold_reason = ""
    context.detail.resume_at = None


def waits_for_hands(record: Any) -> bool:
    """New, or assigned but not begun."""
    return record.state in (NEW, ASSIGNED)
