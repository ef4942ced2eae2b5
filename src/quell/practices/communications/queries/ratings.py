"""Reading ratings: one's own, and for leads those of the help their desks gave."""

from __future__ import annotations

from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD
from quell.kernel.config import sql

Row = dict[str, Any]

_OWN = "SELECT stars, comment, at FROM communications_rating WHERE record_id = %s AND person_id = %s"


def own(record_id: int, person_id: int) -> Row | None:
    """What this person said about the help on one record; None when nothing."""
    found = sql.dicts(_OWN, [record_id, person_id])
    return found[0] if found else None


_RATINGS = """
SELECT g.id, r.number, r.title, g.stars, g.comment, g.at, p.email AS person, p.name AS person_name,
  coalesce(a.email, '') AS assignee, coalesce(a.name, '') AS assignee_name, coalesce(t.code, '') AS team,
  coalesce(t.name, '') AS team_name
FROM communications_rating g JOIN records_record r ON r.id = g.record_id JOIN people_person p ON p.id = g.person_id
LEFT JOIN people_person a ON a.id = r.assignee_id LEFT JOIN people_team t ON t.id = r.team_id
"""
_PAGE = (
    _RATINGS
    + """
WHERE (%(all)s OR r.organisation_id = ANY(%(places)s) OR r.team_id = ANY(%(teams)s))
  AND (%(most)s::int IS NULL OR g.stars <= %(most)s) AND (%(before)s::bigint IS NULL OR g.id < %(before)s)
ORDER BY g.id DESC LIMIT %(limit)s
"""
)


def one(rating_id: int) -> Row:
    """The rating that somebody has just given."""
    return sql.dicts(_RATINGS + " WHERE g.id = %s", [rating_id])[0]


def page(actor: Actor, *, at_most: int | None = None, before: int | None = None, limit: int = 50) -> list[Row]:
    """Ratings of the help this person's desks gave, newest first, one more than `limit` when there are more. Leads
    read them; nobody else does."""
    scope = actor.scope(RECORDS_LEAD)
    if not scope:
        return []
    values = {
        "all": scope.everywhere, "places": sorted(scope.organisations), "teams": sorted(scope.teams),
        "most": at_most, "before": before, "limit": limit + 1,
    }  # fmt: skip
    return sql.dicts(_PAGE, values, prepare=False)
