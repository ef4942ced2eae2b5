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
    OWNER,
    PROVIDER,
    ROLE,
    SERVICE_OWNER,
    TEAM,
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

    def meant(self, row: Mapping[str, Any], word: str) -> list[int]:
        """Ids of the people one word means for one record."""
        if word in (ASSIGNEE, OWNER):
            return _some(row[f"{word}_id"])
        if word == TEAM:
            return [person for team, _lead, person in self._teams if team == row["team_id"]]
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

    def _leads(self, team: int | None) -> list[int]:
        return [person for found, lead, person in self._teams if found == team and lead]

    def _role(self, code: str, path: Sequence[int]) -> list[int]:
        """Who holds a role where the record lies: in its organisation or one above, and not over the whole instance."""
        return [person for role, organisation, person in self._roles if role == code and organisation in path]


def _some(person: int | None) -> list[int]:
    return [] if person is None else [person]
