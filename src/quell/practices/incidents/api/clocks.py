"""The addresses of an incident's clocks: how they stand and why, and what leads say of broken promises."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from quell.kernel.api.answers import answer
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable
from quell.practices.clocks import facade as clocks

from .. import facade

router = Router(tags=["Incidents"])


class AgreementOf(BaseModel):
    """The version of the agreement a clock is counted by."""

    code: str
    name: str
    version: int


class ClockWarning(BaseModel):
    """A percent of the target; `at` is null while the clock stands still, `told` once people have been told."""

    percent: int
    at: datetime | None
    told: bool


class ClockSegment(BaseModel):
    """A stretch in which a clock ran or stood still. `to` is null for the one that lasts; `open_seconds` is how much
    of it the calendar was open, `counted_seconds` how much of that counted, `total_seconds` what had elapsed at its
    end."""

    kind: Literal["ran", "paused", "stopped"]
    since: datetime = Field(alias="from")
    to: datetime | None
    reasons: list[str]
    cause: str
    by: str | None
    entry: int | None
    calendar: str
    agreement: str
    version: int
    open_seconds: int
    counted_seconds: int
    total_seconds: int


class ClockOut(BaseModel):
    """One instance of a clock. Seconds are open time of its calendar; `due_at` is null while it stands still."""

    id: int | None
    metric: str
    metric_name: str
    kind: Literal["sla", "ola", "uc"]
    holder: str | None = Field(description="The team whose clock it is.")
    supplier: str | None
    agreement: AgreementOf
    calendar: str
    number: int
    current: bool
    state: Literal["none", "running", "paused", "stopped", "cancelled"]
    outcome: Literal["met", "breached", "cancelled", "superseded"] | None
    target_seconds: int
    started_at: datetime
    stopped_at: datetime | None
    elapsed_seconds: int
    remaining_seconds: int = Field(description="Negative when more than the target has elapsed.")
    paused_seconds: int
    percent: float
    due_at: datetime | None
    breached: bool
    breaches_at: datetime | None
    reasons: list[str]
    paused_until: datetime | None
    late_recorded: bool
    informational: bool
    warnings: list[ClockWarning]
    segments: list[ClockSegment]
    breach_cause: str | None
    excluded_because: str | None
    exclusion: Literal["proposed", "accepted", "rejected"] | None = Field(
        description="Whether somebody proposed to leave it out, and what became of it."
    )
    exclusion_because: str | None
    judged_at: datetime | None


class HolderOut(BaseModel):
    """How long somebody had it; `open_seconds` by the calendar of the customer's promise. `key` is null for the time
    in which nobody did."""

    kind: Literal["person", "team", "state", "supplier"]
    key: str | None
    name: str | None
    seconds: int
    open_seconds: int | None
    current: bool


class ClocksOut(BaseModel):
    """The clocks of an incident; `holders` only for those who see its inside."""

    items: list[ClockOut]
    holders: list[HolderOut]


def _told(request: HttpRequest, number: str) -> HttpResponse:
    row = facade.ticket(actor_of(request), number)
    return answer(clocks.told(row["id"], datetime.now(UTC), internal=row["internal"]))


@router.get(
    "/incidents/{number}/clocks",
    response=ClocksOut,
    summary="The clocks of an incident",
    operation_id="readClocks",
    by_alias=True,
)
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Every promise on it with target, state, time used and left, and each stretch with its cause and calendar. Who
    does not see its inside gets what was promised to them, without names."""
    return _told(request, number)


@router.post(
    "/incidents/{number}/clocks/{clock_id}/judge",
    response=ClocksOut,
    summary="Say why a promise was broken",
    operation_id="judgeClock",
    by_alias=True,
)
@repeatable
def judge(request: HttpRequest, number: str, clock_id: int, body: clocks.Judgement) -> HttpResponse:
    """For leads and those who look after agreements: a cause for a broken promise, and the reason to leave it out of
    attainment, about which somebody else decides. Answers with the clocks."""

    def act() -> HttpResponse:
        given: dict[str, Any] = body.model_dump(exclude_unset=True)
        clocks.judge(actor_of(request), number, clock_id, given)
        return _told(request, number)

    return once(request, act)


@router.post(
    "/incidents/{number}/clocks/{clock_id}/exclusion",
    response=ClocksOut,
    summary="Decide about leaving a broken promise out",
    operation_id="decideExclusion",
    by_alias=True,
)
@repeatable
def exclusion(request: HttpRequest, number: str, clock_id: int, body: clocks.Decision) -> HttpResponse:
    """Accept or reject, with a word, what somebody else proposed by `excluded_because`. Answers with the clocks."""

    def act() -> HttpResponse:
        clocks.decide_exclusion(actor_of(request), number, clock_id, body)
        return _told(request, number)

    return once(request, act)
