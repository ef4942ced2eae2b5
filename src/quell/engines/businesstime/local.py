"""Local times and moments, the nights when clocks change included (domain.md 5.1 rule 4).

A local time that the change of clocks leaves out is read with the offset valid before (02:30 is 03:30 new time); one
that happens twice means the first, unless the second is asked for. Both are what `datetime` calls fold 0 and 1.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .calendar import DAY

#: Days from 0001-01-01 to 1970-01-01 as `date.toordinal` counts them.
EPOCH_ORDINAL = 719_163
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = 1_000_000


def moment_of(local: datetime, zone: ZoneInfo, *, second: bool = False) -> datetime:
    """The moment in UTC of a local time (naive); `second` takes the later one of a time that happens twice."""
    return local.replace(tzinfo=zone, fold=int(second)).astimezone(UTC)


def second_of(ordinal: int, of_day: int, zone: ZoneInfo) -> int:
    """The second since 1970 in UTC at which a date (by ordinal) is so many local seconds old."""
    if of_day == DAY:
        ordinal, of_day = ordinal + 1, 0
    local = datetime.fromordinal(ordinal) + timedelta(seconds=of_day)
    return (ordinal - EPOCH_ORDINAL) * DAY + of_day - offset(local, zone)


def offset(local: datetime, zone: ZoneInfo) -> int:
    """Seconds that local time (naive) is ahead of UTC, the offset before a change at the change itself."""
    ahead = zone.utcoffset(local)
    assert ahead is not None  # a ZoneInfo always knows
    return ahead.days * DAY + ahead.seconds


def utc(moment: datetime) -> datetime:
    """The same moment in UTC. Two moments of one zone compare and subtract by what the wall shows, which is wrong when
    clocks change; two in UTC do not. Raises TypeError for a moment without a zone."""
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise TypeError("a moment without a zone is no moment")
    return moment.astimezone(UTC)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970; exact. Raises TypeError for a moment without a zone."""
    since = moment - EPOCH
    return (since.days * DAY + since.seconds) * MICRO + since.microseconds


def from_micros(micros: int) -> datetime:
    """The moment in UTC so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=micros)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The date people in the zone have at a moment."""
    return moment.astimezone(zone).date()
