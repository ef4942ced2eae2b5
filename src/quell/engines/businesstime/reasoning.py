"""The sum shown: day by day, what was open, by which rule, and how much that counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .calendar import Day, WorkCalendar
from .local import local_date, moment_of, utc
from .timetable import Timetable


@dataclass(frozen=True, slots=True)
class Step:
    """One local date of a sum: the stretches that counted, how much they were, and the total with them. `day` says
    the rule that spoke; a combination has several calendars and therefore no single rule (None)."""

    date: date
    day: Day | None
    stretches: tuple[tuple[datetime, datetime], ...]
    counted: timedelta
    total: timedelta


def steps(timetable: Timetable, begin: datetime, end: datetime, *, most: int = 400) -> Iterator[Step]:
    """The days from `begin` to `end`, days without open time included, at most `most` of them."""
    total = timedelta()
    begin, end = utc(begin), utc(end)
    day, last = local_date(begin, timetable.zone), local_date(end, timetable.zone)
    source = timetable.source
    for _ in range(most):
        if day > last or begin >= end:
            return
        after = day + timedelta(days=1)
        stop = min(end, moment_of(datetime.combine(after, time()), timetable.zone))
        stretches = tuple(timetable.stretches(begin, stop))
        counted = sum((closes - opens for opens, closes in stretches), timedelta())
        total += counted
        yield Step(day, source.day(day) if isinstance(source, WorkCalendar) else None, stretches, counted, total)
        day, begin = after, stop
