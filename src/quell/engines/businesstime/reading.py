"""Calendars as JSON, in the form of `quell calendar eval` (contract.md), and back.

    {"zone": "Europe/Copenhagen", "weekly": {"mon": [["08:00", "16:00"]]}, "closed": ["2026-04-02"],
     "special": {"2026-12-24": [["08:00", "12:00"]]}, "make_up": {"2026-09-20": "mon"},
     "valid_from": "2026-01-01", "valid_until": "2027-01-01"}
    {"union": [calendar, …]}    {"intersection": [calendar, …]}

`closed` are holidays: a list of dates, or dates with their names. `special` with no hours closes a single date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from .calendar import DAY, WEEKDAYS, Spans, WorkCalendar, clock
from .combining import INTERSECTION, UNION, Combined, Source
from .faults import CalendarFault

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_FIELDS = {"zone", "weekly", "closed", "special", "make_up", "valid_from", "valid_until"}
_DEEPEST = 8


def parsed(document: object) -> Source:
    """The calendar a document describes; raises CalendarFault for anything else."""
    return _parsed(document, 0)


def written(source: Source) -> dict[str, object]:
    """The document of a calendar; `parsed` reads it back."""
    if isinstance(source, Combined):
        return {source.kind: [written(part) for part in source.parts]}
    document: dict[str, object] = {
        "zone": source.zone,
        "weekly": {WEEKDAYS[day]: _hours(source.weekly[day]) for day in range(7) if source.weekly.get(day)},
    }
    if source.holidays:
        named = {day.isoformat(): name for day, name in sorted(source.holidays.items())}
        document["closed"] = named if any(named.values()) else list(named)
    if source.special:
        document["special"] = {day.isoformat(): _hours(spans) for day, spans in sorted(source.special.items())}
    if source.make_up:
        document["make_up"] = {day.isoformat(): WEEKDAYS[like] for day, like in sorted(source.make_up.items())}
    for name, value in (("valid_from", source.valid_from), ("valid_until", source.valid_until)):
        if value:
            document[name] = value.isoformat()
    return document


def _hours(spans: Spans) -> list[list[str]]:
    return [[clock(begin), clock(end)] for begin, end in spans]


def _parsed(document: object, depth: int) -> Source:
    if not isinstance(document, Mapping) or depth > _DEEPEST:
        raise CalendarFault("not_a_calendar", found=type(document).__name__)
    for kind in (UNION, INTERSECTION):
        if kind in document:
            _only(document, {kind})
            parts = document[kind]
            if not isinstance(parts, list):
                raise CalendarFault("not_a_calendar", found=type(parts).__name__)
            return Combined(kind, tuple(_parsed(part, depth + 1) for part in parts))
    _only(document, _FIELDS)
    zone = document.get("zone")
    if not isinstance(zone, str):
        raise CalendarFault("unknown_zone", zone=_shown(zone))
    return WorkCalendar(
        zone,
        {_weekday(day): _spans(hours, _shown(day)) for day, hours in _table(document, "weekly").items()},
        _closed(document.get("closed")),
        {_date(day): _weekday(like) for day, like in _table(document, "make_up").items()},
        {_date(day): _spans(hours, _shown(day)) for day, hours in _table(document, "special").items()},
        _date(document["valid_from"]) if document.get("valid_from") else None,
        _date(document["valid_until"]) if document.get("valid_until") else None,
    )


def _only(document: Mapping[object, object], fields: set[str]) -> None:
    for name in document:
        if name not in fields:
            raise CalendarFault("unknown_field", field=_shown(name))


def _table(document: Mapping[object, object], name: str) -> Mapping[object, object]:
    found = document.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise CalendarFault("not_a_calendar", found=name)
    return found


def _closed(found: object) -> dict[date, str]:
    if found is None:
        return {}
    if isinstance(found, Mapping):
        return {_date(day): str(name or "") for day, name in found.items()}
    if isinstance(found, list):
        return {_date(day): "" for day in found}
    raise CalendarFault("not_a_calendar", found="closed")


def _weekday(found: object) -> int:
    if not isinstance(found, str) or found.lower() not in WEEKDAYS:
        raise CalendarFault("unknown_day", day=_shown(found))
    return WEEKDAYS.index(found.lower())


def _date(found: object) -> date:
    if isinstance(found, str) and len(found) == len("2026-01-01"):
        try:
            return date.fromisoformat(found)
        except ValueError:
            pass
    raise CalendarFault("not_a_date", found=_shown(found))


def _spans(found: object, day: str) -> Spans:
    if not isinstance(found, list):
        raise CalendarFault("not_a_time", day=day, found=_shown(found))
    spans = []
    for span in found:
        if not isinstance(span, list) or len(span) != 2:
            raise CalendarFault("not_a_time", day=day, found=_shown(span))
        spans.append((_second(span[0], day), _second(span[1], day)))
    return tuple(spans)


def _second(found: object, day: str) -> int:
    if found in ("24:00", "24:00:00"):
        return DAY
    if isinstance(found, str) and (match := _CLOCK.fullmatch(found)):
        hour, minute, second = match.groups(default="0")
        return int(hour) * 3600 + int(minute) * 60 + int(second)
    raise CalendarFault("not_a_time", day=day, found=_shown(found))


def _shown(found: object) -> str:
    return str(found)[:40]
