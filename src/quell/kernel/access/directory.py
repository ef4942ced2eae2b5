"""Finding people and teams by what one remembers of them, within what the reader may know.

Somebody else's people do not exist for the reader: not in a suggestion, not in a choice of assignees.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql

#: A list of choices longer than this is for searching, not for choosing.
MOST = 400
_COLUMNS = "p.id, p.email, p.name, p.phone, p.job_title, p.vip, o.name AS organisation"


def _reach(actor: Actor) -> dict[str, Any]:
    """Parameters of the one rule about whom an actor may name: everybody, or some organisations and their own."""
    scope = actor.scope("people.view")
    ids = {*scope.organisations, *scope.team_organisations}
    if actor.organisation_id is not None:
        ids.add(actor.organisation_id)
    return {"all": scope.everywhere, "reach": sorted(ids), "me": actor.person_id}


_MAY_NAME = "(%(all)s OR p.organisation_id = ANY(%(reach)s) OR p.id = %(me)s)"

_SUGGEST = f"""
SELECT {_COLUMNS} FROM people_person p JOIN people_organisation o ON o.id = p.organisation_id
WHERE p.is_active AND {_MAY_NAME}
  AND (p.name ILIKE %(inside)s OR p.email ILIKE %(start)s OR p.phone LIKE %(start)s)
ORDER BY (p.name ILIKE %(start)s OR p.email ILIKE %(start)s) DESC, p.name, p.id LIMIT %(limit)s
"""  # noqa: S608 - fragments of our own


def suggest(actor: Actor, text: str, *, limit: int = 8) -> list[dict[str, Any]]:
    """People whose name contains, or whose address or phone begins with, what was typed; best first."""
    words = text.replace("\x00", "").strip()[:100]
    if len(words) < 2:
        return []
    quoted = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {**_reach(actor), "inside": f"%{quoted}%", "start": f"{quoted}%", "limit": limit}
    return sql.dicts(_SUGGEST, values)


_ONE = f"""
SELECT {_COLUMNS}, p.organisation_id FROM people_person p JOIN people_organisation o ON o.id = p.organisation_id
WHERE p.email = %(email)s AND p.is_active AND {_MAY_NAME}
"""  # noqa: S608


def known(actor: Actor, email: str) -> dict[str, Any] | None:
    """One person by address, if the actor may know them."""
    found = sql.dicts(_ONE, {**_reach(actor), "email": email.replace("\x00", "").strip().lower()})
    return found[0] if found else None


_WORKERS = f"""
SELECT p.email, p.name, (
    SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM people_membership m JOIN people_team t ON t.id = m.team_id
    WHERE m.person_id = p.id AND (%(all)s OR t.organisation_id IN (
      SELECT unnest(path) FROM people_organisation WHERE id = ANY(%(reach)s)))) AS teams
FROM people_person p
WHERE p.is_active AND {_MAY_NAME} AND EXISTS (
  SELECT 1 FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id
  WHERE g.person_id = p.id AND 'records.work' = ANY(r.capabilities)
    AND (g.organisation_id IS NULL OR %(organisation)s::bigint IS NULL OR g.organisation_id = ANY(
      SELECT unnest(path) FROM people_organisation WHERE id = %(organisation)s)))
ORDER BY p.name, p.id LIMIT {MOST}
"""  # noqa: S608


def workers(actor: Actor, organisation_id: int | None) -> list[dict[str, Any]]:
    """People whose role lets them work on records of an organisation (any when None), with their teams' names."""
    return sql.dicts(_WORKERS, {**_reach(actor), "organisation": organisation_id})


_TEAMS = f"""
SELECT t.code, t.name FROM people_team t JOIN people_organisation o ON o.id = t.organisation_id
WHERE t.active AND (%(all)s OR o.path && %(reach)s::bigint[] OR o.id = ANY(
    SELECT step FROM people_organisation own, unnest(own.path) step WHERE own.id = ANY(%(reach)s)))
  AND (%(organisation)s::bigint IS NULL OR o.path @> ARRAY[%(organisation)s::bigint] OR o.id = ANY(
      SELECT unnest(path) FROM people_organisation WHERE id = %(organisation)s))
ORDER BY t.name, t.id LIMIT {MOST}
"""  # noqa: S608


def _near(actor: Actor) -> dict[str, Any]:
    """Parameters of the one rule about which teams an actor knows of: those of organisations whose records they see,
    and of those above and below."""
    scope = actor.scope("records.view")
    ids = {*scope.organisations, *scope.team_organisations}
    if actor.organisation_id is not None:
        ids.add(actor.organisation_id)
    return {"all": scope.everywhere, "reach": sorted(ids)}


def teams(actor: Actor, organisation_id: int | None) -> list[tuple[str, str]]:
    """(code, name) of active teams that may take work of an organisation (any within reach when None)."""
    values = {**_near(actor), "organisation": organisation_id}
    return [(row["code"], row["name"]) for row in sql.dicts(_TEAMS, values)]


_TEAM_NAMES = """
SELECT t.id, t.name FROM people_team t JOIN people_organisation o ON o.id = t.organisation_id
WHERE t.id = ANY(%(ids)s) AND (%(all)s OR o.path && %(reach)s::bigint[] OR o.id = ANY(
    SELECT step FROM people_organisation own, unnest(own.path) step WHERE own.id = ANY(%(reach)s)))
"""


def team_names(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Names by id of those of some teams that the actor may know of, dissolved ones too."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    rows = sql.dicts(_TEAM_NAMES, {**_near(actor), "ids": wanted})
    return {row["id"]: row["name"] for row in rows}
