"""Pictures of calendars: twelve months by day. Drawn for eyes; the same is told in words beside it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import formats

from quell.engines.businesstime.calendar import WorkCalendar
from quell.engines.businesstime.local import moment_of
from quell.engines.businesstime.timetable import Timetable

#: The size of a day in the picture, and the distance to the next.
DAY, STEP = 10, 12


@dataclass(frozen=True, slots=True)
class Square:
    """A day: where it stands, what it is (open, closed, holiday, special, make_up), and its words, if any."""

    x: int
    y: int
    css: str
    title: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its days in weeks from Monday."""

    name: str
    squares: list[Square]


def months(timetable: Timetable, year: int, names: dict[date, str]) -> list[Month]:
    """The months of a year. `names` are said when one points at a day."""
    drawn = []
    for number in range(1, 13):
        offset, days = calendar.monthrange(year, number)
        squares = []
        for n in range(days):
            day = date(year, number, n + 1)
            place = offset + n
            words = f"{formats.date_format(day, 'j F')}: {names[day]}" if day in names else ""
            squares.append(Square(place % 7 * STEP, place // 7 * STEP, _kind(timetable, day), words))
        drawn.append(Month(formats.date_format(date(year, number, 1), "F"), squares))
    return drawn


def _kind(timetable: Timetable, day: date) -> str:
    if isinstance(timetable.source, WorkCalendar):
        found = timetable.source.day(day)
        if found.because in ("holiday", "special", "make_up"):
            return found.because if found.because != "special" or found.spans else "holiday"
        return "open" if found.spans else "closed"
    begin, end = (moment_of(datetime.combine(one, time()), timetable.zone) for one in (day, day + timedelta(days=1)))
    return "open" if timetable.elapsed(begin, end) else "closed"
