"""What a calendar says: a zone, hours of a week, and the dates that differ (domain.md 5.1). Pure data.

    office = WorkCalendar("Europe/Copenhagen", dict.fromkeys(range(5), ((8 * HOUR, 16 * HOUR),)), holidays={…})

Spans are local times in seconds from midnight, `[begin, end)`. A span may end at 24:00; one whose end is not after its
beginning runs over midnight and is kept as two pieces, the second belonging to the next day and following that day's
rules. For a date the first of these speaks: special hours (none at all: closed that once), make-up working day,
holiday, the weekly hours. Outside its validity a calendar is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from .faults import CalendarFault

HOUR = 3600
DAY = 24 * HOUR
#: Monday is 0, as in `date.weekday()`.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Span = tuple[int, int]
Spans = tuple[Span, ...]

#: Which rule spoke for a date.
SPECIAL, MAKE_UP, HOLIDAY, WEEKLY, NOT_VALID = "special", "make_up", "holiday", "weekly", "not_valid"


@dataclass(frozen=True, slots=True)
class Day:
    """The hours of one date and the rule they come from; `name` is the holiday's, when it has one."""

    spans: Spans
    because: str
    name: str = ""


@dataclass(frozen=True)
class WorkCalendar:
    """One calendar. `make_up` names for a make-up working day (調休) the weekday whose hours it has; `special` holds
    the hours of single dates, `()` for closed; `valid_until` is the first date on which it no longer holds.

    Raises CalendarFault when it cannot be meant: unknown zone, overlapping spans, no open minute.
    """

    zone: str
    weekly: Mapping[int, Spans] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)
    make_up: Mapping[date, int] = field(default_factory=dict)
    special: Mapping[date, Spans] = field(default_factory=dict)
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        zone_of(self.zone)
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise CalendarFault(
                "validity_reversed", since=self.valid_from.isoformat(), until=self.valid_until.isoformat()
            )
        if strange := [day for day in (*self.weekly, *self.make_up.values()) if day not in range(7)]:
            raise CalendarFault("unknown_day", day=strange[0])
        week = _split_week(self.weekly)
        special, carried = _split_dates(self.special)
        object.__setattr__(self, "_week", week)
        object.__setattr__(self, "_special", special)
        object.__setattr__(self, "_carried", carried)
        if not any(week.values()) and not any(special.values()):
            raise CalendarFault("never_open")
        if self.valid_from and self.valid_until and self.valid_until - self.valid_from <= timedelta(days=4000):
            # Short enough to look at every day: it may hold only on holidays.
            days = (self.valid_until - self.valid_from).days
            if not any(self.day(self.valid_from + timedelta(days=n)).spans for n in range(days)):
                raise CalendarFault("never_open")

    @property
    def week(self) -> Mapping[int, Spans]:
        """The weekly hours, sorted, those over midnight in two pieces."""
        return self._week  # type: ignore[attr-defined,no-any-return]

    def day(self, day: date) -> Day:
        """What holds on a date, and by which rule. Hours carried over midnight from special hours of the day before
        are open whatever this day is."""
        carried: Spans = self._carried.get(day, ())  # type: ignore[attr-defined]
        if (self.valid_from and day < self.valid_from) or (self.valid_until and day >= self.valid_until):
            return Day((), NOT_VALID)
        special: Spans | None = self._special.get(day)  # type: ignore[attr-defined]
        if special is not None:
            return Day(joined((*special, *carried)), SPECIAL)
        if day in self.make_up:
            return Day(joined((*self.week[self.make_up[day]], *carried)), MAKE_UP)
        if day in self.holidays:
            return Day(carried, SPECIAL if carried else HOLIDAY, self.holidays[day])
        return Day(joined((*self.week[day.weekday()], *carried)), SPECIAL if carried else WEEKLY)

    def exceptions(self) -> set[date]:
        """Every date on which something else than the weekly hours may hold."""
        return {*self.special, *self._carried, *self.make_up, *self.holidays}  # type: ignore[attr-defined]


def zone_of(name: str) -> ZoneInfo:
    """The time zone of an IANA name; raises CalendarFault for anything else."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # No such file, a path out of the directory of zones, a directory: ZoneInfo has an error for each.
        raise CalendarFault("unknown_zone", zone=name) from None


def clock(second: int) -> str:
    """A second of the day as people write it: `08:00`, `24:00`, `23:59:30`."""
    hours, rest = divmod(second, HOUR)
    return f"{hours:02}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")


def joined(spans: Iterable[Span]) -> Spans:
    """Spans in order, those that touch or overlap made one."""
    out: list[Span] = []
    for begin, end in sorted(spans):
        if out and begin <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((begin, end))
    return tuple(out)


def _split_week(weekly: Mapping[int, Spans]) -> dict[int, Spans]:
    pieces: dict[int, list[Span]] = {day: [] for day in range(7)}
    for day, spans in weekly.items():
        for span in spans:
            today, after = _split(span, WEEKDAYS[day])
            pieces[day].append(today)
            if after:
                pieces[(day + 1) % 7].append(after)
    return {day: _refuse_overlap(found, WEEKDAYS[day]) for day, found in pieces.items()}


def _split_dates(special: Mapping[date, Spans]) -> tuple[dict[date, Spans], dict[date, Spans]]:
    own: dict[date, Spans] = {}
    carried: dict[date, Spans] = {}
    for day, spans in special.items():
        halves = [_split(span, day.isoformat()) for span in spans]
        own[day] = _refuse_overlap([today for today, _ in halves], day.isoformat())
        if after := tuple(after for _, after in halves if after):
            carried[day + timedelta(days=1)] = _refuse_overlap(list(after), day.isoformat())
    return own, carried


def _split(span: Span, day: str) -> tuple[Span, Span | None]:
    begin, end = span
    if not (0 <= begin < DAY and 0 <= end <= DAY):
        raise CalendarFault("not_a_time", day=day, begin=begin, end=end)
    if begin == end:
        raise CalendarFault("empty_span", day=day, at=clock(begin))
    if begin < end:
        return (begin, end), None
    return (begin, DAY), ((0, end) if end else None)


def _refuse_overlap(spans: list[Span], day: str) -> Spans:
    spans.sort()
    for (begin, end), (after, until) in pairwise(spans):
        if after < end:
            raise CalendarFault(
                "overlapping", day=day, first=f"{clock(begin)}–{clock(end)}", second=f"{clock(after)}–{clock(until)}"
            )
    return joined(spans)
