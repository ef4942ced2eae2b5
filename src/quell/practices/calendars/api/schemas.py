"""The shapes of calendars and holiday sets on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel


class CalendarDate(BaseModel):
    """One date that differs from the weekly hours and the holiday sets."""

    date: date
    kind: str
    hours: list[list[str]]
    like: str | None
    name: str


class Calendar(BaseModel):
    """A calendar and what it says now. `revision` is the number of its newest version among those of all calendars."""

    id: int
    code: str
    name: str
    organisation: str
    kind: str
    zone: str
    weekly: dict[str, list[list[str]]]
    holiday_sets: list[str]
    dates: list[CalendarDate]
    valid_from: date | None
    valid_until: date | None
    parts: list[str]
    active: bool
    revision: int
    version: int
    created_at: datetime
    updated_at: datetime
    url: str


class CalendarPage(BaseModel):
    """Some calendars, and where the next begin."""

    items: list[Calendar]
    next_cursor: str | None


class CalendarVersion(BaseModel):
    """What a calendar said from a moment on. `document` is what is counted by, holidays written in; empty for a
    combination. `by` is null when a holiday set was refreshed by itself."""

    revision: int
    number: int
    kind: str
    parts: list[str]
    document: dict[str, Any]
    reason: str
    by: str | None
    at: datetime
    closed_too: bool


class VersionPage(BaseModel):
    """Some versions, newest first, and where the next begin."""

    items: list[CalendarVersion]
    next_cursor: str | None


class Consequence(BaseModel):
    """One open promise that moves. `outcome`: would_breach, healed, or empty."""

    number: str
    title: str
    metric: str
    agreement: str
    due_before: datetime | None
    due_after: datetime | None
    moved_seconds: int | None
    outcome: str


class Consequences(BaseModel):
    """What a change would do to the open promises that hang on the `calendars`."""

    calendars: list[str]
    looked_at: int
    moved: int
    would_breach: int
    healed: int
    examples: list[Consequence]


class Answer(BaseModel):
    """One of the two, as the question was."""

    due: datetime | None = None
    elapsed_seconds: int | None = None


class HolidaySet(BaseModel):
    """Holidays kept once for all calendars that use them. `source.kind`: hand, country or feed. `trouble` is a
    sentence when the source could not be read at the last look; the dates then stayed as they were."""

    id: int
    code: str
    name: str
    organisation: str
    source: dict[str, Any]
    days: dict[str, str]
    make_up: dict[str, str]
    active: bool
    version: int
    updated_at: datetime
    looked_at: datetime | None
    trouble: str
    url: str


class HolidaySetPage(BaseModel):
    """Some holiday sets, and where the next begin."""

    items: list[HolidaySet]
    next_cursor: str | None


class FeedRead(BaseModel):
    """The set after a file was read, and how many events of the file were no holidays."""

    holiday_set: HolidaySet
    left_out: int
