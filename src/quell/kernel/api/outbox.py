"""The outbox for programs: what a caller has let go of and that has not gone out yet."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import AwareDatetime, BaseModel, Field

from quell.kernel.actions import outbox as verbs
from quell.kernel.actions.registry import Inputs, NoInputs
from quell.kernel.config.refusal import Invalid, NotFound
from quell.kernel.records import outbox

from .answers import answer
from .authentication import actor_of
from .idempotency import once
from .openapi import repeatable

router = Router(tags=["Outbox"])


class Message(BaseModel):
    """A public reply on its way. `state` is waiting, held (then `held_because` says why), sent or undone."""

    id: int
    number: str
    author: str
    body: str
    then: str | None
    due_at: datetime
    scheduled: bool
    state: str
    held_code: str | None
    held_because: str | None
    files: list[str]
    created_at: datetime
    settled_at: datetime | None


class Messages(BaseModel):
    """Messages, by when they will go out."""

    items: list[Message]


class Change(Inputs):
    """Other words, or another time. `if_last_seen` is the newest line of the timeline the author has read."""

    body: str | None = Field(None, min_length=1, max_length=verbs.LONGEST)
    send_at: AwareDatetime | None = None
    if_last_seen: Annotated[int, Field(ge=0, le=2**62, strict=True)] | None = None


class Now(Inputs):
    """`anyway` sends although somebody else has written since."""

    anyway: bool = Field(False, strict=True)


def shown(message: outbox.Message) -> dict[str, Any]:
    """A message as the API shows it."""
    return {
        "id": message.id,
        "number": message.number,
        "author": message.author,
        "body": message.body,
        "then": message.then or None,
        "due_at": message.due_at,
        "scheduled": message.scheduled,
        "state": message.state,
        "held_code": message.held_code or None,
        "held_because": message.held_because or None,
        "files": list(message.files),
        "created_at": message.created_at,
        "settled_at": message.settled_at,
    }


def _one(request: HttpRequest, message_id: int) -> HttpResponse:
    found = outbox.one(actor_of(request), message_id)
    if found is None:
        raise NotFound(_("There is no such message here, or it is not yours to see."))
    return answer(shown(found))


@router.get("/outbox", response=Messages, summary="List what I have waiting", operation_id="listOutbox")
def listing(request: HttpRequest) -> HttpResponse:
    """The caller's own messages that wait or are held, the next to go first; at most a hundred."""
    person_id = actor_of(request).person_id
    return answer({"items": [shown(one) for one in outbox.of_author(person_id)] if person_id else []})


@router.get(
    "/outbox/{int:message_id}", response=Message, summary="Read a message of an outbox", operation_id="readMessage"
)
def read(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message, whatever became of it; kept for thirty days after it was sent or undone."""
    return _one(request, message_id)


@router.post(
    "/outbox/{int:message_id}/change", response=Message, summary="Change a message", operation_id="changeMessage"
)
def change(request: HttpRequest, message_id: int, body: Change) -> HttpResponse:
    """Change text or time while it has not gone out; what was held waits again. Only for its author."""
    if not body.model_fields_set:
        raise Invalid(_("Say what to change."))
    verbs.change(actor_of(request), message_id, body=body.body, send_at=body.send_at, last_seen=body.if_last_seen)
    return _one(request, message_id)


@router.post(
    "/outbox/{int:message_id}/undo", response=Message, summary="Take a message back", operation_id="undoMessage"
)
@repeatable
def undo(request: HttpRequest, message_id: int, body: NoInputs) -> HttpResponse:
    """It does not go out; its text lies in its author's draft again. For its author, and for leads."""

    def act() -> HttpResponse:
        verbs.take_back(actor_of(request), message_id)
        return _one(request, message_id)

    return once(request, act)


@router.post(
    "/outbox/{int:message_id}/send", response=Message, summary="Send a message now", operation_id="sendMessage"
)
@repeatable
def send(request: HttpRequest, message_id: int, body: Now) -> HttpResponse:
    """Do not wait any longer; 409 `newer_message` when somebody else has written since. Only for its author."""

    def act() -> HttpResponse:
        verbs.send_now(actor_of(request), message_id, anyway=body.anyway)
        return _one(request, message_id)

    return once(request, act)
