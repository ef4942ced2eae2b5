"""Reminders and snoozing for programs: always one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created, seeks
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable

from .. import facade
from ..actions.reminder import Later, Remind

router = Router(tags=["Reminders"])
LIST = "reminders"


class Reminder(BaseModel):
    """To hear of a record again at `due_at`, or when its requester answers. `due` says that it has come; `woken_by` is
    time or answer then."""

    id: int
    number: str
    title: str
    text: str
    due_at: datetime
    snooze: bool
    until_answer: bool
    due: bool
    woken_by: str | None
    created_at: datetime
    done_at: datetime | None
    url: str


class Reminders(BaseModel):
    """What is still to follow up, the longest due first; at most two hundred."""

    items: list[Reminder]


def _shown(row: facade.Follow) -> dict[str, Any]:
    names = ("id", "number", "title", "text", "due_at", "snooze", "until_answer", "due", "created_at", "done_at")
    return {name: getattr(row, name) for name in names} | {
        "woken_by": row.woken_by or None,
        "url": address(LIST, row.id),
    }


def _one(request: HttpRequest, reminder_id: int) -> HttpResponse:
    return answer(_shown(facade.reminder_by_id(actor_of(request), reminder_id)))


@router.post("/reminders", response={201: Reminder}, summary="Remind me of a record", operation_id="createReminder")
@repeatable
@seeks
def create(request: HttpRequest, body: Remind) -> HttpResponse:
    """At a time, when the requester answers, or whichever is first. `snooze` hides the record from the caller's own
    lists until then."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = _shown(facade.reminder_by_id(actor, facade.remind(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get("/reminders", response=Reminders, summary="List my reminders", operation_id="listReminders")
def listing(request: HttpRequest) -> HttpResponse:
    """What the caller still has to follow up."""
    return answer({"items": [_shown(row) for row in facade.follow_ups(actor_of(request))]})


@router.get("/reminders/{int:reminder_id}", response=Reminder, summary="Read a reminder", operation_id="readReminder")
def read(request: HttpRequest, reminder_id: int) -> HttpResponse:
    """One of the caller's own."""
    return _one(request, reminder_id)


@router.post(
    "/reminders/{int:reminder_id}/put-off",
    response=Reminder,
    summary="Put a reminder off",
    operation_id="putReminderOff",
)
def edit(request: HttpRequest, reminder_id: int, body: Later) -> HttpResponse:
    """Another time, or other words."""
    facade.put_off_reminder(actor_of(request), reminder_id, body)
    return _one(request, reminder_id)


@router.post(
    "/reminders/{int:reminder_id}/done",
    response=Reminder,
    summary="Be done with a reminder",
    operation_id="doneReminder",
)
def done(request: HttpRequest, reminder_id: int, body: NoInputs) -> HttpResponse:
    """A snoozed record is back at once."""
    facade.finish_reminder(actor_of(request), reminder_id)
    return _one(request, reminder_id)


@router.post(
    "/reminders/{int:reminder_id}/reopen", response=Reminder, summary="Undo being done with a reminder",
    operation_id="reopenReminder",
)  # fmt: skip
def reopen(request: HttpRequest, reminder_id: int, body: NoInputs) -> HttpResponse:
    """It stands in the list again."""
    facade.bring_back_reminder(actor_of(request), reminder_id)
    return _one(request, reminder_id)
