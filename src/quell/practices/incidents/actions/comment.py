"""Saying something: a public reply or an internal note. Two verbs underneath, never one text in both."""

from __future__ import annotations

from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Forbidden, Invalid, WrongState
from quell.kernel.records import mentions, outbox
from quell.kernel.records.models import Attachment, Note, Record, Reply
from quell.kernel.records.visibility import sees_internal

from ..permissions import can_comment, can_reply, works_on
from ..rules.lifecycle import ASSIGNED, IN_PROGRESS, NEW, ON_HOLD
from .frame import incident_action, leave_hold, move_to, respond, touch


class Comment(Inputs):
    """The text, and for whom. There is no default: who writes says whether the requester reads it."""

    body: str = Field(min_length=1, max_length=100_000)
    visibility: Literal["public", "internal"]
    attachments: list[int] = Field(default_factory=list, max_length=20)
    if_last_seen: Annotated[int, Field(ge=0, le=2**62, strict=True)] | None = Field(
        None,
        description="The id of the newest line of the timeline that the writer has read. A public reply is refused "
        "(409, `newer_message`) when somebody else has said something public since.",
    )


@incident_action("comment", allowed=can_comment, inputs=Comment, moves=False)
def comment(context: Context) -> None:
    """Write a public reply to the requester, or an internal note for colleagues."""
    if context.inputs.visibility == "internal":
        _note(context)
    else:
        _reply(context)


def _note(context: Context) -> None:
    inputs, record, actor = context.inputs, context.record, context.actor
    if not (works_on(actor, record) and sees_internal(actor, record)):
        raise Forbidden(_("Internal notes are for those who work on the incident."))
    note = Note.objects.create(
        record=record, author_id=actor.person_id, body=inputs.body, channel=actor.channel, created_at=context.now
    )
    _hang(context, note=note)
    context.entry_verb, context.public = "note", False
    context.data["note"] = note.pk
    _call(context, internal=True)
    context.index_internal.append(inputs.body)
    touch(context)


def _reply(context: Context) -> None:
    inputs, record, actor = context.inputs, context.record, context.actor
    if not (open_ := can_reply(record)):
        raise WrongState(open_.reason)
    if inputs.if_last_seen is not None:
        newer = outbox.newer(record.pk, actor.person_id or 0, inputs.if_last_seen)
        if newer is not None:
            sentence = _("%(name)s has written meanwhile. Read it, then send or change yours.") % {"name": newer[2]}
            raise WrongState(sentence, code="newer_message")
    reply = Reply.objects.create(
        record=record, author_id=actor.person_id, body=inputs.body, channel=actor.channel, created_at=context.now
    )
    _hang(context, reply=reply)
    context.entry_verb, context.public = "reply", True
    context.data["reply"] = reply.pk
    _call(context, internal=False)
    context.index_public.append(inputs.body)
    if _speaks_for_the_desk(actor, record):
        _desk_spoke(context)
    elif record.state == ON_HOLD and context.detail.hold_reason == "requester":
        # What it waited for has come: the requester answered (domain.md 4.2).
        leave_hold(context)
        move_to(context, IN_PROGRESS)


def _call(context: Context, *, internal: bool) -> None:
    """Whoever is called by name and may read it hears of it. Requesters call nobody: they write to the desk."""
    if works_on(context.actor, context.record):
        people = mentions.called(context.record, context.inputs.body, internal=internal)
        if people:
            context.data["mentioned"] = people


def _speaks_for_the_desk(actor: Actor, record: Record) -> bool:
    return works_on(actor, record) and actor.person_id != record.requester_id


def _desk_spoke(context: Context) -> None:
    """The first human answer is the response; with somebody in charge, work has begun."""
    record = context.record
    touch(context)
    respond(context)
    if record.state in (NEW, ASSIGNED) and record.assignee_id is not None:
        move_to(context, IN_PROGRESS)


def _hang(context: Context, *, reply: Reply | None = None, note: Note | None = None) -> None:
    """Attach files the writer uploaded to this record before, and that hang nowhere yet."""
    wanted = context.inputs.attachments
    if not wanted:
        return
    free = Attachment.objects.filter(
        pk__in=wanted, record=context.record, uploaded_by_id=context.actor.person_id, reply=None, note=None
    )
    if free.count() != len(set(wanted)):
        raise Invalid.field("attachments", _("One of these files is not there any more. Add it again."))
    free.update(reply=reply, note=note, public=note is None)
