"""Weeks as people count them: `2026-W47`, Monday to Sunday, in a zone of their own. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_WEEK = re.compile(r"^(\d{4})-W(\d{2})$")


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week by its Monday."""

    monday: date

    @property
    def text(self) -> str:
        """`2026-W47`."""
        year, number, _day = self.monday.isocalendar()
        return f"{year:04d}-W{number:02d}"

    @property
    def days(self) -> tuple[date, ...]:
        """Its seven days."""
        return tuple(self.monday + timedelta(days=step) for step in range(7))

    def next(self, steps: int = 1) -> Week:
        """The week so many later (or earlier)."""
        return Week(self.monday + timedelta(days=7 * steps))

    def span(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Its first moment and the first moment after it, in UTC; a week with a change of clocks has 167 or 169
        hours."""
        after = self.monday + timedelta(days=7)
        return tuple(datetime.combine(day, time.min, zone).astimezone(UTC) for day in (self.monday, after))  # type: ignore[return-value]


def of_day(day: date) -> Week:
    """The week a day lies in."""
    return Week(day - timedelta(days=day.weekday()))


def parse(text: str) -> Week:
    """From `2026-W47`; raises ValueError for anything else and for a week the year does not have."""
    match = _WEEK.match(text)
    if match is None:
        raise ValueError(text)
    year, number = int(match.group(1)), int(match.group(2))
    if not 1970 <= year <= 9000:
        raise ValueError(text)
    return Week(date.fromisocalendar(year, number, 1))
