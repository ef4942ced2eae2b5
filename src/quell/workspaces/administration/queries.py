"""What the pages about people and places read, each in one statement and within the reader's reach."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

import orjson

from quell.kernel.config import sql
from quell.kernel.people.shipped import role_description, role_name

from .doors import LARGEST_ID, Reach

Row = dict[str, Any]
PAGE = 50
#: Counting stops here: "5,000+" says enough.
COUNTED = 5000


def like(text: str) -> str:
    """Typed words as a pattern for ILIKE, its signs taken literally."""
    quoted = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{quoted}%"


def cursor_of(*values: Any) -> str:
    """Where a page ended, as an address carries it."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_cursor(text: str) -> tuple[str, int] | None:
    """(name, id) from an address; None when there is none or somebody made it up."""
    try:
        name, row_id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error):
        return None
    good = isinstance(name, str) and "\x00" not in name and type(row_id) is int and 0 <= row_id <= LARGEST_ID
    return (name, row_id) if good else None


@dataclass(frozen=True, slots=True)
class People:
    """A page of people, by name; `next` is the cursor of the following page, "" at the end; `count` up to COUNTED
    + 1."""

    rows: list[Row]
    next: str
    count: int


_WITHIN = "(%(all)s OR p.organisation_id = ANY(%(orgs)s))"
_ASKED = """
(%(all)s OR p.organisation_id = ANY(%(orgs)s))
  AND (%(text)s = '' OR p.name ILIKE %(like)s OR p.email ILIKE %(like)s OR p.phone LIKE %(like)s)
  AND (%(active)s::boolean IS NULL OR p.is_active = %(active)s)
  AND (%(organisation)s = '' OR o.code = %(organisation)s)
  AND (%(role)s = '' OR EXISTS (SELECT 1 FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id
       WHERE g.person_id = p.id AND r.code = %(role)s))
  AND (%(team)s = '' OR EXISTS (SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
       WHERE m.person_id = p.id AND t.code = %(team)s))
"""
#: Of people within reach, only the teams and roles within reach too: another company's names stay its own.
_OURS = """(%(all)s OR {table}.organisation_id IN (
     SELECT unnest(path) FROM people_organisation WHERE id = ANY(%(orgs)s)))"""
_PEOPLE = f"""
SELECT p.id, p.name, p.email, p.job_title, p.vip, p.is_active AS active, p.last_login, o.name AS organisation,
  (SELECT jsonb_object_agg(r.code, r.name) FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id
   WHERE g.person_id = p.id AND (g.organisation_id IS NULL OR {_OURS.format(table="g")})) AS roles,
  (SELECT array_agg(t.name ORDER BY t.name) FROM people_membership m JOIN people_team t ON t.id = m.team_id
   WHERE m.person_id = p.id AND {_OURS.format(table="t")}) AS teams
FROM people_person p JOIN people_organisation o ON o.id = p.organisation_id
WHERE {_ASKED} AND (%(after)s::text IS NULL OR (p.name, p.id) > (%(after)s, %(after_id)s))
ORDER BY p.name, p.id LIMIT %(limit)s
"""  # noqa: S608 - fragments of our own
_COUNT = f"""
SELECT count(*) FROM (SELECT 1 FROM people_person p JOIN people_organisation o ON o.id = p.organisation_id
WHERE {_ASKED} LIMIT %(limit)s) found
"""  # noqa: S608


def people(far: Reach, asked: dict[str, str], cursor: str) -> People:
    """People by name. `asked`: text, active ("yes", "no", ""), organisation, role, team (codes)."""
    after = read_cursor(cursor)
    values = {
        **far.values,
        "text": asked["text"],
        "like": like(asked["text"]),
        "active": {"yes": True, "no": False}.get(asked["active"]),
        "organisation": asked["organisation"],
        "role": asked["role"],
        "team": asked["team"],
        "after": after[0] if after else None,
        "after_id": after[1] if after else 0,
    }
    rows = sql.dicts(_PEOPLE, {**values, "limit": PAGE + 1})
    (count,) = sql.row(_COUNT, {**values, "limit": COUNTED + 1}) or (0,)
    for row in rows:
        row["roles"] = sorted(role_name(code, name) for code, name in (row["roles"] or {}).items())
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return People(rows[:PAGE], cursor_of(last["name"], last["id"]) if last else "", count)


_PERSON = f"""
SELECT p.id, p.name, p.email, p.phone, p.job_title, p.approval_limit, p.approval_currency,
  (SELECT a.email FROM people_person a WHERE a.id = p.manager_id
   AND (%(all)s OR a.organisation_id = ANY(%(orgs)s))) AS manager,
  p.language, p.timezone, p.vip, p.is_active AS active, p.last_login,
  p.created_at, p.password LIKE '!%%' OR p.password = '' AS without_password, o.code AS organisation,
  o.name AS organisation_name,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'role', r.code, 'role_name', r.name,
     'organisation', go.code, 'organisation_name', go.name, 'team', t.code, 'team_name', t.name,
     'by', b.name, 'at', g.granted_at) ORDER BY r.name, go.name, t.name), '[]')
   FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id
   LEFT JOIN people_organisation go ON go.id = g.organisation_id LEFT JOIN people_team t ON t.id = g.team_id
   LEFT JOIN people_person b ON b.id = g.granted_by_id
   WHERE g.person_id = p.id AND (g.organisation_id IS NULL OR {_OURS.format(table="g")})) AS grants,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'code', t.code, 'name', t.name,
     'lead', m.lead, 'active', t.active) ORDER BY t.name), '[]')
   FROM people_membership m JOIN people_team t ON t.id = m.team_id
   WHERE m.person_id = p.id AND {_OURS.format(table="t")}) AS teams,
  (SELECT count(*) FROM records_record r
   WHERE r.assignee_id = p.id AND r.state_category IN ('new', 'active', 'waiting')) AS in_hand
FROM people_person p JOIN people_organisation o ON o.id = p.organisation_id WHERE p.id = %(id)s AND {_WITHIN}
"""  # noqa: S608
_TOKENS = """
SELECT id, name, hint, read_only, scopes, created_at, expires_at, last_used_at, revoked_at,
  revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) AS valid
FROM people_apitoken WHERE person_id = %(id)s ORDER BY valid DESC, created_at DESC LIMIT 50
"""


def person(far: Reach, person_id: int) -> Row | None:
    """Everything the page of one person shows; None when there is nobody of that id within reach."""
    found = sql.dicts(_PERSON, {**far.values, "id": person_id})
    if not found:
        return None
    for grant in found[0]["grants"]:
        grant["role_name"] = role_name(grant["role"], grant["role_name"])
    return {**found[0], "tokens": sql.dicts(_TOKENS, {"id": person_id})}


def person_id(far: Reach, email: str) -> int | None:
    """The id of the person with that address, within reach."""
    found = sql.row(
        "SELECT id FROM people_person WHERE email = lower(%(email)s) AND (%(all)s OR organisation_id = ANY(%(orgs)s))",
        {**far.values, "email": email.strip()},
    )
    return int(found[0]) if found else None


_ORGANISATIONS = """
SELECT o.id, o.code, o.name, o.active, o.parent_id, cardinality(o.path) AS depth, o.path,
  (SELECT count(*) FROM people_person p WHERE p.organisation_id = o.id AND p.is_active) AS people,
  (SELECT count(*) FROM people_team t WHERE t.organisation_id = o.id AND t.active) AS teams
FROM people_organisation o WHERE %(all)s OR o.id = ANY(%(orgs)s)
ORDER BY (SELECT array_agg(s.name ORDER BY cardinality(s.path)) FROM people_organisation s
          WHERE s.id = ANY(o.path)), o.id
"""


def organisations(far: Reach) -> list[Row]:
    """The organisations within reach as a tree in order; `level` counts from 0 at the highest one shown."""
    rows = sql.dicts(_ORGANISATIONS, far.values)
    shown = {row["id"] for row in rows}
    return [{**row, "level": sum(step in shown for step in row["path"]) - 1} for row in rows]


def choices(rows: list[Row]) -> list[tuple[str, str]]:
    """(code, name indented by level) of the active organisations, for a choice."""
    return [(row["code"], "\u2003" * row["level"] + row["name"]) for row in rows if row["active"]]


_ORGANISATION = """
SELECT o.id, o.code, o.name, o.active, o.created_at, p.code AS parent, p.name AS parent_name,
  (SELECT count(*) FROM people_person x WHERE x.organisation_id = o.id AND x.is_active) AS people,
  (SELECT count(*) FROM people_team t WHERE t.organisation_id = o.id AND t.active) AS teams,
  (SELECT count(*) FROM items_item i WHERE i.organisation_id = o.id AND i.item_class = 'service' AND i.active)
    AS services,
  (SELECT count(*) FROM people_organisation c WHERE c.path @> ARRAY[o.id] AND c.id <> o.id) AS below
FROM people_organisation o LEFT JOIN people_organisation p ON p.id = o.parent_id
WHERE o.id = %(id)s AND (%(all)s OR o.id = ANY(%(orgs)s))
"""


def organisation(far: Reach, organisation_id: int) -> Row | None:
    """One organisation within reach."""
    found = sql.dicts(_ORGANISATION, {**far.values, "id": organisation_id})
    return found[0] if found else None


_TEAMS = """
SELECT t.id, t.code, t.name, t.active, o.name AS organisation, o.code AS organisation_code,
  (SELECT count(*) FROM people_membership m WHERE m.team_id = t.id) AS members,
  (SELECT string_agg(p.name, ', ' ORDER BY p.name) FROM people_membership m JOIN people_person p ON p.id = m.person_id
   WHERE m.team_id = t.id AND m.lead) AS leads,
  (SELECT count(*) FROM records_record r WHERE r.team_id = t.id AND r.state_category IN ('new', 'active', 'waiting'))
    AS open
FROM people_team t JOIN people_organisation o ON o.id = t.organisation_id
WHERE (%(all)s OR t.organisation_id = ANY(%(orgs)s)) AND (%(organisation)s = '' OR o.code = %(organisation)s)
  AND (%(text)s = '' OR t.name ILIKE %(like)s OR t.code ILIKE %(like)s)
  AND (%(after)s::text IS NULL OR (t.name, t.id) > (%(after)s, %(after_id)s))
ORDER BY t.name, t.id LIMIT %(limit)s
"""


def teams(far: Reach, organisation_code: str, text: str, cursor: str) -> tuple[list[Row], str]:
    """A page of teams by name, and the cursor of the next."""
    after = read_cursor(cursor)
    values = {
        **far.values,
        "organisation": organisation_code,
        "text": text,
        "like": like(text),
        "after": after[0] if after else None,
        "after_id": after[1] if after else 0,
        "limit": PAGE + 1,
    }
    rows = sql.dicts(_TEAMS, values)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], cursor_of(last["name"], last["id"]) if last else ""


_TEAM = """
SELECT t.id, t.code, t.name, t.active, t.created_at, o.name AS organisation, o.id AS organisation_id,
  (SELECT count(*) FROM records_record r WHERE r.team_id = t.id AND r.state_category IN ('new', 'active', 'waiting'))
    AS open,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'email', p.email, 'lead', m.lead,
     'active', p.is_active) ORDER BY m.lead DESC, p.name), '[]')
   FROM people_membership m JOIN people_person p ON p.id = m.person_id WHERE m.team_id = t.id) AS members
FROM people_team t JOIN people_organisation o ON o.id = t.organisation_id
WHERE t.id = %(id)s AND (%(all)s OR t.organisation_id = ANY(%(orgs)s))
"""


def team(far: Reach, team_id: int) -> Row | None:
    """One team with its members."""
    found = sql.dicts(_TEAM, {**far.values, "id": team_id})
    return found[0] if found else None


def team_id(far: Reach, code: str) -> int | None:
    """The id of the team with that code, within reach."""
    found = sql.row(
        "SELECT id FROM people_team WHERE code = %(code)s AND (%(all)s OR organisation_id = ANY(%(orgs)s))",
        {**far.values, "code": code},
    )
    return int(found[0]) if found else None


def team_choices(far: Reach) -> list[tuple[str, str]]:
    """(code, name) of the active teams within reach, at most 500."""
    found = sql.rows(
        """SELECT code, name FROM people_team WHERE active AND (%(all)s OR organisation_id = ANY(%(orgs)s))
           ORDER BY name, id LIMIT 500""",
        far.values,
    )
    return [(code, name) for code, name in found]


def roles(far: Reach) -> list[Row]:
    """Every role with its capabilities and how many people within reach hold it."""
    rows = sql.dicts(
        """SELECT r.id, r.code, r.name, r.description, r.capabilities, r.shipped,
             (SELECT count(DISTINCT g.person_id) FROM people_rolegrant g JOIN people_person p ON p.id = g.person_id
              WHERE g.role_id = r.id AND (%(all)s OR p.organisation_id = ANY(%(orgs)s))) AS people
           FROM people_role r ORDER BY NOT r.shipped, cardinality(r.capabilities) DESC, r.name""",
        far.values,
    )
    for row in rows:
        row["name"] = role_name(row["code"], row["name"])
        row["description"] = role_description(row["code"], row["description"])
    return rows


_FIGURES = """
SELECT
  (SELECT count(*) FROM people_person WHERE is_active AND (%(all)s OR organisation_id = ANY(%(orgs)s))) AS people,
  (SELECT count(*) FROM people_organisation WHERE active AND (%(all)s OR id = ANY(%(orgs)s))) AS organisations,
  (SELECT count(*) FROM people_team WHERE active AND (%(all)s OR organisation_id = ANY(%(orgs)s))) AS teams,
  (SELECT count(*) FROM people_role) AS roles,
  (SELECT count(*) FROM items_item WHERE item_class = 'service' AND active
     AND (%(all)s OR organisation_id = ANY(%(orgs)s))) AS services,
  (SELECT count(*) FROM config_optionvalue WHERE %(all)s OR organisation_id = ANY(%(orgs)s)) AS settings
"""


def figures(far: Reach) -> Row:
    """The numbers of the front page."""
    return sql.dicts(_FIGURES, far.values)[0]


_CALLED = """
SELECT p.name, p.email FROM people_person p
WHERE (%(all)s OR p.organisation_id = ANY(%(orgs)s)) AND (p.email = lower(%(text)s) OR p.name ILIKE %(like)s)
ORDER BY (p.email = lower(%(text)s)) DESC, p.name, p.id LIMIT 10
"""


def called(far: Reach, text: str) -> list[Row]:
    """Up to ten people within reach of that address or with these words in their name; an address is one alone."""
    found = sql.dicts(_CALLED, {**far.values, "text": text, "like": like(text)})
    exact = [row for row in found if row["email"] == text.lower()]
    return exact or found
