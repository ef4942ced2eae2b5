"""The addresses of time worked: the caller's clock, entries, and weeks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import AwareDatetime, Field

from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Cursor, Limit, page, read_cursor
from quell.kernel.api.versions import expected, with_version
from quell.kernel.config.refusal import Invalid

from .. import facade
from ..actions.frame import CorrectionInput, NewEntry, Removal, Start, Stop
from . import schemas

router = Router(tags=["Time"])
LIST = "time-entries"
Whose = Annotated[str, Field(max_length=254, description="An e-mail; oneself when not given.")]
InWeek = Annotated[str, Field(max_length=10, description="Such as 2026-W47; the present one when not given.")]
_SHOWN = ("id", "version", "record", "person", "started_at", "work_type", "billable", "note", "source", "corrected",
          "removed", "created_at")  # fmt: skip
CorrectBody = with_version(CorrectionInput, "CorrectTimeEntry")
RemoveBody = with_version(Removal, "RemoveTimeEntry")


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """An entry as the API shows it."""
    return {
        **{name: row[name] for name in _SHOWN},
        "duration_seconds": row["seconds"],
        "url": address(LIST, row["id"]),
    }


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    return {**shown(row), "corrections": row["corrections"]}


def _clock(request: HttpRequest) -> dict[str, Any]:
    clock = facade.running(actor_of(request))
    if clock is None:
        none = dict.fromkeys(("record", "title", "started_at", "work_type", "billable", "note"))
        return {**none, "elapsed_seconds": 0}
    return {
        "record": clock.number,
        "title": clock.title,
        "started_at": clock.started_at,
        "elapsed_seconds": max(0, int((datetime.now(UTC) - clock.started_at).total_seconds())),
        "work_type": clock.work_type,
        "billable": clock.billable,
        "note": clock.note,
    }


def _stopped(done: facade.Stopped) -> dict[str, Any]:
    return {"record": done.number, "time_entry": done.entry_id, "duration_seconds": done.seconds}


@router.get("/timer", response=schemas.Timer, summary="Read one's clock", operation_id="readTimer")
def read_timer(request: HttpRequest) -> HttpResponse:
    """The caller's clock; a person has one."""
    return answer(_clock(request))


@router.post("/timer/start", response=schemas.Started, summary="Start one's clock", operation_id="startTimer")
@repeatable
def start(request: HttpRequest, body: Start) -> HttpResponse:
    """From now on, work is on this record. A clock running elsewhere is stopped first, and its time kept."""

    def act() -> HttpResponse:
        before = facade.start(actor_of(request), body)
        return answer({**_clock(request), "stopped": _stopped(before) if before else None})

    return once(request, act)


@router.post("/timer/stop", response=schemas.Stopped, summary="Stop one's clock", operation_id="stopTimer")
@repeatable
def stop(request: HttpRequest, body: Stop) -> HttpResponse:
    """Its time becomes an entry, or is thrown away."""
    return once(request, lambda: answer(_stopped(facade.stop(actor_of(request), body))))


@router.get("/time-entries", response=schemas.TimeEntryPage, summary="List time entries", operation_id="listTime")
def listing(
    request: HttpRequest,
    person: Whose = "",
    record: Annotated[str, Field(max_length=20)] = "",
    started_after: AwareDatetime | None = None,
    started_before: AwareDatetime | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """The caller's own, or those of a person they lead, oldest first."""
    key = read_cursor(LIST, cursor)
    if key is not None and not (key.isdigit() and len(key) < 19):
        raise Invalid.field("cursor", _("This cursor does not belong to this list. Begin again without it."))
    rows = facade.page(
        actor_of(request),
        person=person,
        record=record,
        since=started_after,
        until=started_before,
        limit=limit,
        after=int(key or 0),
    )
    return page(LIST, rows, limit, "id", shown)


@router.post(
    "/time-entries", response={201: schemas.TimeEntryWhole}, summary="Write down time", operation_id="recordTime"
)
@repeatable
def record(request: HttpRequest, body: NewEntry) -> HttpResponse:
    """Time the caller has worked. Without `started_at` it has just ended."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        made = _whole(facade.entry(actor, facade.record(actor, body)))
        return created(made, made["url"])

    return once(request, act)


@router.get(
    "/time-entries/{entry_id}",
    response=schemas.TimeEntryWhole,
    summary="Read a time entry",
    operation_id="readTime",
)
def read(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry with what was corrected in it; for its person and their lead."""
    return answer(_whole(facade.entry(actor_of(request), entry_id)))


@router.patch(
    "/time-entries/{entry_id}",
    response=schemas.TimeEntryWhole,
    summary="Correct a time entry",
    operation_id="correctTime",
)
@versioned
def correct(request: HttpRequest, entry_id: int, body: CorrectBody) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given, with the reason; what stood there is kept."""
    data, version = expected(request, body)
    facade.correct(actor_of(request), entry_id, data, version=version)
    return read(request, entry_id)


@router.post(
    "/time-entries/{entry_id}/remove",
    response=schemas.TimeEntryWhole,
    summary="Take a time entry out",
    operation_id="removeTime",
)
@versioned
def remove(request: HttpRequest, entry_id: int, body: RemoveBody) -> HttpResponse:  # type: ignore[valid-type]
    """It counts no more; it stays readable with the reason."""
    data, version = expected(request, body)
    facade.remove(actor_of(request), entry_id, data, version=version)
    return read(request, entry_id)


@router.get(
    "/incidents/{number}/time",
    response=schemas.TimeOfRecord,
    summary="The time worked on an incident",
    operation_id="readTimeOfIncident",
)
def of_incident(request: HttpRequest, number: str) -> HttpResponse:
    """Sums for those who see its inside; entries are one's own, and everybody's for a lead."""
    sums, rows = facade.of_record(actor_of(request), number)
    return answer(
        {
            "total_seconds": sums.total,
            "billable_seconds": sums.billable,
            "my_seconds": sums.mine,
            "items": [shown(row) for row in rows],
        }
    )


@router.get("/timesheet", response=schemas.Timesheet, summary="A week of somebody", operation_id="readTimesheet")
def timesheet(request: HttpRequest, week: InWeek = "", person: Whose = "") -> HttpResponse:
    """Monday to Sunday in the person's own zone: oneself, or somebody one leads."""
    sheet = facade.sheet(actor_of(request), week, person=person)
    return answer(
        {
            "week": sheet.week.text,
            "days": list(sheet.week.days),
            "items": [
                {
                    "record": line.number,
                    "title": line.title,
                    "days_seconds": list(line.days),
                    "total_seconds": line.total,
                }
                for line in sheet.lines
            ],
            "days_seconds": list(sheet.days),
            "total_seconds": sheet.total,
            "billable_seconds": sheet.billable,
        }
    )


@router.get("/timesheet/team", response=schemas.TeamWeek, summary="A week of a team", operation_id="readTeamWeek")
def team_week(request: HttpRequest, week: InWeek = "") -> HttpResponse:
    """Everybody the caller leads, by name; nobody for those who lead nobody."""
    members = facade.team(actor_of(request), week)
    return answer(
        {
            "items": [
                {
                    "person": one.email,
                    "name": one.name,
                    "days_seconds": list(one.days),
                    "total_seconds": one.total,
                }
                for one in members
            ]
        }
    )
