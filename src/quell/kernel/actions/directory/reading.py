"""Reading people and places through somebody's eyes: one thing, or a page of a list in the order of its key.

Agents see the people of the organisations of their roles, and the teams and organisations on the way up from there;
everybody sees themselves. What lies outside is as if it were not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_VIEW
from quell.kernel.config import sql
from quell.kernel.config.refusal import Forbidden

from . import places

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as asked for: words in the name or key, active ones or not or both, rows after a key."""

    q: str = ""
    active: bool | None = None
    limit: int = 50
    after: str | None = None
    organisation: str | None = None
    team: str | None = None
    role: str | None = None


def _version(subject: str, alias: str) -> str:
    return (
        f"coalesce((SELECT e.version FROM journal_entry e WHERE e.subject = '{subject}'"  # noqa: S608 - our own words
        f" AND e.subject_id = {alias}.id AND e.version IS NOT NULL ORDER BY e.id DESC LIMIT 1), 1) AS version"
    )


_PAGE = """ AND (%(active)s::boolean IS NULL OR {active} = %(active)s)
  AND (%(like)s = '' OR {name} ILIKE %(like)s OR {key} ILIKE %(like)s)
  AND (%(after)s::text IS NULL OR {key} > %(after)s) {more}
ORDER BY {key} LIMIT %(limit)s"""

_PEOPLE = f"""
SELECT p.email, p.name, o.code AS organisation, p.language, p.timezone, p.phone, p.job_title, p.vip,
  (SELECT a.email FROM people_person a WHERE a.id = p.manager_id
    AND (%(reach)s::bigint[] IS NULL OR a.organisation_id = ANY(%(reach)s))) AS manager,
  p.approval_limit, nullif(p.approval_currency, '') AS approval_currency,
  p.is_active AS active, p.created_at,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('role', r.code, 'organisation', go.code, 'team', gt.code)
      ORDER BY r.code, go.code, gt.code), '[]'::jsonb)
    FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id
    LEFT JOIN people_organisation go ON go.id = g.organisation_id LEFT JOIN people_team gt ON gt.id = g.team_id
    WHERE g.person_id = p.id AND (%(near)s::bigint[] IS NULL OR p.id = %(me)s OR g.organisation_id IS NULL
      OR g.organisation_id = ANY(%(near)s))) AS grants,
  (SELECT coalesce(jsonb_agg(t.code ORDER BY t.code), '[]'::jsonb) FROM people_membership m
    JOIN people_team t ON t.id = m.team_id WHERE m.person_id = p.id
    AND (%(near)s::bigint[] IS NULL OR p.id = %(me)s OR t.organisation_id = ANY(%(near)s))) AS teams,
  {_version("person", "p")}
FROM people_person p JOIN people_organisation o ON o.id = p.organisation_id
WHERE (%(reach)s::bigint[] IS NULL OR p.id = %(me)s OR p.organisation_id = ANY(%(reach)s))
"""  # noqa: S608 - fragments of our own; values are parameters

_TEAMS = f"""
SELECT t.code, t.name, o.code AS organisation, t.active, t.created_at,
  (SELECT coalesce(jsonb_agg(p.email ORDER BY p.email), '[]'::jsonb) FROM people_membership m
    JOIN people_person p ON p.id = m.person_id WHERE m.team_id = t.id
    AND (%(reach)s::bigint[] IS NULL OR p.organisation_id = ANY(%(reach)s))) AS members,
  (SELECT coalesce(jsonb_agg(p.email ORDER BY p.email), '[]'::jsonb) FROM people_membership m
    JOIN people_person p ON p.id = m.person_id WHERE m.team_id = t.id AND m.lead
    AND (%(reach)s::bigint[] IS NULL OR p.organisation_id = ANY(%(reach)s))) AS leads,
  {_version("team", "t")}
FROM people_team t JOIN people_organisation o ON o.id = t.organisation_id
WHERE (%(near)s::bigint[] IS NULL OR t.organisation_id = ANY(%(near)s))
"""  # noqa: S608

_ORGANISATIONS = f"""
SELECT o.code, o.name, above.code AS parent, o.active, o.created_at, {_version("organisation", "o")}
FROM people_organisation o LEFT JOIN people_organisation above ON above.id = o.parent_id
WHERE (%(near)s::bigint[] IS NULL OR o.id = ANY(%(near)s))
"""  # noqa: S608

_ROLES = f"""
SELECT r.code, r.name, r.description, to_jsonb(r.capabilities) AS capabilities, r.shipped, {_version("role", "r")}
FROM people_role r WHERE TRUE
"""  # noqa: S608

_TOKENS = """
SELECT t.id, t.name, t.hint, t.read_only, to_jsonb(t.scopes) AS scopes, t.created_at, t.expires_at, t.last_used_at,
  t.revoked_at
FROM people_apitoken t WHERE t.person_id = %(me)s
"""


def people(actor: Actor, asked: Asked) -> list[Row]:
    """A page of people by address, one more than `limit` when there are more; raises Forbidden for those who look
    after nobody."""
    _must_look_after(actor)
    more = (
        "AND (%(organisation)s::text IS NULL OR o.code = %(organisation)s)"
        " AND (%(team)s::text IS NULL OR EXISTS (SELECT 1 FROM people_membership m JOIN people_team t"
        " ON t.id = m.team_id WHERE m.person_id = p.id AND t.code = %(team)s))"
        " AND (%(role)s::text IS NULL OR EXISTS (SELECT 1 FROM people_rolegrant g JOIN people_role r"
        " ON r.id = g.role_id WHERE g.person_id = p.id AND r.code = %(role)s))"
    )
    return _page(actor, _PEOPLE, asked, key="p.email", name="p.name", active="p.is_active", more=more)


def person(actor: Actor, email: str) -> Row:
    """One person by address; raises NotFound."""
    return _one(actor, _PEOPLE + " AND p.email = %(key)s", email.strip().lower())


def teams(actor: Actor, asked: Asked) -> list[Row]:
    """A page of teams by code; raises Forbidden for those who look after nobody."""
    _must_look_after(actor)
    more = "AND (%(organisation)s::text IS NULL OR o.code = %(organisation)s)"
    return _page(actor, _TEAMS, asked, key="t.code", name="t.name", active="t.active", more=more)


def team(actor: Actor, code: str) -> Row:
    """One team; raises NotFound."""
    if not actor.can(PEOPLE_VIEW):
        raise places.unknown(code)
    return _one(actor, _TEAMS + " AND t.code = %(key)s", code)


def organisations(actor: Actor, asked: Asked) -> list[Row]:
    """A page of organisations by code: those the actor reaches or belongs to, and those above."""
    return _page(actor, _ORGANISATIONS, asked, key="o.code", name="o.name", active="o.active")


def organisation(actor: Actor, code: str) -> Row:
    """One organisation; raises NotFound."""
    return _one(actor, _ORGANISATIONS + " AND o.code = %(key)s", code)


def just_made_organisation(code: str) -> Row:
    """An organisation whose maker's rights were worked out before it existed."""
    found = sql.dicts(_ORGANISATIONS + " AND o.code = %(key)s", {"near": None, "key": code})
    return found[0]


def roles(actor: Actor) -> list[Row]:
    """All roles; raises Forbidden for those who look after nobody."""
    _must_look_after(actor)
    return sql.dicts(_ROLES + " ORDER BY r.code", prepare=False)


def role(actor: Actor, code: str) -> Row:
    """One role; raises NotFound."""
    if not actor.can(PEOPLE_VIEW):
        raise places.unknown(code)
    return _one(actor, _ROLES + " AND r.code = %(key)s", code)


def tokens(actor: Actor) -> list[Row]:
    """One's own tokens, newest first; never the secret."""
    return sql.dicts(_TOKENS + " ORDER BY t.id DESC LIMIT 500", {"me": actor.person_id})


def token(actor: Actor, token_id: int) -> Row:
    """One of one's own tokens; raises NotFound."""
    found = sql.dicts(_TOKENS + " AND t.id = %(id)s", {"me": actor.person_id, "id": token_id})
    if not found:
        raise places.unknown(str(token_id))
    return found[0]


def _must_look_after(actor: Actor) -> None:
    if not actor.can(PEOPLE_VIEW):
        raise Forbidden(_("Your role does not include looking at other people."))


def _eyes(actor: Actor) -> dict[str, Any]:
    """Parameters of the one rule: whose people, and which places, the actor may look at (None: all)."""
    reach, near = places.reach(actor), places.surroundings(actor)
    return {
        "me": actor.person_id,
        "reach": None if reach is None else sorted(reach),
        "near": None if near is None else sorted(near),
    }


def _one(actor: Actor, statement: str, key: str) -> Row:
    found = sql.dicts(statement, {**_eyes(actor), "key": key})
    if not found:
        raise places.unknown(key)
    return found[0]


def _page(actor: Actor, head: str, asked: Asked, *, key: str, name: str, active: str, more: str = "") -> list[Row]:
    words = asked.q.strip()[:100]
    quoted = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        **_eyes(actor),
        "active": asked.active,
        "like": f"%{quoted}%" if words else "",
        "after": asked.after,
        "limit": asked.limit + 1,
        "organisation": asked.organisation,
        "team": asked.team,
        "role": asked.role,
    }
    return sql.dicts(head + _PAGE.format(key=key, name=name, active=active, more=more), values, prepare=False)
