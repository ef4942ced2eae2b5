"""From what a calendar says to open time in UTC (domain.md 5.1 rule 4).

Local spans are mapped day by day: a span with the spring gap inside is shorter, one with the doubled hour longer. A
day's hours stay inside that day, so a date that a zone left out altogether (Samoa, 30 December 2011) has none.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from .calendar import DAY, Spans, WorkCalendar, zone_of
from .combining import UNION, Combined, Source, Stretch, intersection, union
from .local import EPOCH_ORDINAL, offset, second_of


def open_time(source: Source, first: date, last: date) -> list[Stretch]:
    """All open stretches of the dates from `first` to before `last` in the calendar's own zone, in seconds UTC."""
    if isinstance(source, Combined):
        runs = [open_time(part, first, last) for part in source.parts]
        return union(runs) if source.kind == UNION else intersection(runs)
    return _of_calendar(source, first.toordinal(), last.toordinal())


def _of_calendar(calendar: WorkCalendar, first: int, last: int) -> list[Stretch]:
    zone = zone_of(calendar.zone)
    if calendar.valid_from:
        first = max(first, calendar.valid_from.toordinal())
    if calendar.valid_until:
        last = min(last, calendar.valid_until.toordinal())
    week = tuple(calendar.week[day] for day in range(7))
    exceptions = {day.toordinal(): calendar.day(day).spans for day in calendar.exceptions()}
    out: list[Stretch] = []
    closed_at = -(1 << 62)
    ahead = offset(datetime.fromordinal(first), zone)
    for ordinal in range(first, last):
        before, ahead = ahead, offset(datetime.fromordinal(ordinal + 1), zone)
        spans = exceptions.get(ordinal)
        if spans is None:
            spans = week[(ordinal - 1) % 7]
        if not spans:
            continue
        if before == ahead:  # no change of clocks this day: plain sums
            midnight = (ordinal - EPOCH_ORDINAL) * DAY - ahead
            stretches = [(midnight + begin, midnight + end) for begin, end in spans]
        else:
            stretches = _on_a_changing_day(ordinal, spans, zone)
        for opens, closes in stretches:
            if opens <= closed_at:
                if closes > closed_at:
                    out[-1] = (out[-1][0], closes)
                    closed_at = closes
            else:
                out.append((opens, closes))
                closed_at = closes
    return out


def _on_a_changing_day(ordinal: int, spans: Spans, zone: ZoneInfo) -> list[Stretch]:
    """Every end mapped by itself. Times inside the gap move behind it, so two spans may come to overlap, and one that
    begins inside the gap may end before it begins: then it is empty."""
    midnight = second_of(ordinal, DAY, zone)
    mapped = [(second_of(ordinal, begin, zone), min(second_of(ordinal, end, zone), midnight)) for begin, end in spans]
    return sorted((opens, closes) for opens, closes in mapped if opens < closes)
