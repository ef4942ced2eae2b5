"""Holidays out of an iCalendar file (RFC 5545), as governments, companies and calendar programs publish them.

Read are all-day events: one day or several (DTEND is the first day after), repeated by DAILY, WEEKLY, MONTHLY and
YEARLY rules, with days taken out (EXDATE), added (RDATE) and moved or renamed (RECURRENCE-ID). Chinese feeds mark a day
off with 休 and a day worked instead with 班; once a feed marks days off, what it leaves unmarked is a festival and no
holiday. A file comes from outside: everything in it is bounded before it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from .documents import Days
from .repeating import UnreadableRule, repeated

#: Bytes, lines, letters of a line, events, events that come again, and dates of a file.
LARGEST, MOST_LINES, LONGEST_LINE, MOST_EVENTS, MOST_RULES, MOST_DATES = 1_000_000, 60_000, 4_000, 5_000, 300, 5_000
#: An event that lasts longer is no holiday.
LONGEST_EVENT = 62
#: Which weekday's hours a make-up day has; feeds do not tell.
USUAL = "mon"

_KEPT = {
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SUMMARY", "STATUS",
    "X-APPLE-SPECIAL-DAY",
}  # fmt: skip
_OFF = re.compile(r"[（(\[【]\s*休\s*[)）\]】]|\s休$|^休[\s:：]|放假|休假|休息日")
_WORKED = re.compile(
    r"[（(\[【]\s*班\s*[)）\]】]|[\s\w]班$|^班([\s:：]|$)|[补補]班|上班|加班日|调休工作|補行上班"
    r"|\b(make-?up|substitute|compensatory) (work(ing)? ?day|day of work)\b|\bworking (saturday|sunday)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"\s*([（(\[【]\s*[休班]\s*[)）\]】]|[\s·:：-]+[休班]$)")


#: What can be the matter with a file or its address; `refused` has the status of the answer as its detail.
TROUBLES = ("not_a_calendar_file", "too_large", "no_dates", "not_called", "no_answer", "refused", "unknown_country")


class UnreadableFeed(ValueError):
    """A file that is not read, or an address that does not give one; `code` and `detail` as in `TROUBLES`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Feed:
    """What a file says, and how many of its events are no holidays (with a time of day, unmarked, not understood)."""

    days: Days
    left_out: int


@dataclass(frozen=True, slots=True)
class _Event:
    uid: str
    name: str
    first: date
    length: int
    rule: Any
    without: frozenset[date]
    added: tuple[date, ...]
    replaces: date | None
    marked_off: bool
    worked: bool


def read(raw: bytes, since: date, until: date) -> Feed:
    """The holidays of a file from `since` to before `until`. Raises UnreadableFeed."""
    if len(raw) > LARGEST or raw.upper().count(b"END:VEVENT") > MOST_EVENTS:
        raise UnreadableFeed("too_large")
    events, left_out = [], 0
    for component in _components(raw):
        event = _event(component)
        if event is None:
            left_out += 1
        else:
            events.append(event)
    if sum(event.rule is not None for event in events) > MOST_RULES:
        raise UnreadableFeed("too_large")
    if any(event.marked_off for event in events):
        left_out += sum(not (event.marked_off or event.worked) for event in events)
        events = [event for event in events if event.marked_off or event.worked]
    replaced: dict[str, set[date]] = {}
    for event in events:
        if event.replaces:
            replaced.setdefault(event.uid, set()).add(event.replaces)
    off: dict[str, str] = {}
    make_up: dict[str, str] = {}
    for event in events:
        gone = event.without | (frozenset() if event.replaces else frozenset(replaced.get(event.uid, ())))
        try:
            for day in _days(event, gone, since, until):
                _put(event, day.isoformat(), off, make_up)
        except UnreadableRule:
            left_out += 1
    if not off and not make_up:
        raise UnreadableFeed("no_dates")
    off = {day: name for day, name in off.items() if day not in make_up}
    return Feed(Days(dict(sorted(off.items())), dict(sorted(make_up.items()))), left_out)


def _put(event: _Event, day: str, off: dict[str, str], make_up: dict[str, str]) -> None:
    if event.worked:
        make_up[day] = USUAL
    elif day not in off:
        off[day] = event.name
    elif event.name not in off[day].split(" / "):
        off[day] = f"{off[day]} / {event.name}"[:200]
    if len(off) + len(make_up) > MOST_DATES:
        raise UnreadableFeed("too_large")


def _days(event: _Event, gone: frozenset[date], since: date, until: date) -> Iterator[date]:
    for first in _firsts(event, since, until):
        if first in gone:
            continue
        for n in range(event.length):
            day = first + timedelta(days=n)
            if since <= day < until:
                yield day


def _firsts(event: _Event, since: date, until: date) -> Iterable[date]:
    early = since - timedelta(days=LONGEST_EVENT)
    if event.rule is None or event.replaces:
        firsts: Iterable[date] = (event.first,)
    else:
        firsts = repeated(event.rule, event.first, early, until)
    return (day for day in (*firsts, *event.added) if early <= day < until)


def _event(component: Any) -> _Event | None:
    """An all-day event; None for one that is none, or that cannot be understood."""
    try:
        if str(component.get("STATUS", "")).upper() == "CANCELLED":
            return None
        first = _date(component, "DTSTART")
        if first is None:
            return None
        length = _length(component, first)
        name = " ".join(str(component.get("SUMMARY", "")).split())[:200]
        special = str(component.get("X-APPLE-SPECIAL-DAY", "")).upper()
        worked = special == "ALTERNATE-WORKDAY" or bool(_WORKED.search(name))
        return _Event(
            str(component.get("UID", "")),
            _MARK.sub("", name).strip() or name,
            first,
            length,
            component.get("RRULE"),
            frozenset(_dates(component, "EXDATE")),
            tuple(_dates(component, "RDATE")),
            _date(component, "RECURRENCE-ID"),
            not worked and (special == "WORK-HOLIDAY" or bool(_OFF.search(name))),
            worked,
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
        return None  # whatever a stranger's file holds instead of a date


def _length(component: Any, first: date) -> int:
    """How many days it lasts."""
    last = _date(component, "DTEND")
    if last is not None:
        days = (last - first).days
    else:
        duration = component.get("DURATION")
        days = duration.dt.days if duration is not None else 1
    if days > LONGEST_EVENT:
        raise ValueError("too long for a holiday")
    return max(days, 1)


def _date(component: Any, name: str) -> date | None:
    found = component.get(name)
    if found is None:
        return None
    value = found[0].dt if isinstance(found, list) else found.dt
    if isinstance(value, datetime):
        if name == "DTSTART" and (value.hour, value.minute, value.second) == (0, 0, 0) and _whole_days(component):
            return value.date()
        if name == "DTSTART":
            raise ValueError("an hour of a day is no holiday")
        return value.date()
    if not isinstance(value, date):
        raise ValueError("no date")
    return value


def _whole_days(component: Any) -> bool:
    begin, end = component.get("DTSTART"), component.get("DTEND")
    return end is not None and isinstance(end.dt, datetime) and (end.dt - begin.dt) % timedelta(days=1) == timedelta()


def _dates(component: Any, name: str) -> Iterator[date]:
    found = component.get(name)
    for group in found if isinstance(found, list) else [found] if found is not None else []:
        for one in group.dts[:MOST_DATES]:
            yield one.dt.date() if isinstance(one.dt, datetime) else one.dt


def _components(raw: bytes) -> Iterator[Any]:
    """The events of a file, each read by itself, so that one that is broken spoils no other. Only events of the file
    itself, and of them only what is needed, reach the reader: no alarms, no attachments, no rules of time zones."""
    from icalendar import Event

    lines = _lines(raw)
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise UnreadableFeed("not_a_calendar_file")
    opened: list[str] = []
    kept: list[str] = []
    for line in lines:
        name = re.split("[:;]", line, maxsplit=1)[0].upper()
        if name == "BEGIN":
            opened.append(line.partition(":")[2].strip().upper())
            if len(opened) == 2 and opened[1] == "VEVENT":
                kept = []
        elif name == "END":
            if opened == ["VCALENDAR", "VEVENT"]:
                try:
                    yield Event.from_ical("\r\n".join(["BEGIN:VEVENT", *kept, "END:VEVENT", ""]))
                except (ValueError, TypeError, IndexError, KeyError, AttributeError):
                    yield {}
            if opened:
                opened.pop()
        elif opened == ["VCALENDAR", "VEVENT"] and name in _KEPT and len(line) <= LONGEST_LINE:
            kept.append(_without_zone(line))


def _without_zone(line: str) -> str:
    """A line without the name of its time zone: the date on the wall is what counts."""
    head, colon, value = line.partition(":")
    return re.sub(r';TZID=("[^"]*"|[^;:]*)', "", head, flags=re.IGNORECASE) + colon + value


def _lines(raw: bytes) -> list[str]:
    """Unfolded lines; raises UnreadableFeed when there are too many of them."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFeed("not_a_calendar_file") from None
    if "\x00" in text:
        raise UnreadableFeed("not_a_calendar_file")
    unfolded: list[list[str]] = []
    for line in re.split(r"\r\n|\n|\r", text):
        if line[:1] in (" ", "\t") and unfolded:
            unfolded[-1].append(line[1:])
        elif line:
            unfolded.append([line])
        if len(unfolded) > MOST_LINES:
            raise UnreadableFeed("too_large")
    return ["".join(parts) for parts in unfolded]
