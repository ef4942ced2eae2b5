"""The answer to a hand-over: taking it, or giving it back with a reason (domain.md 4.1)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.directory.inputs import Flag
from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Forbidden, WrongState

from ..models import Escalation, Handover
from ..permissions import can_receive
from ..rules.handover import is_quick
from ..rules.lifecycle import ASSIGNED, ON_HOLD
from .escalate import end, standing
from .frame import incident_action, move_to
from .hands import meant_for, settle


class Accept(Inputs):
    """With `own`, the receiver also answers for it to the end: the owner changes by explicit acceptance alone."""

    own: Flag = False


class Return(Inputs):
    """Why it comes back."""

    reason: str = Field(min_length=1, max_length=2000)


@incident_action("accept", allowed=can_receive, inputs=Accept, moves=False)
def accept(context: Context) -> None:
    """Accept what was handed over: it is in good hands."""
    record, actor = context.record, context.actor
    handover = _pending(context)
    if record.assignee_id is None:
        record.assignee_id = actor.person_id
    if context.inputs.own:
        record.owner_id = actor.person_id
    context.data["handover"] = handover.pk
    settle(context, handover, Handover.State.ACCEPTED)


@incident_action("return", allowed=can_receive, inputs=Return, moves=False)
def give_back(context: Context) -> None:
    """Return what was handed over, with a reason."""
    record, detail = context.record, context.detail
    handover = _pending(context)
    escalation = standing(handover)
    if escalation is not None:
        end(context, escalation, Escalation.Ending.RETURNED)
    elif record.team_id != handover.from_team_id:
        detail.transfer_count += 1
    record.team_id, record.assignee_id = handover.from_team_id, handover.from_person_id
    if record.team_id is None and record.assignee_id is None:
        record.assignee_id = handover.by_id  # it came from the common queue: whoever sent it has it again
    if record.state != ON_HOLD:
        move_to(context, ASSIGNED)
    quick = is_quick(handover.at, context.now)
    context.data |= {"reason": context.inputs.reason, "handover": handover.pk, "quick": quick}
    settle(context, handover, Handover.State.RETURNED, return_reason=context.inputs.reason, quick=quick)


def _pending(context: Context) -> Handover:
    """The hand-over that waits for this actor's answer."""
    if context.detail.handover_id is None:
        raise WrongState(_("Nothing has been handed over that waits for an answer."))
    handover = Handover.objects.select_for_update().get(pk=context.detail.handover_id)
    if not meant_for(handover, context):
        raise Forbidden(_("The answer is for those to whom it was handed over."))
    return handover
