"""Who answers for a queue: the leads of a team, those of the organisation, and in need everybody who works there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from quell.kernel.config import sql
from quell.kernel.people.hierarchy import DEEPEST

_TEAM = "SELECT m.person_id FROM people_membership m JOIN people_person p ON p.id = m.person_id AND p.is_active"
_HOLD = """
SELECT DISTINCT g.person_id FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id
JOIN people_person p ON p.id = g.person_id AND p.is_active
WHERE %(capability)s = ANY(r.capabilities) AND g.team_id IS NULL
  AND g.organisation_id IN (SELECT unnest(path) FROM people_organisation WHERE id = %(organisation)s)
"""


def of_team(team_id: int | None) -> list[int]:
    """Ids of the leads of a team."""
    found = sql.rows(f"{_TEAM} WHERE m.team_id = %s AND m.lead ORDER BY 1", [team_id or 0])
    return [row[0] for row in found]


def of_organisation(organisation_id: int) -> list[int]:
    """Ids of those who lead in an organisation, by a role held there or above; else of all who work there. Roles over
    the whole instance are for those who run it."""
    for capability in ("records.lead", "records.work"):
        found = sql.rows(_HOLD, {"capability": capability, "organisation": organisation_id})
        if found:
            return sorted(row[0] for row in found)
    return []


def of_queue(team_id: int | None, organisation_id: int) -> list[int]:
    """Who is asked first about work of a team, or of an organisation's common queue."""
    return of_team(team_id) or of_organisation(organisation_id)


def names(ids: list[int]) -> str:
    """Their names in one line, by name."""
    found = sql.rows("SELECT name FROM people_person WHERE id = ANY(%s) ORDER BY name", [ids])
    return ", ".join(row[0] for row in found)


_UP = """
WITH RECURSIVE up(person, manager, height) AS (
  SELECT id, manager_id, 0 FROM people_person WHERE id = ANY(%(people)s)
  UNION
  SELECT p.id, p.manager_id, up.height + 1 FROM up JOIN people_person p ON p.id = up.manager WHERE up.height < %(most)s
)
SELECT up.height, p.id, p.approval_limit, p.approval_currency FROM up JOIN people_person p ON p.id = up.person
WHERE p.is_active ORDER BY up.height, p.id
"""
_LEADING = """
SELECT DISTINCT g.person_id FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id
WHERE g.person_id = ANY(%(people)s) AND 'records.lead' = ANY(r.capabilities)
  AND (g.organisation_id IS NULL
    OR g.organisation_id IN (SELECT unnest(path) FROM people_organisation WHERE id = %(organisation)s))
  AND (g.team_id IS NULL OR g.team_id = %(team)s)
"""


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody in a chain of managers: how far above those it began with, and on how much they decide."""

    height: int
    person: int
    limit: Decimal | None
    currency: str


def chain(people: Sequence[int]) -> list[Rung]:
    """These people, their managers, and theirs, the nearest first; only those who are active."""
    return [Rung(*row) for row in sql.rows(_UP, {"people": list(people), "most": DEEPEST})]


def with_authority(people: Sequence[int], organisation_id: int, team_id: int | None) -> set[int]:
    """Those of these people whose role lets them lead where a record lies."""
    values = {"people": list(people), "organisation": organisation_id, "team": team_id}
    return {row[0] for row in sql.rows(_LEADING, values)}
