"""Who answers for a queue: the leads of a team, those of the organisation, and in need everybody who works there."""

from __future__ import annotations

from quell.kernel.config import sql

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
