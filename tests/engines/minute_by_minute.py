"""Working time the slow way, for comparison: every minute of a few weeks looked at, one after the other.

Nothing here is shared with the engine but the words of domain.md 5.1: which minute a local time is, is found by
reading the wall clock at every minute in UTC, and what is open is a row of ones and zeros.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from quell.engines.businesstime.calendar import WorkCalendar

MINUTES = 1440
DAYS = 24
#: A zone and the first day of three weeks in it: changes of an hour forward and back, of half an hour, at midnight,
#: of a whole day, and none.
WINDOWS = (
    ("Europe/Copenhagen", date(2026, 3, 18)),
    ("Europe/Copenhagen", date(2026, 10, 14)),
    ("America/New_York", date(2026, 3, 1)),
    ("America/New_York", date(2026, 10, 22)),
    ("Asia/Shanghai", date(2026, 9, 10)),
    ("Australia/Lord_Howe", date(2026, 9, 24)),
    ("Australia/Lord_Howe", date(2026, 3, 26)),
    ("America/Santiago", date(2026, 8, 27)),
    ("America/Santiago", date(2026, 3, 26)),
    ("Pacific/Apia", date(2011, 12, 20)),
    ("Asia/Kolkata", date(2026, 12, 20)),
    ("Atlantic/Azores", date(2026, 10, 14)),
)

Pieces = dict[int, list[tuple[int, int]]]


@cache
def wall(zone: str, first: date) -> tuple[int, dict[int, int]]:
    """The first minute looked at, and for every local minute (counted from year 1) when it is first, in UTC. A minute
    that the wall clock never shows is read with the offset valid before."""
    tz = ZoneInfo(zone)
    begin = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()) // 60 - 2 * MINUTES
    seen: dict[int, int] = {}
    latest = 0
    for utc in range(begin, begin + (DAYS + 4) * MINUTES):
        local = datetime.fromtimestamp(utc * 60, tz)
        label = local.toordinal() * MINUTES + local.hour * 60 + local.minute
        if label not in seen:
            for missing in range(latest + 1, label) if latest and label > latest else ():
                seen[missing] = seen[latest] + missing - latest
            seen[label] = utc
            latest = label
    return begin, seen


@cache
def shown_dates(zone: str, first: date) -> frozenset[int]:
    """Which dates the wall clock shows at all."""
    begin, _ = wall(zone, first)
    tz = ZoneInfo(zone)
    return frozenset(
        datetime.fromtimestamp((begin + step) * 60, tz).toordinal() for step in range(0, (DAYS + 4) * MINUTES, 30)
    )


@dataclass
class Made:
    """A calendar made by lot, in the engine's words and as pieces of days."""

    zone: str
    week: Pieces
    holidays: set[date] = field(default_factory=set)
    make_up: dict[date, int] = field(default_factory=dict)
    special: dict[date, list[tuple[int, int]]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None

    def calendar(self, lot: random.Random) -> WorkCalendar:
        """The same for the engine; pieces that meet at midnight are sometimes told as one span over it."""
        weekly = {day: list(pieces) for day, pieces in self.week.items()}
        for day in range(7):
            after = weekly.get((day + 1) % 7, [])
            mine = weekly.get(day, [])
            if mine and after and mine[-1][1] == MINUTES and after[0][0] == 0 and lot.random() < 0.7:
                if mine[-1][0] > after[0][1]:
                    mine[-1] = (mine[-1][0], after.pop(0)[1])
        return WorkCalendar(
            self.zone,
            {day: tuple((a * 60, b * 60) for a, b in spans) for day, spans in weekly.items()},
            dict.fromkeys(self.holidays, "holiday"),
            self.make_up,
            {day: tuple((a * 60, b * 60) for a, b in spans) for day, spans in self.special.items()},
            self.since,
            self.until,
        )

    def open_minutes(self, first: date, zone: str) -> bytearray:
        """One byte for every minute from the first that `wall` looked at for (zone, first)."""
        begin, _ = wall(zone, first)
        _, seen = wall(self.zone, first)
        row = bytearray((DAYS + 4) * MINUTES)
        for step in range(-1, DAYS + 1):
            day = first + timedelta(days=step)
            if day.toordinal() not in shown_dates(self.zone, first):
                continue
            midnight = seen[(day.toordinal() + 1) * MINUTES]
            for a, b in self._of(day):
                opens = seen[day.toordinal() * MINUTES + a]
                closes = min(seen[day.toordinal() * MINUTES + b], midnight)
                part = slice(max(opens - begin, 0), max(closes - begin, 0))
                row[part] = b"\1" * len(row[part])
        return row

    def _of(self, day: date) -> list[tuple[int, int]]:
        if (self.since and day < self.since) or (self.until and day >= self.until):
            return []
        if day in self.special:
            return self.special[day]
        if day in self.make_up:
            return self.week.get(self.make_up[day], [])
        if day in self.holidays:
            return []
        return self.week.get(day.weekday(), [])


class Bitmap:
    """Questions to a row of minutes; moments are minutes since 1970."""

    def __init__(self, begin: int, row: bytes) -> None:
        self.begin = begin
        self.sums = [0, *accumulate(row)]

    def elapsed(self, a: int, b: int) -> int:
        return self.sums[b - self.begin] - self.sums[a - self.begin]

    def add(self, a: int, amount: int) -> int | None:
        """The earliest minute, or None when it lies beyond the row."""
        wanted = self.sums[a - self.begin] + amount
        if amount == 0:
            return a
        return self.begin + bisect_left(self.sums, wanted) if wanted <= self.sums[-1] else None


def by_lot(lot: random.Random, zone: str, first: date) -> Made:
    """Any calendar at all, with something open."""
    days = [first + timedelta(days=n) for n in range(DAYS)]
    week = {day: spans for day in range(7) if (spans := _spans(lot)) and lot.random() < 0.85}
    if lot.random() < 0.1:
        week = {day: [(0, MINUTES)] for day in range(7)}
    made = Made(zone, week or {0: [(480, 960)]})
    made.holidays = set(lot.sample(days, lot.randrange(4)))
    made.make_up = {day: lot.randrange(7) for day in lot.sample(days, lot.randrange(4))}
    made.special = {day: _spans(lot) if lot.random() < 0.7 else [] for day in lot.sample(days, lot.randrange(4))}
    if lot.random() < 0.2:
        made.since = lot.choice(days[:8])
    if lot.random() < 0.2:
        made.until = lot.choice(days[-8:])
    return made


def _spans(lot: random.Random) -> list[tuple[int, int]]:
    grain = lot.choice((1, 15, 30, 60))
    cuts = sorted(lot.sample(range(0, MINUTES + 1, grain), 2 * lot.randrange(1, 4)))
    if lot.random() < 0.3:
        cuts[-1] = MINUTES
    if lot.random() < 0.3:
        cuts[0] = 0
    return list(zip(cuts[::2], cuts[1::2], strict=True))
