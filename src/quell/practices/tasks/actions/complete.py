"""Ending a task, by doing it or by saying why not; and taking that back."""

from __future__ import annotations

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import WrongState

from ..models import ChecklistLine
from .frame import must_be_open, task_action, tell_parent


class Skip(Inputs):
    """Why it was not needed."""

    reason: str = Field(min_length=1, max_length=5000)


@task_action("complete")
def complete(context: Context) -> None:
    """It is done."""
    record = context.record
    missing = ChecklistLine.objects.filter(record=record, required=True, ticked_at=None, removed_at=None)
    if texts := list(missing.order_by("position").values_list("text", flat=True)[:5]):
        raise WrongState(_("Tick these first: %(lines)s.") % {"lines": "; ".join(texts)})
    if record.assignee_id is None:
        record.assignee_id = context.actor.person_id
    record.resolved_at = record.closed_at = context.now
    tell_parent(context, "complete_task")


@task_action("skip", inputs=Skip)
def skip(context: Context) -> None:
    """It is not needed, with the reason."""
    context.detail.skip_reason = context.inputs.reason
    context.record.closed_at = context.now
    context.data["reason"] = context.inputs.reason
    context.index_internal.append(context.inputs.reason)
    tell_parent(context, "skip_task")


@task_action("reopen")
def reopen(context: Context) -> None:
    """It is not done after all."""
    must_be_open(context)
    context.detail.skip_reason = ""
    context.record.resolved_at = context.record.closed_at = None
    tell_parent(context, "reopen_task")
