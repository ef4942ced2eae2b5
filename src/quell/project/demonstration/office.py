"""When the desk of the demonstration works: weekdays, morning and afternoon, in each agent's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SPANS = ((time(8), time(12)), (time(12, 30), time(16, 30)))


def next_open(moment: datetime, zone: str) -> datetime:
    """This moment if the desk works then, else the next beginning of work."""
    local = moment.astimezone(ZoneInfo(zone))
    for days in range(8):
        day = local.date() + timedelta(days=days)
        if day.weekday() > 4:
            continue
        for begin, end in SPANS:
            opens = datetime.combine(day, begin, ZoneInfo(zone))
            if local < datetime.combine(day, end, ZoneInfo(zone)):
                return max(local, opens).astimezone(UTC)
    raise AssertionError("a week has working days")


def after(moment: datetime, minutes: float, zone: str) -> datetime:
    """The moment when so many minutes of work are done, begun at `moment` or at the next beginning of work."""
    left = timedelta(minutes=minutes)
    at = next_open(moment, zone)
    while True:
        local = at.astimezone(ZoneInfo(zone))
        end = next(
            closes
            for _begin, until in SPANS
            if local < (closes := datetime.combine(local.date(), until, ZoneInfo(zone)))
        )
        if at + left <= end:
            return at + left
        left -= end - at
        at = next_open(end.astimezone(UTC), zone)
