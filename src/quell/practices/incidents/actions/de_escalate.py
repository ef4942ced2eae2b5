"""Taking an escalation back: to the level, the team and the person it came from, with a reason (domain.md 4.2)."""

from __future__ import annotations

from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.people.models import Person

from ..models import Escalation, Handover
from ..permissions import can_de_escalate
from ..rules.lifecycle import ASSIGNED, ON_HOLD
from .escalate import FUNCTIONAL, end
from .frame import incident_action, move_to
from .hands import settle


class DeEscalate(Inputs):
    """Why it is not needed any more."""

    reason: str = Field(min_length=1, max_length=2000)


@incident_action("de_escalate", allowed=can_de_escalate, inputs=DeEscalate, moves=False)
def de_escalate(context: Context) -> None:
    """Take the last escalation back, with a reason."""
    detail = context.detail
    context.data["reason"] = context.inputs.reason
    escalation = (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("handover")
        .filter(record=context.record, ended_at=None)
        .order_by("id")
        .last()
    )
    if escalation is None:  # escalated before escalations were kept one by one
        detail.escalation_level -= 1
    else:
        end(context, escalation, Escalation.Ending.TAKEN_BACK)
        context.data |= {"kind": escalation.kind, "people": escalation.people}
        if escalation.kind == FUNCTIONAL and escalation.handover is not None:
            _back(context, escalation.handover)
    context.data["level"] = detail.escalation_level


def _back(context: Context, handover: Handover) -> None:
    """The work goes to those who had it before; a person who has left is not given it again."""
    record = context.record
    if context.detail.handover_id is not None:
        pending = Handover.objects.select_for_update().get(pk=context.detail.handover_id)
        settle(context, pending, Handover.State.LAPSED)
    person = Person.objects.filter(pk=handover.from_person_id or 0, is_active=True).first()
    record.team_id = handover.from_team_id
    record.assignee_id = person.pk if person else None
    if record.team_id is None and record.assignee_id is None:
        record.assignee_id = handover.by_id  # it came from the common queue: whoever sent it has it again
    if record.state != ON_HOLD:
        move_to(context, ASSIGNED)
