"""From what a person edits to what is counted by: weekly hours, holiday sets and single dates become one document.

For a date the first of these speaks (domain.md 5.1 rule 2): a single date of the calendar itself, a make-up day of a
holiday set, a holiday of a set, the weekly hours. The document is the form of `engines.businesstime.reading`, with the
holidays written in, so that it says the same for ever whatever becomes of the sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from quell.engines.businesstime.combining import Source
from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.reading import parsed
from quell.engines.businesstime.timetable import Timetable

WEEKLY, UNION, INTERSECTION = "weekly", "union", "intersection"
#: Kinds of single dates.
CLOSED, SPECIAL, MAKE_UP = "closed", "special", "make_up"


@dataclass(frozen=True, slots=True)
class Days:
    """What a holiday set says: dates off with their names, and days worked with the weekday whose hours they have."""

    off: Mapping[str, str] = field(default_factory=dict)
    make_up: Mapping[str, str] = field(default_factory=dict)


def document_of(spec: Mapping[str, Any], sets: Iterable[Days]) -> dict[str, Any]:
    """The document of a calendar with weekly hours. Where two sets name a date, it keeps both names; where one has it
    off and another works it, it is worked."""
    closed: dict[str, str] = {}
    make_up: dict[str, str] = {}
    special: dict[str, list[list[str]]] = {}
    for one in sets:
        for day, name in one.off.items():
            closed[day] = _both(closed.get(day, ""), name)
        make_up |= one.make_up
    for single in spec.get("dates", ()):
        day = single["date"]
        closed.pop(day, None)
        make_up.pop(day, None)
        if single["kind"] == CLOSED:
            closed[day] = single.get("name", "")
        elif single["kind"] == MAKE_UP:
            make_up[day] = single["like"]
        else:
            special[day] = single["hours"]
    document: dict[str, Any] = {"zone": spec["zone"], "weekly": {day: h for day, h in spec["weekly"].items() if h}}
    for name, value in (("closed", closed), ("special", special), ("make_up", make_up)):
        if value:
            document[name] = dict(sorted(value.items()))
    for name in ("valid_from", "valid_until"):
        if spec.get(name):
            document[name] = spec[name]
    return document


def checked(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document when it can be meant; raises CalendarFault."""
    parsed(document)
    return dict(document)


def must_open(source: Source, today: date) -> None:
    """Refuse a combination that is never open: two calendars whose hours do not meet."""
    begin = datetime.combine(today, time(), UTC)
    timetable = Timetable(source)
    if timetable.next_open(begin) is None and timetable.last_open(begin) is None:
        raise CalendarFault("never_open")


def refreshed(before: Days, found: Days, today: date) -> Days:
    """A set after another look at its source: what is over stays as it was counted, what is to come is as the source
    says now."""
    first = today.isoformat()

    def merged(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
        kept = {day: name for day, name in old.items() if day < first}
        return dict(sorted({**kept, **{day: name for day, name in new.items() if day >= first}}.items()))

    return Days(merged(before.off, found.off), merged(before.make_up, found.make_up))


def _both(first: str, second: str) -> str:
    return first if second in ("", first) else f"{first} / {second}" if first else second
