"""Reading announcements: their audience reads what shows now, those who look after the organisation read all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.records.visibility import visible_sql

Row = dict[str, Any]
PHASES = ("draft", "scheduled", "showing", "over")

_PHASE = """CASE WHEN a.state = 'draft' THEN 'draft'
  WHEN a.state = 'ended' OR a.ends_at <= %(now)s THEN 'over'
  WHEN a.starts_at > %(now)s THEN 'scheduled' ELSE 'showing' END"""
#: Whom it is for: its rows of audience, else everybody in its organisation and below.
_FOR_ME = """(
  (a.organisation_id = ANY(%(path)s) AND NOT EXISTS (
    SELECT 1 FROM communications_audience x WHERE x.announcement_id = a.id))
  OR EXISTS (SELECT 1 FROM communications_audience x WHERE x.announcement_id = a.id AND (
    x.organisation_id = ANY(%(path)s)
    OR x.team_id IN (SELECT team_id FROM people_membership WHERE person_id = %(me)s)
    OR (a.organisation_id = ANY(%(path)s)
      AND x.service_id IN (SELECT service_id FROM communications_subscription WHERE person_id = %(me)s)))))"""
_SELECT = f"""
SELECT a.id, a.severity, a.effect, a.state, {_PHASE} AS phase, a.language, a.title, a.text, a.translations,
  o.code AS organisation, o.name AS organisation_name, a.organisation_id, a.service_id, i.code AS service,
  i.name AS service_name, a.starts_at, a.ends_at, a.next_update_at, a.told, a.version, a.created_at, a.updated_at,
  CASE WHEN {{sees}} THEN r.number END AS incident, mine.id IS NOT NULL AS me_too, mine.seen, mine.at AS joined_at,
  (SELECT count(*) FROM communications_metoo m WHERE m.announcement_id = a.id) AS me_too_count,
  EXISTS (SELECT 1 FROM communications_dismissal d
    WHERE d.announcement_id = a.id AND d.person_id = %(me)s) AS dismissed,
  jsonb_build_object(
    'organisations', ARRAY(SELECT p.code FROM communications_audience x JOIN people_organisation p
      ON p.id = x.organisation_id WHERE x.announcement_id = a.id ORDER BY 1),
    'teams', ARRAY(SELECT t.code FROM communications_audience x JOIN people_team t
      ON t.id = x.team_id WHERE x.announcement_id = a.id ORDER BY 1),
    'services', ARRAY(SELECT s.code FROM communications_audience x JOIN items_item s
      ON s.id = x.service_id WHERE x.announcement_id = a.id ORDER BY 1)) AS audience,
  (%(all)s OR a.organisation_id = ANY(%(places)s)) AS kept
FROM communications_announcement a JOIN people_organisation o ON o.id = a.organisation_id
LEFT JOIN items_item i ON i.id = a.service_id LEFT JOIN records_record r ON r.id = a.record_id
LEFT JOIN communications_metoo mine ON mine.announcement_id = a.id AND mine.person_id = %(me)s
"""  # noqa: S608 - fragments of our own
_READABLE = f"""
(%(all)s OR a.organisation_id = ANY(%(places)s)
  OR (a.state <> 'draft' AND a.starts_at <= %(now)s
    AND (mine.id IS NOT NULL OR ({_PHASE} = 'showing' AND {_FOR_ME}))))"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as asked for, newest first: one phase, about one service, before an id."""

    phase: str | None = None
    service: str | None = None
    limit: int = 50
    before: int | None = None


def one(actor: Actor, announcement_id: int, now: datetime | None = None) -> Row | None:
    """One announcement; None when it is not there or not theirs to read."""
    values = {**_eyes(actor, now), "id": announcement_id}
    found = sql.dicts(_for(actor, values) + f" WHERE a.id = %(id)s AND {_READABLE}", values)
    return found[0] if found else None


def page(actor: Actor, asked: Asked, now: datetime | None = None) -> list[Row]:
    """Announcements newest first, one more than `limit` when there are more."""
    values = {
        **_eyes(actor, now), "phase": asked.phase, "service": asked.service, "before": asked.before,
        "limit": asked.limit + 1,
    }  # fmt: skip
    where = f""" WHERE {_READABLE} AND (%(phase)s::text IS NULL OR {_PHASE} = %(phase)s)
      AND (%(service)s::text IS NULL OR i.code = %(service)s)
      AND (%(before)s::bigint IS NULL OR a.id < %(before)s) ORDER BY a.id DESC LIMIT %(limit)s"""
    return sql.dicts(_for(actor, values) + where, values, prepare=False)


def showing(actor: Actor, now: datetime | None = None) -> list[Row]:
    """What shows to this person now and was not put away: outages first, then by what began last."""
    values = _eyes(actor, now)
    where = f""" WHERE a.state = 'published' AND {_PHASE} = 'showing' AND {_FOR_ME}
      AND NOT EXISTS (SELECT 1 FROM communications_dismissal d
        WHERE d.announcement_id = a.id AND d.person_id = %(me)s)
      ORDER BY array_position(ARRAY['outage', 'maintenance', 'information'], a.severity::text),
        a.starts_at DESC, a.id DESC LIMIT 50"""  # noqa: S608 - fragments of our own
    return sql.dicts(_for(actor, values) + where, values)


def joined(actor: Actor, limit: int = 50) -> list[Row]:
    """What this person said “me too” to, latest news first."""
    values = {**_eyes(actor, None), "limit": limit}
    where = " WHERE mine.id IS NOT NULL AND a.state <> 'draft' ORDER BY a.updated_at DESC, a.id DESC LIMIT %(limit)s"
    return sql.dicts(_for(actor, values) + where, values)


_NEWS = """
SELECT count(*) FROM communications_metoo m JOIN communications_announcement a ON a.id = m.announcement_id
WHERE m.person_id = %s AND a.told > m.seen
"""


def unseen(person_id: int) -> int:
    """How many announcements have news this person has not read."""
    row = sql.row(_NEWS, [person_id])
    return int(row[0]) if row else 0


_SEEN = """
UPDATE communications_metoo m SET seen = a.told FROM communications_announcement a
WHERE a.id = m.announcement_id AND m.person_id = %(person)s AND m.seen < a.told
  AND (%(id)s::bigint IS NULL OR a.id = %(id)s)
"""


def mark_seen(person_id: int, announcement_id: int | None = None) -> None:
    """The person has read the news of one announcement, or of all."""
    sql.execute(_SEEN, {"person": person_id, "id": announcement_id})


def _eyes(actor: Actor, now: datetime | None) -> dict[str, Any]:
    scope = actor.scope("records.view")
    row = sql.row("SELECT path FROM people_organisation WHERE id = %s", [actor.organisation_id])
    return {
        "now": now or datetime.now(UTC),
        "me": actor.person_id,
        "path": list(row[0]) if row else [],
        "all": scope.everywhere,
        "places": sorted(scope.organisations | scope.team_organisations),
    }


def _for(actor: Actor, values: dict[str, Any]) -> str:
    """The columns, with the number of the linked incident only for those who see the incident."""
    sees, more = visible_sql(actor, "r")
    values.update(more)
    return _SELECT.replace("{sees}", sees)
