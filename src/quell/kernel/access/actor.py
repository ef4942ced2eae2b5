"""Who is acting, what their roles allow and where: resolved in one query, fresh for every request.

Nothing about rights is cached between requests, so a role taken away is gone with the next call in every
channel (security.md, gate 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from quell.kernel.config import sql
from quell.kernel.people.tokens import digest

from .capabilities import READING


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held. `organisations` lists the ids it reaches (None: everywhere); `team_id` narrows it."""

    role: str
    capabilities: frozenset[str]
    organisations: frozenset[int] | None
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a capability holds: everywhere, in whole organisations, or in single teams of organisations."""

    everywhere: bool = False
    organisations: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    team_organisations: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.organisations or self.teams)

    def covers(self, organisation_id: int, team_id: int | None) -> bool:
        """Does the scope reach a thing of this organisation and team? Work that has no team yet is everybody's
        who may work in the organisation: the queue is never nobody's (domain.md 4.1)."""
        if self.everywhere or organisation_id in self.organisations:
            return True
        if team_id is not None:
            return team_id in self.teams
        return organisation_id in self.team_organisations


@dataclass(frozen=True)
class Actor:
    """The person (or the house itself) behind an action or a look."""

    person_id: int | None
    email: str
    name: str
    organisation_id: int | None
    grants: tuple[Grant, ...] = ()
    channel: str = "web"
    token_id: int | None = None
    read_only: bool = False
    token_scopes: frozenset[str] = frozenset()
    request_id: str = ""
    language: str = ""
    timezone: str = ""
    is_house: bool = False
    _scopes: dict[str, Scope] = field(default_factory=dict, compare=False, repr=False)

    def scope(self, capability: str) -> Scope:
        """Where this actor holds a capability."""
        known = self._scopes.get(capability)
        if known is None:
            known = self._scopes[capability] = self._work_out(capability)
        return known

    def _work_out(self, capability: str) -> Scope:
        if self.is_house:
            return Scope(everywhere=True)
        if self.token_scopes and capability not in self.token_scopes:
            return Scope()
        if self.read_only and capability not in READING:
            return Scope()
        organisations: set[int] = set()
        teams: set[int] = set()
        team_organisations: set[int] = set()
        for grant in self.grants:
            if capability not in grant.capabilities:
                continue
            if grant.team_id is not None:
                teams.add(grant.team_id)
                team_organisations |= grant.organisations or frozenset()
            elif grant.organisations is None:
                return Scope(everywhere=True)
            else:
                organisations |= grant.organisations
        return Scope(False, frozenset(organisations), frozenset(teams), frozenset(team_organisations))

    def can(self, capability: str, organisation_id: int | None = None, team_id: int | None = None) -> bool:
        """May they, there? Without a place: may they anywhere?"""
        scope = self.scope(capability)
        return bool(scope) if organisation_id is None else scope.covers(organisation_id, team_id)

    @property
    def is_agent(self) -> bool:
        """Does this person work on, or look after, other people's records?"""
        return bool(self.scope("records.view"))

    @property
    def roles(self) -> tuple[str, ...]:
        """Codes of the roles held, without repetition."""
        return tuple(sorted({grant.role for grant in self.grants}))


HOUSE = Actor(None, "", "Quell", None, channel="automatic", is_house=True)

#: The role grants of `people_person p`, as `actor_of_row` takes them.
GRANTS = """
  SELECT coalesce(jsonb_agg(jsonb_build_array(r.code, r.capabilities, g.organisation_id, g.team_id,
           CASE WHEN g.organisation_id IS NOT NULL THEN
             (SELECT array_agg(o.id) FROM people_organisation o WHERE o.path @> ARRAY[g.organisation_id])
           END)), '[]'::jsonb)
  FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id WHERE g.person_id = p.id
"""
_PERSON = "p.id, p.email, p.name, p.organisation_id, p.language, p.timezone"
_BY_PERSON = f"SELECT {_PERSON}, ({GRANTS}) FROM people_person p WHERE p.id = %s AND p.is_active"  # noqa: S608
_BY_PEOPLE = f"SELECT {_PERSON}, ({GRANTS}) FROM people_person p WHERE p.id = ANY(%s) AND p.is_active"  # noqa: S608
_BY_TOKEN = f"""
SELECT {_PERSON}, ({GRANTS}), t.id, t.read_only, t.scopes, t.last_used_at
FROM people_apitoken t JOIN people_person p ON p.id = t.person_id
WHERE t.digest = %s AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()) AND p.is_active
"""  # noqa: S608


def actor_for_person(person_id: int, *, channel: str = "web", request_id: str = "") -> Actor | None:
    """The actor behind a session; None when the person is gone or deactivated."""
    row = sql.row(_BY_PERSON, [person_id])
    return None if row is None else actor_of_row(row, channel=channel, request_id=request_id)


def actors_for_people(person_ids: Sequence[int]) -> dict[int, Actor]:
    """The same for many at once, by id; who is gone or deactivated is left out."""
    return {row[0]: actor_of_row(row) for row in sql.rows(_BY_PEOPLE, [list(person_ids)])}


def actor_for_token(secret: str, *, channel: str = "api", request_id: str = "") -> Actor | None:
    """The actor behind an API token; None when it is unknown, revoked, expired, or its person deactivated."""
    row = sql.row(_BY_TOKEN, [digest(secret)])
    if row is None:
        return None
    _note_use(row[7], row[10])
    return actor_of_row(
        row,
        channel=channel,
        request_id=request_id,
        token_id=row[7],
        read_only=row[8],
        token_scopes=frozenset(row[9] or ()),
    )


def actor_of_row(row: Any, **extra: Any) -> Actor:
    """The actor of a row: id, e-mail, name, organisation, language, time zone, GRANTS."""
    grants = tuple(
        Grant(
            role=role,
            capabilities=frozenset(capabilities),
            organisations=None if organisation_id is None else frozenset(reach or ()),
            team_id=team_id,
        )
        for role, capabilities, organisation_id, team_id, reach in row[6]
    )
    return Actor(row[0], row[1], row[2], row[3], grants=grants, language=row[4], timezone=row[5], **extra)


def _note_use(token_id: int, last_used_at: datetime | None) -> None:
    """Keep the time of last use to the minute: a write per call would cost more than the call."""
    now = datetime.now(UTC)
    if last_used_at is None or now - last_used_at > timedelta(minutes=1):
        sql.execute("UPDATE people_apitoken SET last_used_at = %s WHERE id = %s", [now, token_id])
