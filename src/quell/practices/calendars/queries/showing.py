"""A calendar shown: what is closed when and why, and the sum behind "four hours from now"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from quell.engines.businesstime import calendar as engine
from quell.engines.businesstime.calendar import WEEKDAYS, Spans, WorkCalendar
from quell.engines.businesstime.local import moment_of
from quell.engines.businesstime.reasoning import Step, steps
from quell.engines.businesstime.timetable import Timetable

#: Days of a sum that are shown; a longer one is told by its beginning and its end.
MOST_STEPS = 62


@dataclass(frozen=True, slots=True)
class Line:
    """One date on which something else than the weekly hours holds. `because`: special, make_up, holiday."""

    date: date
    because: str
    name: str
    spans: Spans
    usual: Spans
    like: str

    @property
    def weekday(self) -> str:
        """The weekday by its short code."""
        return WEEKDAYS[self.date.weekday()]

    @property
    def matters(self) -> bool:
        """Are its hours others than those of the weekday? A holiday on a Sunday changes nothing."""
        return self.spans != self.usual


@dataclass(frozen=True, slots=True)
class Told:
    """A sum: when it is due or how much it counts, its days, how many days are left out of them, and the moments
    between which the clocks change. `due` is None when the calendar closes for good before."""

    start: datetime
    due: datetime | None
    elapsed: timedelta
    steps: tuple[Step, ...]
    left_out: int
    zone: str


def year(source: WorkCalendar, number: int, names: Mapping[str, str]) -> list[Line]:
    """The dates of a year that differ, in order. `names` are those of single dates, which a document does not keep."""
    lines = []
    for day in sorted(one for one in source.exceptions() if one.year == number):
        found = source.day(day)
        if found.because in (engine.WEEKLY, engine.NOT_VALID):
            continue
        name = names.get(day.isoformat()) or found.name
        like = WEEKDAYS[source.make_up[day]] if found.because == engine.MAKE_UP else ""
        lines.append(Line(day, found.because, name, found.spans, source.week[day.weekday()], like))
    return lines


def due_after(timetable: Timetable, start: datetime, amount: timedelta) -> Told:
    """When so much working time after a moment is over, and the days that it takes."""
    due = timetable.add(start, amount)
    if due is None:
        return Told(start, None, timedelta(), (), 0, timetable.zone.key)
    return Told(start, due, amount, *_shortened(timetable, start, due), timetable.zone.key)


def counted(timetable: Timetable, start: datetime, end: datetime) -> Told:
    """How much between two moments was worked, day by day."""
    shown, left_out = _shortened(timetable, start, max(start, end))
    return Told(start, end, timetable.elapsed(start, end), shown, left_out, timetable.zone.key)


def _shortened(timetable: Timetable, begin: datetime, end: datetime) -> tuple[tuple[Step, ...], int]:
    """The days of a sum, those in the middle of a long one left out."""
    first = tuple(steps(timetable, begin, end, most=MOST_STEPS + 1))
    if len(first) <= MOST_STEPS:
        return first, 0
    half = MOST_STEPS // 2
    last = begin.astimezone(timetable.zone).date(), end.astimezone(timetable.zone).date()
    days = (last[1] - last[0]).days + 1
    resume = moment_of(datetime.combine(last[1] - timedelta(days=half - 1), time()), timetable.zone)
    before = timetable.elapsed(begin, resume)
    tail = tuple(_later(step, before) for step in steps(timetable, resume, end, most=half + 1))
    return (*first[:half], *tail), max(days - half - len(tail), 0)


def _later(step: Step, before: timedelta) -> Step:
    return Step(step.date, step.day, step.stretches, step.counted, step.total + before)


def names_of(spec: Mapping[str, Any]) -> dict[str, str]:
    """The names of single dates."""
    return {one["date"]: one["name"] for one in spec.get("dates", ()) if one.get("name")}


def week_of(document: Mapping[str, Any]) -> Iterator[tuple[str, list[list[str]]]]:
    """Every weekday with its hours, as they were written."""
    for day in WEEKDAYS:
        yield day, document.get("weekly", {}).get(day, [])


def now() -> datetime:
    """This moment, in whole minutes: what people mean by now."""
    return datetime.now(UTC).replace(second=0, microsecond=0)
