"""Promises in working days (domain.md 5.1 rule 6): "same time three working days later", "by the end of the next one".

A working day is a local date of the calendar's zone with any open time. Days are counted from the date on which
something came in, whether that was open or not: what comes on Saturday is due, one working day later, on Monday.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from .local import local_date, moment_of
from .timetable import Timetable


def same_time_after(timetable: Timetable, begin: datetime, days: int) -> datetime | None:
    """The same local time `days` (at least 1) working days later. Where that day is closed then: its opening if it
    opens only later, or else its last closing before. None when the calendar never has so many days left."""
    day = _later(timetable, begin, days)
    if day is None:
        return None
    wanted = moment_of(datetime.combine(day, begin.astimezone(timetable.zone).time()), timetable.zone)
    first = timetable.next_open(_midnight(timetable, day))
    if first is None or wanted < first:
        return first
    return wanted if timetable.is_open(wanted) else timetable.last_open(wanted)


def end_after(timetable: Timetable, begin: datetime, days: int) -> datetime | None:
    """The last closing of the day `days` working days later; with 0 of the day on which the calendar is open next.
    None when the calendar never has so many days left."""
    opening = timetable.next_open(begin)
    if not days and opening is None:
        return None
    day = local_date(opening, timetable.zone) if opening and not days else _later(timetable, begin, days)
    return None if day is None else timetable.last_open(_midnight(timetable, day + timedelta(days=1)))


def _later(timetable: Timetable, begin: datetime, days: int) -> date | None:
    day = local_date(begin, timetable.zone)
    for _ in range(days):
        opening = timetable.next_open(_midnight(timetable, day + timedelta(days=1)))
        if opening is None:
            return None
        day = local_date(opening, timetable.zone)
    return day


def _midnight(timetable: Timetable, day: date) -> datetime:
    return moment_of(datetime.combine(day, time()), timetable.zone)
