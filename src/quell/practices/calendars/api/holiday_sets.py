"""The holiday sets' addresses."""

from __future__ import annotations

from datetime import UTC, datetime

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
from ..actions.inputs import FeedFile, HolidaySetChange, NewHolidaySet
from . import schemas, showing

router = Router(tags=["Calendars"])
Change = with_version(HolidaySetChange, "EditHolidaySet")
File = with_version(FeedFile, "ReadFeedFile")
Nothing = with_version(NoInputs, "ChangeNothingElse")


@router.post(
    "/holiday-sets", response={201: schemas.HolidaySet}, summary="Make a holiday set", operation_id="createHolidaySet"
)
@repeatable
def create(request: HttpRequest, body: NewHolidaySet) -> HttpResponse:
    """Holidays by hand, of a country, or from the address of an iCalendar file, which is then read every night."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = showing.holiday_set(facade.holiday_set_row(actor, facade.create_set(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get(
    "/holiday-sets", response=schemas.HolidaySetPage, summary="List holiday sets", operation_id="listHolidaySets"
)
def listing(
    request: HttpRequest,
    q: Words = "",
    organisation: str | None = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """Holiday sets of the caller's organisations and of those above, by code."""
    asked = facade.Asked(q, active, organisation, limit, read_cursor(showing.SETS, cursor))
    rows = facade.holiday_sets(actor_of(request), asked)
    return page(showing.SETS, rows, limit, "code", showing.holiday_set)


@router.get(
    "/holiday-sets/{code}", response=schemas.HolidaySet, summary="Read a holiday set", operation_id="readHolidaySet"
)
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One holiday set with its dates."""
    return answer(showing.holiday_set(facade.holiday_set_row(actor_of(request), code)))


@router.patch(
    "/holiday-sets/{code}", response=schemas.HolidaySet, summary="Change a holiday set", operation_id="editHolidaySet"
)
@versioned
def edit(request: HttpRequest, code: str, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; all calendars that use the set get a new version, and open promises follow. Needs
    a `reason` when open promises hang on them."""
    data, version = expected(request, body)
    facade.edit_set(actor_of(request), code, data, version=version)
    return read(request, code)


@router.post(
    "/holiday-sets/{code}/preview",
    response=schemas.Consequences,
    summary="See what a change of a holiday set would do",
    operation_id="previewHolidaySet",
)
def preview(request: HttpRequest, code: str, body: HolidaySetChange) -> HttpResponse:
    """The same fields as a change; nothing is kept."""
    data = body.model_dump(exclude_unset=True)
    return answer(showing.consequences(facade.preview_set(actor_of(request), code, data)))


@router.post(
    "/holiday-sets/{code}/import",
    response=schemas.FeedRead,
    summary="Read an iCalendar file into a holiday set",
    operation_id="importHolidaySet",
)
@versioned
def read_file(request: HttpRequest, code: str, body: File) -> HttpResponse:  # type: ignore[valid-type]
    """What is to come is as the file says; what is over stays as it was."""
    data, version = expected(request, body)
    actor = actor_of(request)
    left_out = facade.read_file(actor, code, data, version=version)
    return answer({"holiday_set": showing.holiday_set(facade.holiday_set_row(actor, code)), "left_out": left_out})


@router.post(
    "/holiday-sets/{code}/refresh",
    response=schemas.HolidaySet,
    summary="Look at the source of a holiday set now",
    operation_id="refreshHolidaySet",
)
def refresh(request: HttpRequest, code: str, body: NoInputs) -> HttpResponse:
    """For sets of a country or from an address. When the source cannot be read, nothing changes and `trouble` says
    why."""
    return answer(showing.holiday_set(facade.look_again(actor_of(request), code, datetime.now(UTC))))


@router.post(
    "/holiday-sets/{code}/deactivate",
    response=schemas.HolidaySet,
    summary="Take a holiday set out of use",
    operation_id="deactivateHolidaySet",
)
@versioned
def deactivate(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """No calendar can take it up; those that use it keep it."""
    facade.set_set_active(actor_of(request), code, False, version=expected(request, body)[1])
    return read(request, code)


@router.post(
    "/holiday-sets/{code}/activate",
    response=schemas.HolidaySet,
    summary="Take a holiday set into use again",
    operation_id="activateHolidaySet",
)
@versioned
def activate(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Calendars can take it up again."""
    facade.set_set_active(actor_of(request), code, True, version=expected(request, body)[1])
    return read(request, code)
