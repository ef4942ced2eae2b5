"""Calendars and holiday sets as pages and the API list them: those of the organisations the reader belongs to or looks
after, and of those above."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config import sql

Row = dict[str, Any]

_CALENDARS = """
SELECT c.id, c.code, c.name, o.code AS organisation, c.organisation_id, c.active, c.version, c.created_at, c.updated_at,
  v.id AS revision, v.number, v.kind, v.spec
FROM calendars_calendar c JOIN people_organisation o ON o.id = c.organisation_id
JOIN LATERAL (SELECT * FROM calendars_calendarversion x WHERE x.calendar_id = c.id ORDER BY x.id DESC LIMIT 1) v ON true
WHERE (%(near)s::bigint[] IS NULL OR c.organisation_id = ANY(%(near)s))
"""
_SETS = """
SELECT c.id, c.code, c.name, o.code AS organisation, c.organisation_id, c.source, c.active, c.version, c.looked_at,
  c.trouble, v.days, v.make_up, v.number, v.at AS updated_at
FROM calendars_holidayset c JOIN people_organisation o ON o.id = c.organisation_id
JOIN LATERAL (SELECT * FROM calendars_holidaysetversion x WHERE x.holiday_set_id = c.id ORDER BY x.id DESC LIMIT 1) v
  ON true
WHERE (%(near)s::bigint[] IS NULL OR c.organisation_id = ANY(%(near)s))
"""
_ONE = " AND c.code = %(code)s"
_PAGE = """ AND (%(active)s::boolean IS NULL OR c.active = %(active)s)
  AND (%(organisation)s::text IS NULL OR o.code = %(organisation)s)
  AND (%(like)s = '' OR c.name ILIKE %(like)s OR c.code ILIKE %(like)s)
  AND (%(after)s::text IS NULL OR c.code > %(after)s)
ORDER BY c.code LIMIT %(limit)s"""
_VERSIONS = """
SELECT v.id AS revision, v.number, v.kind, v.document, v.spec, v.reason, p.email AS by, p.name AS by_name, v.at,
  v.closed_too
FROM calendars_calendarversion v JOIN calendars_calendar c ON c.id = v.calendar_id
LEFT JOIN people_person p ON p.id = v.by_id
WHERE c.code = %(code)s AND (%(before)s::bigint IS NULL OR v.id < %(before)s) ORDER BY v.id DESC LIMIT %(limit)s
"""
_USED_BY = """
SELECT c.code, c.name FROM calendars_calendar c
JOIN LATERAL (SELECT * FROM calendars_calendarversion x WHERE x.calendar_id = c.id ORDER BY x.id DESC LIMIT 1) v ON true
WHERE (%(near)s::bigint[] IS NULL OR c.organisation_id = ANY(%(near)s))
  AND (v.parts && ARRAY[%(part)s]::varchar[] OR v.spec->'holiday_sets' ? %(set)s) ORDER BY c.name, c.code
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as asked for: words in name or code, in use or not or both, rows after a code."""

    q: str = ""
    active: bool | None = None
    organisation: str | None = None
    limit: int = 50
    after: str | None = None


def calendar(actor: Actor, code: str) -> Row | None:
    """One calendar with its newest version; None when it is not there or not theirs to see."""
    return _one(_CALENDARS, actor, code)


def calendars(actor: Actor, asked: Asked) -> list[Row]:
    """Calendars by code, one more than `limit` when there are more."""
    return _page(_CALENDARS, actor, asked)


def holiday_set(actor: Actor, code: str) -> Row | None:
    """One holiday set with what it says now; None when it is not there or not theirs to see."""
    return _one(_SETS, actor, code)


def holiday_sets(actor: Actor, asked: Asked) -> list[Row]:
    """Holiday sets by code, one more than `limit` when there are more."""
    return _page(_SETS, actor, asked)


def versions(code: str, before: int | None, limit: int) -> list[Row]:
    """Versions of a calendar that the asker may see, newest first, one more than `limit` when there are more."""
    return sql.dicts(_VERSIONS, {"code": code, "before": before, "limit": limit + 1})


def used_by(actor: Actor, *, part: str = "", holiday_set: str = "") -> list[Row]:
    """The calendars that are made of a calendar, or use a holiday set."""
    return sql.dicts(_USED_BY, {"near": _near(actor), "part": part, "set": holiday_set})


def _one(statement: str, actor: Actor, code: str) -> Row | None:
    found = sql.dicts(statement + _ONE, {"near": _near(actor), "code": code})
    return found[0] if found else None


def _page(statement: str, actor: Actor, asked: Asked) -> list[Row]:
    words = asked.q.strip()[:100]
    quoted = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "near": _near(actor),
        "active": asked.active,
        "organisation": asked.organisation,
        "like": f"%{quoted}%" if words else "",
        "after": asked.after,
        "limit": asked.limit + 1,
    }
    return sql.dicts(statement + _PAGE, values, prepare=False)


def _near(actor: Actor) -> list[int] | None:
    near = places.surroundings(actor)
    return None if near is None else sorted(near)


def names(codes: Collection[str]) -> dict[str, str]:
    """What calendars are called, by code."""
    return dict(sql.rows("SELECT code, name FROM calendars_calendar WHERE code = ANY(%s)", [list(codes)]))
