"""When a desk is open: weekly hours as people write them, a time zone, closed days. Pure.

    hours = DeskHours(parse_week("Mon–Fri 07–19, Sat 9–12"), ZoneInfo("Europe/Copenhagen"), frozenset())

Hours are wall-clock hours: 07:00 is 07:00 before and after the clocks change, so a span may be an hour longer or
shorter on that night. Agreements with targets will be counted by calendars of their own; this answers a caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

#: Minutes of a day.
DAY = 24 * 60
#: A desk that does not open within this many days has no hours worth naming.
HORIZON_DAYS = 400

Span = tuple[int, int]  # minutes from midnight, the end not included; the end may be DAY
Week = Mapping[int, tuple[Span, ...]]  # 0 is Monday

_DAYS = (
    ("mon", "monday", "man", "mandag", "周一", "星期一", "週一"),
    ("tue", "tuesday", "tues", "tir", "tirsdag", "周二", "星期二", "週二"),
    ("wed", "wednesday", "ons", "onsdag", "周三", "星期三", "週三"),
    ("thu", "thursday", "thur", "thurs", "tor", "torsdag", "周四", "星期四", "週四"),
    ("fri", "friday", "fre", "fredag", "周五", "星期五", "週五"),
    ("sat", "saturday", "lør", "lørdag", "周六", "星期六", "週六"),
    ("sun", "sunday", "søn", "søndag", "周日", "星期日", "週日", "周天"),
)
_DAY_OF = {name: number for number, names in enumerate(_DAYS) for name in names}
_TO = r"\s*(?:-|–|—|to|til|至|到)\s*"
_NAME = r"(?:" + "|".join(sorted(_DAY_OF, key=len, reverse=True)) + r")"
_PIECES = re.compile(
    rf"(?P<days>(?P<first>{_NAME})\.?(?:{_TO}(?P<last>{_NAME})\.?)?(?![a-zæøå]))"
    rf"|(?P<hours>(?P<from>\d{{1,2}})(?:[:.](?P<fm>\d\d))?{_TO}(?P<until>\d{{1,2}})(?:[:.](?P<um>\d\d))?(?!\d))"
    r"|(?P<gap>[\s,;:+&/、，；]+|\band\b|\bog\b|和)",
    re.IGNORECASE,
)


class Unreadable(ValueError):
    """The words are not hours; `at` is what could not be read."""

    def __init__(self, at: str) -> None:
        super().__init__(at)
        self.at = at


def parse_week(text: str) -> Week:
    """Weekly hours from words such as `Mon–Fri 07–19, Sat 9:30–12`, `24/7`, or nothing at all (an empty week).

    Days may be English, Danish or Chinese; a span past midnight (`22–06`) runs into the next day. Raises Unreadable
    for anything else.
    """
    words = text.strip()
    if words.replace(" ", "") == "24/7":
        return dict.fromkeys(range(7), ((0, DAY),))
    open_on: dict[int, set[int]] = {day: set() for day in range(7)}
    days: list[int] = []
    spoken, at = True, 0
    while at < len(words):
        found = _PIECES.match(words, at)
        if found is None or found.end() == at:
            raise Unreadable(words[at : at + 20])
        if found["days"]:
            # Days pile up until hours come: "Mon, Wed 9-12" means both.
            days = _between(found["first"], found["last"]) + ([] if spoken else days)
            spoken = False
        elif found["hours"]:
            if not days:
                raise Unreadable(found["hours"])
            _open(open_on, days, _span(found))
            spoken = True
        at = found.end()
    if not spoken:
        raise Unreadable(words[-20:])
    return {day: _joined(minutes) for day, minutes in open_on.items() if minutes}


def _between(first: str, last: str | None) -> list[int]:
    start = _DAY_OF[first.lower()]
    end = _DAY_OF[last.lower()] if last else start
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _span(found: re.Match[str]) -> Span:
    start, end = int(found["from"]) * 60 + int(found["fm"] or 0), int(found["until"]) * 60 + int(found["um"] or 0)
    minutes_fit = int(found["fm"] or 0) < 60 and int(found["um"] or 0) < 60
    if start >= DAY or end > DAY or start == end or not minutes_fit:
        raise Unreadable(found["hours"])
    return start, end


def _open(open_on: dict[int, set[int]], days: list[int], span: Span) -> None:
    start, end = span
    for day in days:
        if start < end:
            open_on[day].update(range(start, end))
        else:
            open_on[day].update(range(start, DAY))
            open_on[(day + 1) % 7].update(range(end))


def _joined(minutes: set[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for minute in sorted(minutes):
        if spans and spans[-1][1] == minute:
            spans[-1] = (spans[-1][0], minute + 1)
        else:
            spans.append((minute, minute + 1))
    return tuple(spans)


def parse_days(text: str) -> frozenset[date]:
    """Closed days from `2026-12-24, 2026-12-25`; raises Unreadable."""
    days = set()
    for word in re.split(r"[\s,;]+", text.strip()):
        if not word:
            continue
        try:
            days.add(date.fromisoformat(word))
        except ValueError:
            raise Unreadable(word) from None
    return frozenset(days)


def grouped(week: Week) -> list[tuple[int, int, tuple[Span, ...]]]:
    """(first day, last day, spans) of each run of days with the same hours, to be said in words."""
    runs: list[tuple[int, int, tuple[Span, ...]]] = []
    for day in range(7):
        spans = week.get(day, ())
        if not spans:
            continue
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    return runs


@dataclass(frozen=True)
class DeskHours:
    """Weekly hours in a zone, but for closed days."""

    week: Week
    zone: tzinfo
    closed: frozenset[date] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return any(self.week.values())

    def is_open(self, now: datetime) -> bool:
        """Is somebody there at this moment (aware)?"""
        return any(start <= now < end for start, end in self._spans(now, now + timedelta(minutes=1)))

    def next_opening(self, now: datetime) -> datetime | None:
        """When it opens next, in UTC: now itself when it is open; None when it does not within HORIZON_DAYS."""
        if not self:
            return None
        for start, end in self._spans(now, now + timedelta(days=HORIZON_DAYS)):
            if end > now:
                return max(start, now.astimezone(UTC))
        return None

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between two moments the desk was open; nothing when `end` is not after `start`."""
        total = timedelta()
        for opens, closes in self._spans(start, end):
            total += max(timedelta(), min(closes, end) - max(opens, start))
        return total

    def _spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open stretches in UTC that touch the days from `start` to `end`, in order."""
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            if day not in self.closed:
                for opens, closes in self.week.get(day.weekday(), ()):
                    yield self._moment(day, opens), self._moment(day, closes)
            day += timedelta(days=1)

    def _moment(self, day: date, minute: int) -> datetime:
        if minute == DAY:
            day, minute = day + timedelta(days=1), 0
        local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=self.zone)
        return local.astimezone(UTC)
