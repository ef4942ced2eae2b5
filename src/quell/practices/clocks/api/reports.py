"""Addresses of the reports: what was promised and kept, the clocks behind a figure, and what is late soon."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from quell.kernel.api.answers import address, answer
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.pagination import Cursor, Limit, read_cursor, write_cursor
from quell.kernel.config.refusal import Invalid

from .. import facade
from . import schemas

router = Router(tags=["Reports"])
CLOCKS = "reports/attainment/clocks"
Code = Annotated[str, Field(max_length=60)]


class Wanted(BaseModel):
    """Which report."""

    period: Annotated[
        str,
        Field(max_length=24, description="2026-10, 2026-Q4, 2026-W41, 2026, 2026-10-01..2026-10-15; none: this month."),
    ] = ""
    zone: Annotated[str, Field(max_length=60, description="Whose midnight bounds it; else the caller's zone.")] = ""
    basis: Annotated[
        Literal["resolved", "due"],
        Field(description="By when a clock stopped, or by when it was due, with what is late and still runs."),
    ] = "resolved"
    kind: Annotated[Literal["", "sla", "ola", "uc"], Field(description="The kind of agreement.")] = ""
    metric: Code = ""
    agreement: Code = ""
    service: Code = ""
    team: Code = ""
    organisation: Annotated[Code, Field(description="With those below it.")] = ""
    target: Annotated[str, Field(max_length=18, description="The id of a target of an agreement.")] = ""
    priority: Annotated[int | None, Field(ge=1, le=5)] = None


class Grouped(Wanted):
    """Which report, and by what it is grouped."""

    group: Annotated[
        Literal[
            "none", "target", "metric", "kind", "agreement", "service", "team", "organisation", "priority", "month",
            "cause",
        ],
        Field(description="What each line is for."),
    ] = "target"  # fmt: skip


class Behind(Grouped):
    """Which clocks of a report."""

    key: Annotated[str, Field(max_length=60, description="`key` of a line; else all.")] = ""
    figure: Annotated[
        Literal[
            "all", "met", "breached", "decided", "live", "broken", "open", "open_within", "open_breached", "excluded",
            "cancelled", "superseded", "informational", "coded", "uncoded", "counted",
        ],
        Field(description="Those that a figure counts."),
    ] = "all"  # fmt: skip


class HeldBy(Behind):
    """Which clocks, and by whom their time is divided."""

    figure: Annotated[
        Literal["counted", "met", "breached", "decided", "live", "broken", "open", "open_within", "open_breached"],
        Field(description="Those that a figure counts; `counted`: kept, broken and running ones."),
    ] = "counted"  # type: ignore[assignment]
    by: Literal["team", "person", "state", "supplier"] = "team"


class HeldTickets(HeldBy):
    """Which tickets behind a line."""

    holder: Annotated[str, Field(max_length=120, description="`key` of a line; else all.")] = ""


class Soon(BaseModel):
    """Which forecast."""

    hours: Annotated[int, Field(ge=1, le=744, description="How far ahead.")] = 24
    group: Literal["team", "assignee", "service", "metric"] = "team"
    key: Annotated[str, Field(max_length=60, description="`key` of a line: list only its clocks.")] = ""
    which: Annotated[Literal["soon", "late", "paused"], Field(description="What is listed, at most 200 clocks.")] = (
        "soon"
    )


@router.get(
    "/reports/attainment",
    response=schemas.Attainment,
    summary="Report what was promised and kept",
    operation_id="reportAttainment",
)
def attainment(request: HttpRequest, wanted: Query[Grouped]) -> HttpResponse:
    """How many promises were kept and broken in a period, line by line and in all. Attainment is met / (met +
    breached); what is excluded, cancelled, superseded or runs within its time is in neither."""
    actor, now = actor_of(request), datetime.now(UTC)
    found = facade.report(actor, facade.asked_of(actor, wanted.model_dump(), now), now)
    asked = found.asked
    return answer(
        {
            "period": asked.period.text,
            "since": asked.period.begin,
            "to": asked.period.end,
            "zone": asked.period.zone,
            "basis": asked.basis,
            "group": asked.group,
            "counted_at": found.now,
            "mean_attainment": found.mean,
            "total": figures(found.total),
            "items": [figures(row) for row in found.rows],
        }
    )


_SAME = (
    "key", "name", "detail", "code", "met", "breached", "excluded", "open_within", "open_breached", "cancelled",
    "superseded", "informational", "uncoded", "goal", "attainment", "live", "pause_share",
)  # fmt: skip


def figures(row: facade.Figures) -> dict[str, Any]:
    """One line as the API shows it."""
    return {
        **{name: getattr(row, name) for name in _SAME},
        "spent_seconds": round(row.spent),
        "paused_seconds": round(row.paused),
        "median_minutes": row.median,
        "p90_minutes": row.p90,
    }


@router.get(
    "/reports/attainment/clocks",
    response=schemas.ClockPage,
    summary="List the clocks behind a figure",
    operation_id="listReportedClocks",
)
def clocks(request: HttpRequest, wanted: Query[Behind], limit: Limit = 50, cursor: Cursor = None) -> HttpResponse:
    """Exactly the clocks that a figure of the report counts, the latest first."""
    actor, now = actor_of(request), datetime.now(UTC)
    asked = facade.asked_of(actor, wanted.model_dump(), now)
    sought = facade.Sought(wanted.key, wanted.figure)
    found = facade.lines_behind(
        actor, asked, sought, now, limit=limit, after=facade.read_place(read_cursor(CLOCKS, cursor) or "")
    )
    shown = found[:limit]
    following = None
    if len(found) > limit:
        following = write_cursor(CLOCKS, facade.write_place(shown[-1]))
    return answer({"items": [line(one) for one in shown], "next_cursor": following})


_OF_LINE = (
    "id", "number", "title", "kind", "metric", "target", "organisation", "service", "team", "priority", "figure",
    "started_at", "due_at", "breaches_at", "stopped_at",
)  # fmt: skip


def line(one: facade.Line) -> dict[str, Any]:
    """A clock as the API lists it."""
    return {
        **{name: getattr(one, name) for name in _OF_LINE},
        "record_kind": one.record_kind,
        "agreement": one.agreement_code,
        "promised_seconds": round(one.promised),
        "spent_seconds": round(one.spent),
        "paused_seconds": round(one.paused),
        "breach_cause": one.cause,
        "excluded_because": one.excluded_because,
        "url": address(f"{one.record_kind}s", one.number),
    }


@router.get(
    "/reports/held", response=schemas.HeldReport, summary="Report who held the clocks", operation_id="reportHeld"
)
def held(request: HttpRequest, wanted: Query[HeldBy]) -> HttpResponse:
    """The time of the clocks behind a figure, added up by team, person, state or supplier: what counted, and what stood
    still, in open hours of each promise. Choose a metric, or a ticket's time is there once for each of its clocks. Who
    leads nobody sees their own time, and that of all others together."""
    actor, now = actor_of(request), datetime.now(UTC)
    asked = facade.asked_of(actor, wanted.model_dump(), now)
    found = facade.held(actor, asked, facade.Sought(wanted.key, wanted.figure), wanted.by, now)
    return answer(
        {
            "period": asked.period.text,
            "since": asked.period.begin,
            "to": asked.period.end,
            "zone": asked.period.zone,
            "basis": asked.basis,
            "by": found.by,
            "clocks": found.clocks,
            "counted_at": found.now,
            "total": _held(found.total),
            "items": [_held(row) for row in found.rows],
        }
    )


def _held(row: facade.Share) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("key", "name", "code", "tickets", "share")},
        "counted_seconds": row.counted,
        "paused_seconds": row.paused,
        "median_seconds": row.median,
    }


HELD = "reports/held/tickets"


@router.get(
    "/reports/held/tickets",
    response=schemas.HeldTicketPage,
    summary="List the tickets behind who held the clocks",
    operation_id="listHeldTickets",
)
def held_tickets(
    request: HttpRequest, wanted: Query[HeldTickets], limit: Limit = 50, cursor: Cursor = None
) -> HttpResponse:
    """Exactly the tickets of a line, those held longest first."""
    actor, now = actor_of(request), datetime.now(UTC)
    asked = facade.asked_of(actor, wanted.model_dump(), now)
    after = int(read_cursor(HELD, cursor) or 0)
    count, found = facade.held_tickets(
        actor, asked, facade.Sought(wanted.key, wanted.figure), wanted.by, wanted.holder, now, limit=limit, after=after
    )
    following = write_cursor(HELD, str(after + limit)) if after + limit < count else None
    return answer({"items": [_ticket(one) for one in found], "count": count, "next_cursor": following})


def _ticket(one: facade.Ticket) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ("number", "title", "record_kind", "state")},
        "counted_seconds": one.counted,
        "paused_seconds": one.paused,
        "url": address(f"{one.record_kind}s", one.number),
    }


@router.get(
    "/reports/forecast", response=schemas.Forecast, summary="Forecast what will be late", operation_id="readForecast"
)
def forecast(request: HttpRequest, wanted: Query[Soon]) -> HttpResponse:
    """Promises that break within the next hours unless somebody acts, by the moment each clock has worked out. What is
    paused breaks no sooner than it goes on, and is counted apart."""
    if "\x00" in wanted.key:
        raise Invalid.field("key", _("There is a sign in it that cannot be stored."))
    found = facade.forecast(
        actor_of(request), datetime.now(UTC), hours=wanted.hours, group=wanted.group, key=wanted.key, which=wanted.which
    )
    return answer(
        {
            "hours": found.hours,
            "group": found.group,
            "total": _coming(found.total),
            "items": [_coming(row) for row in found.rows],
            "clocks": [{**_next(one), "url": address(f"{one.record_kind}s", one.number)} for one in found.soon],
        }
    )


def _coming(row: facade.Coming) -> dict[str, Any]:
    within = [{"hours": hours, "clocks": count} for hours, count in row.within.items()]
    return {"key": row.key, "name": row.name, "within": within, "late": row.late, "paused": row.paused}


_OF_NEXT = (
    "number", "title", "kind", "metric", "target", "team", "assignee", "service", "priority", "breaches_at", "due_at",
)  # fmt: skip


def _next(one: facade.Next) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _OF_NEXT}


class Proposed(BaseModel):
    """Which of them."""

    state: Annotated[
        Literal["", "proposed", "accepted", "rejected"], Field(description="As they stand; else all, what waits first.")
    ] = ""


EXCLUSIONS = "reports/exclusions"


@router.get(
    "/reports/exclusions",
    response=schemas.ExclusionPage,
    summary="List what is left out of the figures, and what waits for a decision",
    operation_id="listExclusions",
)
def exclusions(request: HttpRequest, wanted: Query[Proposed], limit: Limit = 50, cursor: Cursor = None) -> HttpResponse:
    """Broken promises somebody proposed to leave out: why, who, who decided with which word, or by which rule it needed
    nobody else (`alone`: nobody else may decide; `one_word`: a setting says that one word is enough)."""
    states = (wanted.state,) if wanted.state else ("proposed", "accepted", "rejected")
    after = int(read_cursor(EXCLUSIONS, cursor) or 0)
    found = facade.exclusions(actor_of(request), states, limit=limit + 1, after=after)
    following = write_cursor(EXCLUSIONS, str(after + limit)) if len(found) > limit else None
    return answer({"items": [_exclusion(one) for one in found[:limit]], "next_cursor": following})


_OF_EXCLUSION = (
    "id", "number", "title", "record_kind", "target", "agreement", "state", "because", "proposed_by", "proposed_at",
    "word", "decided_by", "decided_at", "rule", "may_decide",
)  # fmt: skip


def _exclusion(one: facade.Exclusion) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in _OF_EXCLUSION}
    return {**told, "url": address(f"{one.record_kind}s", one.number)}
