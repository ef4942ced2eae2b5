"""Calling people by name in a text: `@Amira Larsen`, or `@amira@example.com`. Whoever is meant, and may read what was
written, hears of it; a name that is nobody's is just a word."""

from __future__ import annotations

from typing import Any

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.config import sql

from .models import Record
from .visibility import sees, sees_internal

#: One text calls so many people at most; the rest are words.
MOST = 20
_OFFERED = 8

# Who may be called about a record: those who work on records where it lies, and those it concerns already.
_NEAR = """
near AS (
  SELECT DISTINCT g.person_id AS id FROM people_rolegrant g JOIN people_role ro ON ro.id = g.role_id
  WHERE 'records.view' = ANY(ro.capabilities) AND (g.organisation_id IS NULL OR g.organisation_id = ANY(
    SELECT unnest(path) FROM people_organisation WHERE id = %(organisation)s))
  UNION SELECT unnest(%(concerned)s::bigint[]) UNION SELECT person_id FROM records_watcher WHERE record_id = %(record)s
)
"""
_CALLED = f"""
WITH {_NEAR}
SELECT p.id FROM near JOIN people_person p ON p.id = near.id
WHERE p.is_active AND (strpos(%(text)s, '@' || lower(p.email)) > 0 OR strpos(%(text)s, '@' || lower(p.name)) > 0)
ORDER BY least(nullif(strpos(%(text)s, '@' || lower(p.name)), 0), nullif(strpos(%(text)s, '@' || lower(p.email)), 0))
LIMIT %(most)s
"""  # noqa: S608 - fragments of our own
_OFFER = f"""
WITH {_NEAR}
SELECT p.name, p.email, (SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM people_membership m
    JOIN people_team t ON t.id = m.team_id AND t.active WHERE m.person_id = p.id) AS teams, p.id
FROM near JOIN people_person p ON p.id = near.id
WHERE p.is_active AND p.id IS DISTINCT FROM %(me)s AND (p.name ILIKE %(inside)s OR p.email ILIKE %(start)s)
ORDER BY (p.name ILIKE %(start)s) DESC, (p.id = ANY(%(concerned)s)) DESC, p.name, p.id LIMIT %(most)s
"""  # noqa: S608


def called(record: Record, text: str, *, internal: bool) -> list[int]:
    """Ids of the people a text calls by name, in order, who may read it: for an internal text only those who read the
    internal part of the record."""
    if "@" not in text:
        return []
    found = sql.rows(_CALLED, {**_values(record), "text": text.lower(), "most": MOST})
    return [row[0] for row in found if _may_read(row[0], record, internal)]


def offered(actor: Actor, record: Record, text: str, *, internal: bool) -> list[dict[str, Any]]:
    """Whom one may call on a record, by what was typed after the @: name, e-mail, teams. The actor sees the record's
    internal part; others are offered nobody."""
    if not sees_internal(actor, record):
        return []
    words = text.replace("\x00", "").strip()[:60]
    quoted = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    given = {**_values(record), "inside": f"%{quoted}%", "start": f"{quoted}%", "me": actor.person_id}
    found = sql.rows(_OFFER, {**given, "most": 3 * _OFFERED})
    near = [row for row in found if _may_read(row[3], record, internal)]
    return [{"name": name, "email": email, "teams": teams or ""} for name, email, teams, _id in near[:_OFFERED]]


def _values(record: Record) -> dict[str, Any]:
    around = (record.requester_id, record.opened_by_id, record.owner_id, record.assignee_id)
    return {
        "organisation": record.organisation_id,
        "record": record.pk,
        "concerned": [person for person in around if person is not None],
    }


def _may_read(person_id: int, record: Record, internal: bool) -> bool:
    reader = actor_for_person(person_id)
    return reader is not None and (sees_internal(reader, record) if internal else sees(reader, record))
