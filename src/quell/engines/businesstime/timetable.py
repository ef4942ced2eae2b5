"""Working time counted: elapsed, add, subtract, next open (domain.md 5.1). Two binary searches each, exact.

A timetable holds the open stretches of its calendar with running totals and compiles them when it is first asked,
further when it is asked further. Answers are a function of calendar and question alone; a timetable may be shared by
threads, because growing puts a whole new table in place of the old one.

Moments are aware datetimes, amounts timedeltas. Inside, and for callers who count millions, both are whole
microseconds (since 1970), which is exact for every moment PostgreSQL keeps.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from .calendar import DAY, zone_of
from .combining import Source
from .compiling import open_time
from .faults import CalendarFault
from .local import EPOCH_ORDINAL, MICRO, from_micros, to_micros

#: Moments before the first and from the last of these years on are refused.
FIRST_YEAR, LAST_YEAR = 1970, 2100
#: Zones are up to 26 hours apart, so the parts of a combination begin and end apart too: a table answers for all but
#: its outermost two days.
_MARGIN = 2 * DAY * MICRO
_YEAR = 366 * DAY * MICRO
_AHEAD = 4
_MICROSECOND = timedelta(microseconds=1)
"""Years compiled beyond what was asked for, so that a due moment is rarely a second compilation away."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Open time between `begins` and `ends`: when each stretch opens and closes, how much was open before it and
    after it. Everything in microseconds."""

    begins: int
    ends: int
    first_year: int
    last_year: int
    opens: list[int]
    closes: list[int]
    before: list[int]
    after: list[int]


def table_of(source: Source, first_year: int, last_year: int) -> Table:
    """The table of the years from `first_year` to before `last_year`."""
    first, last = date(first_year, 1, 1), date(last_year, 1, 1)
    stretches = open_time(source, first, last)
    opens = [opening * MICRO for opening, _ in stretches]
    closes = [closing * MICRO for _, closing in stretches]
    after = list(accumulate((closing - opening) * MICRO for opening, closing in stretches))
    edge = [(day.toordinal() - EPOCH_ORDINAL) * DAY * MICRO for day in (first, last)]
    return Table(
        edge[0] + _MARGIN, edge[1] - _MARGIN, first_year, last_year, opens, closes, [0, *after[:-1]], after
    )  # fmt: skip


class Timetable:
    """The open time of a calendar. Every question raises TypeError for a moment without a zone and CalendarFault
    (`out_of_range`) for one outside the years 1970 to 2099."""

    __slots__ = ("_table", "source", "zone")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.zone: ZoneInfo = zone_of(source.zone)
        self._table: Table | None = None

    def __repr__(self) -> str:
        return f"Timetable({self.source!r})"

    def elapsed(self, begin: datetime, end: datetime) -> timedelta:
        """How much of `[begin, end)` was open; negative when `end` lies before `begin`."""
        return timedelta(microseconds=self.elapsed_micros(to_micros(begin), to_micros(end)))

    def add(self, begin: datetime, amount: timedelta) -> datetime | None:
        """The earliest moment at which `amount` of open time has passed since `begin`: closing time, not the next
        opening, when it is used up just then (the tie rule). A negative amount counts back as `subtract` does. None
        when the calendar never has so much time left."""
        micros = self.add_micros(to_micros(begin), (amount.days * DAY + amount.seconds) * MICRO + amount.microseconds)
        return None if micros is None else from_micros(micros)

    def add_each(self, begin: datetime, amounts: Iterable[timedelta]) -> list[datetime | None]:
        """`add` for several amounts at once."""
        first = to_micros(begin)
        found = [self.add_micros(first, amount // _MICROSECOND) for amount in amounts]
        return [None if micros is None else from_micros(micros) for micros in found]

    def subtract(self, end: datetime, amount: timedelta) -> datetime | None:
        """The latest moment from which `amount` of open time passes until `end`; None when there never was so much."""
        return self.add(end, -amount)

    def is_open(self, moment: datetime) -> bool:
        """Is it open just now?"""
        at = to_micros(moment)
        table = self.covering(at, at)
        place = bisect_right(table.opens, at) - 1
        return place >= 0 and at < table.closes[place]

    def next_open(self, moment: datetime) -> datetime | None:
        """The first open moment from here on, this one included; None when it never opens again."""
        at = self.next_open_micros(to_micros(moment))
        return None if at is None else from_micros(at)

    def last_open(self, moment: datetime) -> datetime | None:
        """The moment itself when it was open until then, or else when it closed last; None when it never had."""
        at = to_micros(moment)
        table = self.covering(at, at)
        while True:
            place = bisect_left(table.opens, at) - 1
            if place >= 0 and table.closes[place] >= table.begins:
                return from_micros(min(at, table.closes[place]))
            if table.first_year <= FIRST_YEAR:
                return None
            table = self._grown(table.first_year - 10, table.last_year)

    def stretches(self, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches within `[begin, end)`, in order."""
        first, last = to_micros(begin), to_micros(end)
        table = self.covering(min(first, last), max(first, last))
        for place in range(bisect_right(table.closes, first), len(table.opens)):
            if table.opens[place] >= last:
                return
            yield from_micros(max(table.opens[place], first)), from_micros(min(table.closes[place], last))

    # In microseconds: the same, for whoever counts many.

    def elapsed_micros(self, begin: int, end: int) -> int:
        """`elapsed` in microseconds since 1970."""
        table = self._table
        if table is None or begin < table.begins or end > table.ends or begin > table.ends or end < table.begins:
            table = self.covering(min(begin, end), max(begin, end))
        return _total(table, end) - _total(table, begin)

    def add_micros(self, begin: int, amount: int) -> int | None:
        """`add` in microseconds since 1970."""
        table = self._table
        if table is None or begin < table.begins or begin > table.ends:
            table = self.covering(begin, begin)
        if amount == 0:
            return begin
        while True:
            wanted = _total(table, begin) + amount
            if amount > 0:
                place = bisect_left(table.after, wanted)
                if place < len(table.after):
                    found = table.closes[place] - (table.after[place] - wanted)
                    if found <= table.ends:
                        return found
                if table.last_year >= LAST_YEAR:
                    return None
                table = self._grown(table.first_year, table.last_year + 10)
            else:
                place = bisect_right(table.before, wanted) - 1
                if place >= 0 and wanted >= 0:
                    found = table.opens[place] + wanted - table.before[place]
                    if found >= table.begins:
                        return found
                if table.first_year <= FIRST_YEAR:
                    return None
                table = self._grown(table.first_year - 10, table.last_year)

    def next_open_micros(self, moment: int) -> int | None:
        """`next_open` in microseconds since 1970."""
        table = self.covering(moment, moment)
        while True:
            place = bisect_right(table.closes, moment)
            if place < len(table.closes) and table.opens[place] <= table.ends:
                return max(moment, table.opens[place])
            if table.last_year >= LAST_YEAR:
                return None
            table = self._grown(table.first_year, table.last_year + 10)

    def covering(self, first: int, last: int) -> Table:
        """A table that answers for all moments from `first` to `last`."""
        table = self._table
        if table is not None and table.begins <= first and last <= table.ends:
            return table
        earliest, latest = first // _YEAR + 1970 - 1, last // (365 * DAY * MICRO) + 1970 + _AHEAD
        if table is not None:
            earliest, latest = min(earliest, table.first_year), max(latest, table.last_year)
        table = self._grown(earliest, latest)
        if first < table.begins - _MARGIN or last > table.ends + _MARGIN:
            raise CalendarFault("out_of_range", first=FIRST_YEAR, last=LAST_YEAR - 1)
        return table

    def _grown(self, first_year: int, last_year: int) -> Table:
        table = table_of(self.source, max(first_year, FIRST_YEAR), min(last_year, LAST_YEAR))
        self._table = table
        return table


def _total(table: Table, moment: int) -> int:
    """Open time of the table before a moment."""
    place = bisect_right(table.opens, moment) - 1
    if place < 0:
        return 0
    closes = table.closes[place]
    return table.after[place] if moment >= closes else table.after[place] - closes + moment
