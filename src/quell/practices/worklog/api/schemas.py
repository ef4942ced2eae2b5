"""The shapes that time worked has on the wire. Durations are whole seconds (contract.md, HTTP)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel


class Timer(BaseModel):
    """The caller's clock. Without `record` it is not running."""

    record: str | None
    title: str | None
    started_at: datetime | None
    elapsed_seconds: int
    work_type: str | None
    billable: bool | None
    note: str | None


class Stopped(BaseModel):
    """The clock that was stopped, and the entry it became (null when it was thrown away)."""

    record: str
    time_entry: int | None
    duration_seconds: int


class Started(Timer):
    """The clock, and the one that ran elsewhere and was stopped for it."""

    stopped: Stopped | None


class TimeEntry(BaseModel):
    """A stretch of work of one person on one record."""

    id: int
    version: int
    url: str
    record: str
    person: str
    started_at: datetime
    duration_seconds: int
    work_type: str
    billable: bool
    note: str
    source: str
    corrected: bool
    removed: bool
    created_at: datetime


class Correction(BaseModel):
    """What was changed in an entry, by whom and why."""

    at: datetime
    by: str | None
    reason: str
    changes: dict[str, Any]


class TimeEntryWhole(TimeEntry):
    """An entry with everything that was corrected in it."""

    corrections: list[Correction]


class TimeEntryPage(BaseModel):
    """Some entries, and where the next begin."""

    items: list[TimeEntry]
    next_cursor: str | None


class TimeOfRecord(BaseModel):
    """What was worked on a record; `items` are the entries that the caller may see."""

    total_seconds: int
    billable_seconds: int
    my_seconds: int
    items: list[TimeEntry]


class SheetLine(BaseModel):
    """One record in a week, by day from Monday."""

    record: str
    title: str
    days_seconds: list[int]
    total_seconds: int


class Timesheet(BaseModel):
    """A person's week."""

    week: str
    days: list[date]
    items: list[SheetLine]
    days_seconds: list[int]
    total_seconds: int
    billable_seconds: int


class TeamWeekLine(BaseModel):
    """One colleague's week."""

    person: str
    name: str
    days_seconds: list[int]
    total_seconds: int


class TeamWeek(BaseModel):
    """The week of everybody the caller leads."""

    items: list[TeamWeekLine]
