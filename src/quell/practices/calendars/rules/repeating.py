"""When a holiday comes again: the part of RFC 5545's recurrence rules that days of a calendar use. A rule that asks
for more (hours, week numbers, positions in a set) is refused rather than half understood."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}
_PLACED = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
#: Values of one part of a rule.
MOST_VALUES = 62


class UnreadableRule(ValueError):
    """A rule that is not understood."""


def repeated(rule: Mapping[str, Any], first: date, since: date, until: date) -> Iterator[date]:
    """The days of a rule from its first one on, before `until`; those before `since` may be left out. Raises
    UnreadableRule."""
    if not set(rule) <= _KNOWN:
        raise UnreadableRule
    every, count, last = _number(rule, "INTERVAL", 1), _number(rule, "COUNT", 0), _last(rule)
    end = min(until, last + timedelta(days=1)) if last else until
    told = 0
    # Without a count, the days before anybody asks need not be gone through one by one.
    early = first if count else max(first, since)
    for day in _candidates(rule, first, every, early, end):
        if day < first:
            continue
        if day >= end or (count and told >= count):
            return
        told += 1
        yield day


def _candidates(rule: Mapping[str, Any], first: date, every: int, early: date, end: date) -> Iterator[date]:
    frequency = _values(rule, "FREQ")[0].upper()
    if frequency == "DAILY" and not _narrowed(rule, "BYMONTH", "BYMONTHDAY", "BYDAY"):
        yield from _stepping(first, timedelta(days=every), early, end)
    elif frequency == "WEEKLY" and not _narrowed(rule, "BYMONTH", "BYMONTHDAY"):
        days = sorted(_weekday(text) for text in _values(rule, "BYDAY")) or [first.weekday()]
        monday = first - timedelta(days=first.weekday())
        for week in _stepping(monday, timedelta(weeks=every), early, end):
            yield from (week + timedelta(days=day) for day in days)
    elif frequency in ("MONTHLY", "YEARLY"):
        yield from _by_month(rule, first, every, end, frequency == "YEARLY")
    else:
        raise UnreadableRule


def _by_month(rule: Mapping[str, Any], first: date, every: int, end: date, yearly: bool) -> Iterator[date]:
    months = sorted(_whole(text, 1, 12) for text in _values(rule, "BYMONTH"))
    placed = [_placed(text) for text in _values(rule, "BYDAY")]
    of_month = [_whole(text, -31, 31) for text in _values(rule, "BYMONTHDAY")]
    if yearly and placed and not months:
        raise UnreadableRule  # the twentieth Monday of a year is no holiday of anybody
    step = 12 * every if yearly else every
    begin = first.year * 12 + (0 if yearly else first.month - 1)
    for base in range(begin, end.year * 12 + 12, step):
        for month in months or [first.month] if yearly else [base % 12 + 1]:
            if months and month not in months:
                continue
            yield from sorted(_in_month(base // 12, month, placed, of_month, first.day))


def _in_month(year: int, month: int, placed: list[tuple[int, int]], of_month: list[int], usual: int) -> set[date]:
    days = calendar.monthrange(year, month)[1]
    numbered = {n if n > 0 else days + 1 + n for n in of_month or ([] if placed else [usual])}
    found = {date(year, month, n) for n in numbered if 1 <= n <= days}
    if not placed:
        return found
    by_weekday: set[date] = set()
    for nth, weekday in placed:
        all_of_them = [d for n in range(1, days + 1) if (d := date(year, month, n)).weekday() == weekday]
        if not nth:
            by_weekday.update(all_of_them)
        elif -len(all_of_them) <= nth <= len(all_of_them):
            by_weekday.add(all_of_them[nth - 1 if nth > 0 else nth])
    return by_weekday & found if of_month else by_weekday


def _stepping(first: date, step: timedelta, early: date, end: date) -> Iterator[date]:
    first += max((early - first) // step, 0) * step
    while first < end:
        yield first
        first += step


def _values(rule: Mapping[str, Any], name: str) -> list[str]:
    found = rule.get(name, [])
    values = [str(one) for one in (found if isinstance(found, (list, tuple)) else [found])]
    if len(values) > MOST_VALUES or (name == "FREQ" and not values):
        raise UnreadableRule
    return values


def _narrowed(rule: Mapping[str, Any], *names: str) -> bool:
    return any(name in rule for name in names)


def _number(rule: Mapping[str, Any], name: str, usual: int) -> int:
    values = _values(rule, name)
    return _whole(values[0], 1, 10_000) if values else usual


def _whole(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?\d{1,5}", text) or not least <= int(text) <= most or int(text) == 0:
        raise UnreadableRule
    return int(text)


def _last(rule: Mapping[str, Any]) -> date | None:
    found = rule.get("UNTIL")
    value = found[0] if isinstance(found, (list, tuple)) and found else found
    if isinstance(value, datetime):
        return value.date()
    if value is not None and not isinstance(value, date):
        raise UnreadableRule
    return value


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise UnreadableRule
    return WEEKDAYS.index(text)


def _placed(text: str) -> tuple[int, int]:
    match = _PLACED.fullmatch(text)
    if not match:
        raise UnreadableRule
    return int(match.group(1) or 0), WEEKDAYS.index(match.group(2))
