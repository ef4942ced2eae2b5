"""One's own inbox, and how one wants to hear of things. Nobody reads another's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import notices
from quell.kernel.actions.registry import NoInputs
from quell.kernel.config.refusal import Forbidden, NotFound
from quell.kernel.notify import inbox
from quell.kernel.notify.preferences import Wishes

from .answers import address, answer
from .authentication import actor_of
from .openapi import versioned
from .pagination import Cursor, Limit, read_cursor, write_cursor
from .versions import expected, with_version

router = Router(tags=["Inbox"])
LIST = "inbox"
#: Ids of the database end here.
LARGEST = 2**63 - 1
OwnBody = with_version(notices.NoticeWishes, "EditNotifications")
TheirBody = with_version(notices.NoticeWishes, "EditOrganisationNotifications")
Shelf = Annotated[
    Literal[inbox.SHELVES],  # type: ignore[valid-type]
    Field(description="What is left to look at, what of it is new, what comes back later, or what is done."),
]


class Line(BaseModel):
    """One line: what happened, to which record, and why it concerns the caller."""

    id: int
    url: str
    record: str
    kind: str
    sentence: str
    reason: str
    at: datetime
    unread: bool
    done: bool
    snoozed_until: datetime | None


class LinePage(BaseModel):
    """Some lines, newest first, and where the next begin."""

    items: list[Line]
    next_cursor: str | None


class Marked(BaseModel):
    """How many lines it was done to."""

    count: int


class NoticeRules(BaseModel):
    """The channel of every reason (none, inbox, digest, email), which of them are one's own choice, quiet hours and
    the time of the daily mail."""

    reasons: dict[str, str]
    own: dict[str, str]
    quiet_from: str
    quiet_to: str
    digest_at: str
    version: int


def _shown(line: inbox.Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "url": address(LIST, line.id),
        "record": line.number,
        "kind": line.kind,
        "sentence": line.sentence,
        "reason": line.reason,
        "at": line.at,
        "unread": line.unread,
        "done": line.done,
        "snoozed_until": line.snoozed_until,
    }


@router.get("/inbox", response=LinePage, summary="Read one's inbox", operation_id="listInbox")
def listing(request: HttpRequest, shelf: Shelf = "open", limit: Limit = 50, cursor: Cursor = None) -> HttpResponse:
    """Lines of the caller's own inbox, newest first."""
    key = read_cursor(LIST, cursor)
    before = int(key) if key is not None and key.isdigit() and len(key) < 19 else None
    found, following = inbox.page(actor_of(request).person_id or 0, shelf=shelf, before=before, limit=limit)
    next_cursor = write_cursor(LIST, str(following)) if following is not None else None
    return answer({"items": [_shown(line) for line in found], "next_cursor": next_cursor})


@router.get("/inbox/{line_id}", response=Line, summary="Read a line", operation_id="readInboxLine")
def read(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line of the caller's own inbox."""
    found = inbox.line(actor_of(request).person_id or 0, line_id) if 0 <= line_id <= LARGEST else None
    if found is None:
        raise NotFound(_("There is no such line in your inbox."))
    return answer(_shown(found))


@router.post("/inbox/{line_id}/read", response=Line, summary="Mark as read", operation_id="markInboxLineRead")
def mark_read(request: HttpRequest, line_id: int, body: NoInputs) -> HttpResponse:
    """The line has been seen."""
    return _one(request, line_id, lambda actor: inbox.mark_read(actor.person_id or 0, line_id))


@router.post("/inbox/{line_id}/done", response=Line, summary="Put a line away", operation_id="markInboxLineDone")
def mark_done(request: HttpRequest, line_id: int, body: NoInputs) -> HttpResponse:
    """It leaves the inbox and is found among what is done."""
    return _one(request, line_id, lambda actor: inbox.mark_done(actor.person_id or 0, line_id))


@router.post("/inbox/{line_id}/restore", response=Line, summary="Bring a line back", operation_id="restoreInboxLine")
def restore(request: HttpRequest, line_id: int, body: NoInputs) -> HttpResponse:
    """What was put away or snoozed stands in the inbox again."""
    return _one(request, line_id, lambda actor: inbox.bring_back(actor.person_id or 0, line_id))


@router.post("/inbox/{line_id}/snooze", response=Line, summary="Snooze a line", operation_id="snoozeInboxLine")
def snooze(request: HttpRequest, line_id: int, body: notices.Snooze) -> HttpResponse:
    """It comes back as new at that time."""
    return _one(request, line_id, lambda actor: notices.snooze(actor, line_id, body))


def _one(request: HttpRequest, line_id: int, act: Callable[[Actor], object]) -> HttpResponse:
    answer_first = read(request, line_id)  # 404 for what is not the caller's
    _may_write(actor_of(request))
    act(actor_of(request))
    return read(request, line_id) if answer_first.status_code == 200 else answer_first


@router.post("/inbox/done", response=Marked, summary="Put everything away", operation_id="markInboxDone")
def all_done(request: HttpRequest, body: NoInputs) -> HttpResponse:
    """Empties the inbox; everything is found among what is done."""
    _may_write(actor_of(request))
    return answer({"count": inbox.mark_done(actor_of(request).person_id or 0)})


def _may_write(actor: Actor) -> None:
    if actor.read_only:
        raise Forbidden(_("This token may only read."))


@router.get(
    "/me/notifications", response=NoticeRules, summary="How one hears of things", operation_id="readNotifications"
)
def wishes(request: HttpRequest) -> HttpResponse:
    """What holds for the caller."""
    return answer(_rules(*notices.own_wishes(actor_of(request))))


@router.patch(
    "/me/notifications", response=NoticeRules, summary="Choose how one hears of things",
    operation_id="editNotifications",
)  # fmt: skip
@versioned
def change(request: HttpRequest, body: OwnBody) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; a reason set to `default` follows the organisation again."""
    data, version = expected(request, body)
    notices.change_own(actor_of(request), data, version=version)
    return wishes(request)


@router.get(
    "/organisations/{code}/notifications", response=NoticeRules, summary="How an organisation's people hear of things",
    operation_id="readOrganisationNotifications",
)  # fmt: skip
def of_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """What holds there unless a person chooses otherwise; for its administrators."""
    return answer(_rules(*notices.wishes_of_organisation(actor_of(request), code)))


@router.patch(
    "/organisations/{code}/notifications", response=NoticeRules,
    summary="Choose how an organisation's people hear of things", operation_id="editOrganisationNotifications",
)  # fmt: skip
@versioned
def change_of_organisation(request: HttpRequest, code: str, body: TheirBody) -> HttpResponse:  # type: ignore[valid-type]
    """Channels by reason, for the organisation and all below it."""
    data, version = expected(request, body)
    notices.change_of_organisation(actor_of(request), code, data, version=version)
    return of_organisation(request, code)


def _rules(holds: Wishes, own: Any, version: int) -> dict[str, Any]:
    return {
        "version": version,
        "reasons": dict(holds.channels),
        "own": dict(own),
        "quiet_from": holds.quiet_from,
        "quiet_to": holds.quiet_to,
        "digest_at": holds.digest_at,
    }
