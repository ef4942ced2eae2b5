"""What the reports' addresses answer."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class FigureLine(BaseModel):
    """Counts of clocks of one group; percents with two digits, None where there is nothing to take them of. `live`
    counts what is late and still runs as breached; `goal` is what the targets of these clocks ask for."""

    key: str
    name: str
    detail: str
    code: str
    met: int
    breached: int
    excluded: int
    open_within: int
    open_breached: int
    cancelled: int
    superseded: int
    informational: int
    uncoded: int
    goal: float | None
    attainment: float | None
    live: float | None
    pause_share: float | None
    spent_seconds: int
    paused_seconds: int
    median_minutes: int | None
    p90_minutes: int | None


class Attainment(BaseModel):
    """A report. `mean_attainment` is the plain mean of the lines, beside that of all clocks in `total`."""

    period: str
    since: datetime
    to: datetime
    zone: str
    basis: str
    group: str
    counted_at: datetime
    mean_attainment: float | None
    total: FigureLine
    items: list[FigureLine]


class ReportedClock(BaseModel):
    """One clock behind a figure; `figure` is what it counts as."""

    id: int
    number: str
    title: str
    record_kind: str
    kind: str
    metric: str
    target: str
    agreement: str
    organisation: str
    service: str
    team: str
    priority: int | None
    figure: str
    started_at: datetime
    due_at: datetime | None
    breaches_at: datetime | None
    stopped_at: datetime | None
    promised_seconds: int
    spent_seconds: int
    paused_seconds: int
    breach_cause: str
    excluded_because: str
    url: str


class ClockPage(BaseModel):
    """A page of them."""

    items: list[ReportedClock]
    next_cursor: str | None


class HeldLine(BaseModel):
    """What one team, person, state or supplier held: `share` of everything counted in percent, `median_seconds` what
    counted of a ticket at half of them. `key` is `none` for the time in which nobody did."""

    key: str
    name: str
    code: str
    tickets: int
    share: float | None
    counted_seconds: int
    paused_seconds: int
    median_seconds: int


class HeldReport(BaseModel):
    """Who held the clocks of a period. Each ticket is in `total` once, and in every line that had it."""

    period: str
    since: datetime
    to: datetime
    zone: str
    basis: str
    by: str
    clocks: int
    counted_at: datetime
    total: HeldLine
    items: list[HeldLine]


class HeldTicket(BaseModel):
    """What one held of the clocks of a ticket."""

    number: str
    title: str
    record_kind: str
    state: str
    counted_seconds: int
    paused_seconds: int
    url: str


class HeldTicketPage(BaseModel):
    """A page of them, and how many there are in all."""

    items: list[HeldTicket]
    count: int
    next_cursor: str | None


class Window(BaseModel):
    """So many clocks break within so many hours."""

    hours: int
    clocks: int


class ForecastLine(BaseModel):
    """What comes upon one team, person, service or metric."""

    key: str
    name: str
    within: list[Window]
    late: int
    paused: int


class ComingClock(BaseModel):
    """A clock that breaks soon, is late, or stands still, as asked for."""

    number: str
    title: str
    kind: str
    metric: str
    target: str
    team: str
    assignee: str
    service: str
    priority: int | None
    breaches_at: datetime | None
    due_at: datetime | None
    url: str


class Forecast(BaseModel):
    """What breaks within the next hours."""

    hours: int
    group: str
    total: ForecastLine
    items: list[ForecastLine]
    clocks: list[ComingClock]


class ReportedExclusion(BaseModel):
    """A broken promise somebody proposed to leave out of the figures; `id` is that of the clock."""

    id: int
    number: str
    title: str
    record_kind: str
    target: str
    agreement: str
    state: str
    because: str
    proposed_by: str
    proposed_at: datetime
    word: str
    decided_by: str
    decided_at: datetime | None
    rule: str
    may_decide: bool
    url: str


class ExclusionPage(BaseModel):
    """A page of them."""

    items: list[ReportedExclusion]
    next_cursor: str | None
