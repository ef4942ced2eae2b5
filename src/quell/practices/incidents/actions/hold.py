"""Waiting for something, and going on."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Invalid
from quell.kernel.records.models import Note
from quell.practices.tasks import facade as tasks

from ..permissions import can_work
from ..rules.codes import HOLD_REASONS
from ..settings import FOLLOW_UP_DAYS
from .frame import begin_work, incident_action, leave_hold, waits_for_hands
from .moments import Moment

#: Further away than this, a follow-up is a slip of the keyboard.
FARTHEST = timedelta(days=3 * 366)


class Hold(Inputs):
    """What it waits for, until when, and a note for the colleagues."""

    hold_reason: Literal[HOLD_REASONS]  # type: ignore[valid-type]
    resume_at: Moment | None = None
    note: str = Field("", max_length=20_000)


@incident_action("hold", allowed=can_work, inputs=Hold, public=True)
def hold(context: Context) -> None:
    """Put on hold: it waits for somebody or something, until a day."""
    inputs, detail = context.inputs, context.detail
    resume_at = inputs.resume_at or context.now + timedelta(days=FOLLOW_UP_DAYS.get(context.record.organisation_id))
    if resume_at <= context.now:
        raise Invalid.field("resume_at", _("This time has passed."))
    if resume_at > context.now + FARTHEST:
        raise Invalid.field("resume_at", _("This time is too far away."))
    if inputs.hold_reason == "task" and not tasks.any_open(context.record.pk):
        raise Invalid.field("hold_reason", _("There is no open task to wait for."))
    begin_work(context)
    detail.hold_reason, detail.resume_at = inputs.hold_reason, resume_at
    if inputs.note:
        note = Note.objects.create(
            record=context.record,
            author_id=context.actor.person_id,
            body=inputs.note,
            channel=context.actor.channel,
            created_at=context.now,
        )
        context.data["note"] = note.pk
        context.index_internal.append(inputs.note)


@incident_action("resume", allowed=can_work, public=True)
def resume(context: Context) -> None:
    """Go on: what it waited for is there, or the day has come."""
    leave_hold(context)
    if context.record.assignee_id is None and not waits_for_hands(context.record):
        begin_work(context)
