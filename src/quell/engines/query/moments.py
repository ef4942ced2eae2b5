"""Times as people write them: a day, a moment, or so long ago.

`2026-10-01` and `today` are whole days in the reader's zone; `2026-10-01T08:00Z`, `-7d` and `now` are moments.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo

_RELATIVE = re.compile(r"([+-])(\d{1,5})(min|h|d|w|mo|y)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNITS = {
    "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1),
    "mo": timedelta(days=30), "y": timedelta(days=365),
}  # fmt: skip
_DAYS_AWAY = {"today": 0, "yesterday": -1, "tomorrow": 1}
#: The words a time may be, for completion.
WORDS = ("today", "yesterday", "tomorrow", "now", "-1h", "-24h", "-7d", "-4w", "-3mo", "-1y")
_YEARS = range(1970, 2200)


def is_moment(text: str) -> bool:
    """Can this (in lower case) be read as a time?"""
    if text == "now" or text in _DAYS_AWAY or _RELATIVE.fullmatch(text):
        return True
    return _written(text) is not None


def span(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """From when until when it lasts: a day ends where the next begins, a moment where it begins.

    `text` must have passed `is_moment`. Times too far away end at the years this product knows.
    """
    if text == "now":
        return now, now
    if text in _DAYS_AWAY:
        return _whole_day(now.astimezone(zone).date() + timedelta(days=_DAYS_AWAY[text]), zone)
    if relative := _RELATIVE.fullmatch(text):
        sign, count, unit = relative.groups()
        away = _UNITS[unit] * int(count) * (-1 if sign == "-" else 1)
        moment = _within(now, away)
        return moment, moment
    written = _written(text)
    if isinstance(written, datetime):
        moment = written if written.tzinfo else written.replace(tzinfo=zone)
        return moment, moment
    assert written is not None, text
    return _whole_day(written, zone)


def _within(now: datetime, away: timedelta) -> datetime:
    first = datetime(_YEARS.start, 1, 1, tzinfo=now.tzinfo)
    last = datetime(_YEARS.stop - 1, 12, 31, tzinfo=now.tzinfo)
    return last if away > last - now else first if away < first - now else now + away


def _whole_day(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    begins = datetime.combine(day, time(), zone)
    return begins, datetime.combine(day + timedelta(days=1), time(), zone)


def _written(text: str) -> date | datetime | None:
    """A day or a moment in ISO 8601; None when it is neither, or lies beyond all calendars in use."""
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return day if day.year in _YEARS else None
        if not _DAY.match(text):
            return None
        # A plus sign in an address arrives as a space.
        moment = datetime.fromisoformat(text.upper().replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment.year in _YEARS else None
