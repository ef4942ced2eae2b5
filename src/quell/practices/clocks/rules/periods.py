"""Periods of reports: a month, a quarter, a week, a year, or days from and to. Their bounds are local midnight in the
zone of the report, as moments (domain.md 5.8): the first one belongs to the period, the last one no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTH, QUARTER, WEEK, YEAR, DAYS = "month", "quarter", "week", "year", "days"
KINDS = (MONTH, QUARTER, WEEK, YEAR, DAYS)
#: Years that reports know; further away is a slip of the pen.
FIRST, LAST = 1990, 2200
#: Days that a period may have at most: ten years.
LONGEST = 3660
_FORMS = {
    MONTH: re.compile(r"(\d{4})-(\d{2})"),
    QUARTER: re.compile(r"(\d{4})-Q([1-4])"),
    WEEK: re.compile(r"(\d{4})-W(\d{2})"),
    YEAR: re.compile(r"(\d{4})"),
}


class PeriodFault(ValueError):
    """A text that is no period."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` up to and without `after`, in the zone named `zone`."""

    kind: str
    first: date
    after: date
    zone: str

    @property
    def text(self) -> str:
        """As it is written in addresses: 2026-10, 2026-Q4, 2026-W41, 2026, 2026-10-01..2026-10-15."""
        year = f"{self.first:%Y}"
        if self.kind == MONTH:
            return f"{self.first:%Y-%m}"
        if self.kind == QUARTER:
            return f"{year}-Q{(self.first.month + 2) // 3}"
        if self.kind == WEEK:
            found = self.first.isocalendar()
            return f"{found.year:04}-W{found.week:02}"
        if self.kind == YEAR:
            return year
        return f"{self.first}..{self.after - timedelta(days=1)}"

    @property
    def begin(self) -> datetime:
        """The moment it begins, in UTC."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The moment it is over, in UTC."""
        return midnight(self.after, self.zone)

    def holds(self, now: datetime) -> bool:
        """Does the moment lie in it?"""
        return self.begin <= now < self.end

    def next(self, step: int = 1) -> Period:
        """The one after it (with -1 the one before): of the same kind, days of the same number."""
        if self.kind == MONTH:
            return _months(MONTH, _moved(self.first, step), 1, self.zone)
        if self.kind == QUARTER:
            return _months(QUARTER, _moved(self.first, 3 * step), 3, self.zone)
        if self.kind == YEAR:
            return _months(YEAR, _moved(self.first, 12 * step), 12, self.zone)
        length = self.after - self.first
        return Period(self.kind, self.first + step * length, self.after + step * length, self.zone)


def midnight(day: date, zone: str) -> datetime:
    """The moment a day begins in a zone; where its first hour is left out, the first moment after."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def read(text: str, zone: str) -> Period:
    """A period as `Period.text` writes it; raises PeriodFault."""
    try:
        return _read(text, zone)
    except (ValueError, OverflowError):
        raise PeriodFault(text) from None


def _read(text: str, zone: str) -> Period:
    if ".." in text:
        first, last = (date.fromisoformat(part) for part in text.split("..", 1))
        if first > last or (last - first).days > LONGEST:
            raise PeriodFault(text)
        return _bounded(Period(DAYS, first, last + timedelta(days=1), zone))
    for kind, form in _FORMS.items():
        if found := form.fullmatch(text):
            year = int(found[1])
            if kind == MONTH:
                return _bounded(_months(kind, date(year, int(found[2]), 1), 1, zone))
            if kind == QUARTER:
                return _bounded(_months(kind, date(year, 3 * int(found[2]) - 2, 1), 3, zone))
            if kind == YEAR:
                return _bounded(_months(kind, date(year, 1, 1), 12, zone))
            monday = date.fromisocalendar(year, int(found[2]), 1)
            return _bounded(Period(WEEK, monday, monday + timedelta(days=7), zone))
    raise PeriodFault(text)


def _bounded(found: Period) -> Period:
    if not FIRST <= found.first.year <= found.after.year <= LAST:
        raise PeriodFault(found.text)
    return found


def of_moment(kind: str, now: datetime, zone: str) -> Period:
    """The period of a kind that a moment lies in; for days, the day."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if kind == WEEK:
        monday = today - timedelta(days=today.weekday())
        return Period(WEEK, monday, monday + timedelta(days=7), zone)
    if kind == QUARTER:
        return _months(QUARTER, date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), 3, zone)
    if kind == YEAR:
        return _months(YEAR, date(today.year, 1, 1), 12, zone)
    if kind == DAYS:
        return Period(DAYS, today, today + timedelta(days=1), zone)
    return _months(MONTH, today.replace(day=1), 1, zone)


def months_until(period: Period, count: int) -> Period:
    """The `count` months that end with the month in which a period ends, as days."""
    last = _moved((period.after - timedelta(days=1)).replace(day=1), 1)
    return Period(DAYS, _moved(last, -count), last, period.zone)


def months_of(period: Period) -> list[Period]:
    """The whole months that a period touches, in order."""
    found = []
    at = period.first.replace(day=1)
    while at < period.after:
        found.append(_months(MONTH, at, 1, period.zone))
        at = _moved(at, 1)
    return found


def _months(kind: str, first: date, count: int, zone: str) -> Period:
    return Period(kind, first, _moved(first, count), zone)


def _moved(first: date, months: int) -> date:
    """The first day of a month so many months away."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
