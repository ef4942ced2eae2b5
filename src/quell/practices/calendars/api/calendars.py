"""The calendars' addresses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Active, Cursor, Limit, Words, page, read_cursor
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions.inputs import CalendarChange, NewCalendar, Question
from . import schemas, showing

router = Router(tags=["Calendars"])
VERSIONS = "calendar-versions"
Change = with_version(CalendarChange, "EditCalendar")
Nothing = with_version(NoInputs, "ChangeNothingElse")


@router.post("/calendars", response={201: schemas.Calendar}, summary="Make a calendar", operation_id="createCalendar")
@repeatable
def create(request: HttpRequest, body: NewCalendar) -> HttpResponse:
    """A calendar of weekly hours, or one made of others; for administrators of its organisation."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = showing.calendar(facade.calendar(actor, facade.create(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get("/calendars", response=schemas.CalendarPage, summary="List calendars", operation_id="listCalendars")
def listing(
    request: HttpRequest,
    q: Words = "",
    organisation: str | None = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """Calendars of the caller's organisations and of those above, by code."""
    asked = facade.Asked(q, active, organisation, limit, read_cursor(showing.CALENDARS, cursor))
    rows = facade.calendars(actor_of(request), asked)
    return page(showing.CALENDARS, rows, limit, "code", showing.calendar)


@router.get("/calendars/{code}", response=schemas.Calendar, summary="Read a calendar", operation_id="readCalendar")
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One calendar and what it says now."""
    return answer(showing.calendar(facade.calendar(actor_of(request), code)))


@router.patch("/calendars/{code}", response=schemas.Calendar, summary="Change a calendar", operation_id="editCalendar")
@versioned
def edit(request: HttpRequest, code: str, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; what the calendar says becomes a new version, and open promises follow. Needs a
    `reason` when open promises hang on it."""
    data, version = expected(request, body)
    facade.edit(actor_of(request), code, data, version=version)
    return read(request, code)


@router.post(
    "/calendars/{code}/preview",
    response=schemas.Consequences,
    summary="See what a change of a calendar would do",
    operation_id="previewCalendar",
)
def preview(request: HttpRequest, code: str, body: CalendarChange) -> HttpResponse:
    """The same fields as a change; nothing is kept."""
    data = body.model_dump(exclude_unset=True)
    return answer(showing.consequences(facade.preview(actor_of(request), code, data)))


@router.post(
    "/calendars/{code}/eval", response=schemas.Answer, summary="Ask a calendar", operation_id="evaluateCalendar"
)
def evaluate(request: HttpRequest, code: str, body: Question) -> HttpResponse:
    """When is so much working time over, or how much of the time was worked? As `quell calendar eval`."""
    data = body.model_dump(exclude_unset=True)
    return answer(facade.answer(actor_of(request), code, data))


@router.get(
    "/calendars/{code}/versions",
    response=schemas.VersionPage,
    summary="Read what a calendar said when",
    operation_id="listCalendarVersions",
)
def versions(request: HttpRequest, code: str, limit: Limit = 50, cursor: Cursor = None) -> HttpResponse:
    """Every version with who made it and why, newest first."""
    after = read_cursor(VERSIONS, cursor)
    before = int(after) if after and after.isascii() and after.isdigit() and len(after) < 19 else None
    rows: list[dict[str, Any]] = facade.versions(actor_of(request), code, before=before, limit=limit)
    return page(VERSIONS, rows, limit, "revision", showing.version)


@router.post(
    "/calendars/{code}/deactivate",
    response=schemas.Calendar,
    summary="Take a calendar out of use",
    operation_id="deactivateCalendar",
)
@versioned
def deactivate(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Nothing new can name it; what counts by it goes on."""
    facade.set_active(actor_of(request), code, False, version=expected(request, body)[1])
    return read(request, code)


@router.post(
    "/calendars/{code}/activate",
    response=schemas.Calendar,
    summary="Take a calendar into use again",
    operation_id="activateCalendar",
)
@versioned
def activate(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """It can be named again."""
    facade.set_active(actor_of(request), code, True, version=expected(request, body)[1])
    return read(request, code)
