"""From words for people ("leads", "role:desk-lead") to people, for many records at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quell.kernel.config import sql
from quell.practices.agreements import facade as agreements

from ..rules.escalating import (
    AGREEMENT_OWNER,
    ASSIGNEE,
    LEADS,
    MANAGER,
    MANAGERS,
    OWNER,
    PROVIDER,
    ROLE,
    SERVICE_OWNER,
    TEAM,
    levels,
)

Asked = tuple[Mapping[str, Any], Sequence[str]]

_TEAMS = """
SELECT m.team_id, m.lead, m.person_id FROM people_membership m
JOIN people_person p ON p.id = m.person_id AND p.is_active WHERE m.team_id = ANY(%s) ORDER BY m.person_id
"""
_OWNERS = "SELECT id, owner_id FROM items_item WHERE id = ANY(%s) AND owner_id IS NOT NULL"
_ROLES = """
SELECT DISTINCT ro.code, g.organisation_id, g.person_id FROM people_rolegrant g JOIN people_role ro ON ro.id = g.role_id
JOIN people_person p ON p.id = g.person_id AND p.is_active WHERE ro.code = ANY(%s) AND g.team_id IS NULL ORDER BY 3
"""
_MANAGERS = """
WITH RECURSIVE up(beginning, person, manager, height) AS (
  SELECT id, id, manager_id, 0 FROM people_person WHERE id = ANY(%s)
  UNION ALL
  SELECT up.beginning, p.id, p.manager_id, up.height + 1 FROM up JOIN people_person p ON p.id = up.manager
  WHERE up.height < 20
)
SELECT up.beginning, up.person FROM up JOIN people_person p ON p.id = up.person AND p.is_active
WHERE up.height > 0 ORDER BY up.beginning, up.height
"""
_PEOPLE = "SELECT email, id FROM people_person WHERE email = ANY(%s) AND is_active"


def people(asked: Sequence[Asked]) -> list[list[int]]:
    """The people meant for each record, in order and once each. A record without a team has no leads of a team: then
    those who lead in its organisation by role are meant."""
    if not asked:
        return []
    known = _Known(asked)
    return [list(dict.fromkeys(person for word in words for person in known.meant(row, word))) for row, words in asked]


class _Known:
    """Everything looked up once for all records."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        words = {word for _row, found in asked for word in found}
        rows = [row for row, _words in asked]
        targets = {row["target_id"]: agreements.promised(row["target_id"]) for row in rows}
        self._targets = {key: one for key, one in targets.items() if one is not None}
        teams = {row["team_id"] for row in rows} | {one.provider_team_id for one in self._targets.values()}
        self._teams = sql.rows(_TEAMS, [[team for team in teams if team is not None]])
        services = [row["service_id"] for row in rows if row["service_id"] is not None]
        self._services: dict[int, int] = dict(sql.rows(_OWNERS, [services])) if SERVICE_OWNER in words else {}
        roles = [word.removeprefix(ROLE) for word in words if word.startswith(ROLE)]
        self._roles = sql.rows(_ROLES, [[*roles, "desk-lead"]])
        named = [word.lower() for word in words if "@" in word]
        self._named: dict[str, int] = dict(sql.rows(_PEOPLE, [named])) if named else {}
        ids = {one.agreement_id for one in self._targets.values()}
        self._owners = agreements.owners(ids) if AGREEMENT_OWNER in words else {}

        climbs = any(levels(word) for word in words)
        below = {person for row in rows for person in self._bottom(row)} if climbs else set()
        self._above: dict[int, list[int]] = {}
        for person, manager in sql.rows(_MANAGERS, [sorted(below)]) if below else ():
            self._above.setdefault(person, []).append(manager)

    def meant(self, row: Mapping[str, Any], word: str) -> list[int]:
        """Ids of the people one word means for one record."""
        if word in (ASSIGNEE, OWNER):
            return _some(row[f"{word}_id"])
        if word == TEAM:
            return [person for team, _lead, person in self._teams if team == row["team_id"]]
        if word == MANAGER or word.startswith(MANAGERS):
            return self._managers(row, levels(word))
        if word == LEADS:
            return self._leads(row["team_id"]) or self._role("desk-lead", row["path"])
        if word == SERVICE_OWNER:
            return _some(self._services.get(row["service_id"]))
        target = self._targets.get(row["target_id"])
        if word == AGREEMENT_OWNER:
            return _some(self._owners.get(target.agreement_id)) if target else []
        if word == PROVIDER:
            return self._leads(target.provider_team_id) if target else []
        if word.startswith(ROLE):
            return self._role(word.removeprefix(ROLE), row["path"])
        return _some(self._named.get(word.lower()))

    def _bottom(self, row: Mapping[str, Any]) -> list[int]:
        """Whose managers are meant: of whoever works on it, or of those who lead while nobody does."""
        leads = self._leads(row["team_id"]) or self._role("desk-lead", row["path"])
        return _some(row["assignee_id"]) or leads

    def _managers(self, row: Mapping[str, Any], height: int) -> list[int]:
        """Those so many levels up, or as high as each chain reaches."""
        chains = [self._above.get(person, []) for person in self._bottom(row)]
        return [chain[min(height, len(chain)) - 1] for chain in chains if chain and height]

    def _leads(self, team: int | None) -> list[int]:
        return [person for found, lead, person in self._teams if found == team and lead]

    def _role(self, code: str, path: Sequence[int]) -> list[int]:
        """Who holds a role where the record lies: in its organisation or one above, and not over the whole instance."""
        return [person for role, organisation, person in self._roles if role == code and organisation in path]


def _some(person: int | None) -> list[int]:
    return [] if person is None else [person]
