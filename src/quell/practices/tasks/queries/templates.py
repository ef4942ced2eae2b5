"""Reading templates: those an organisation may use, and those a category brings along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config import sql

from ..rules.matching import covers

Row = dict[str, Any]

_LINES = """(SELECT coalesce(jsonb_agg(jsonb_build_object('kind', l.kind, 'title', l.title,
    'description', l.description, 'team', lt.code, 'due_seconds', l.due_seconds, 'required', l.required)
    ORDER BY l.position), '[]'::jsonb)
  FROM tasks_templateline l LEFT JOIN people_team lt ON lt.id = l.team_id
  WHERE l.template_id = t.id AND NOT l.retired) AS lines"""
_TEMPLATES = f"""
SELECT t.id, t.name, o.code AS organisation, o.name AS organisation_name, t.language, tm.code AS team, t.categories,
  t.required, t.trashed_at IS NOT NULL AS trashed, t.trashed_at, t.version, {_LINES}, lower(t.name) AS sorting
FROM tasks_template t
LEFT JOIN people_organisation o ON o.id = t.organisation_id
LEFT JOIN people_team tm ON tm.id = t.team_id
WHERE (%(near)s::bigint[] IS NULL OR t.organisation_id IS NULL OR t.organisation_id = ANY(%(near)s))
"""  # noqa: S608
_ONE = _TEMPLATES + " AND t.id = %(id)s"
_PAGE = (
    _TEMPLATES
    + """ AND (%(trashed)s::boolean IS NULL OR (t.trashed_at IS NOT NULL) = %(trashed)s)
  AND (%(organisation)s::text IS NULL OR o.code = %(organisation)s)
  AND (%(like)s = '' OR t.name ILIKE %(like)s)
  AND t.id > %(after)s ORDER BY t.id LIMIT %(limit)s"""
)
_USABLE = """
SELECT t.id, t.name, t.language, t.categories, t.required,
  (SELECT count(*) FROM tasks_templateline l WHERE l.template_id = t.id AND NOT l.retired) AS lines
FROM tasks_template t, people_organisation o
WHERE o.id = %(organisation)s AND t.trashed_at IS NULL
  AND (t.organisation_id IS NULL OR t.organisation_id = ANY(o.path))
ORDER BY lower(t.name), t.id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of templates as asked for."""

    q: str = ""
    organisation: str | None = None
    trashed: bool | None = False
    limit: int = 50
    after: int = 0


@dataclass(frozen=True, slots=True)
class Usable:
    """A template that may be put on a record: its id, name, language, how many lines, and whether resolving needs it
    where it belongs by category."""

    pk: int
    name: str
    language: str
    required: bool
    lines: int


def _near(actor: Actor) -> list[int] | None:
    near = places.surroundings(actor)
    return None if near is None else sorted(near)


def one(actor: Actor, template_id: int) -> Row | None:
    """One template with its lines; None when it is not there or not theirs to see."""
    if not actor.is_agent:
        return None
    found = sql.dicts(_ONE, {"near": _near(actor), "id": template_id})
    return found[0] if found else None


def page(actor: Actor, asked: Asked) -> list[Row]:
    """Templates by id, one more than the limit when there are more. For those who work; others see none."""
    if not actor.is_agent:
        return []
    words = asked.q.strip()[:100].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "near": _near(actor),
        "trashed": asked.trashed,
        "organisation": asked.organisation,
        "like": f"%{words}%" if words else "",
        "after": asked.after,
        "limit": asked.limit + 1,
    }
    return sql.dicts(_PAGE, values, prepare=False)


def usable(organisation_id: int) -> list[Usable]:
    """Every template a record of this organisation may take, by name."""
    return [_usable(row) for row in sql.rows(_USABLE, {"organisation": organisation_id})]


def of_category(organisation_id: int, path: str, language: str = "") -> list[Usable]:
    """The templates a category brings along. Of those with the same name in several languages, the one in `language`,
    else the one without a language, else the first."""
    rows = sql.rows(_USABLE, {"organisation": organisation_id})
    best: dict[str, Usable] = {}
    for row in rows:
        if not covers(row[3], path):
            continue
        one_ = _usable(row)
        known = best.get(one_.name)
        if known is None or _fits(one_, language) > _fits(known, language):
            best[one_.name] = one_
    return list(best.values())


def _fits(template: Usable, language: str) -> int:
    return 2 if template.language == language else 1 if template.language == "" else 0


def _usable(row: tuple[Any, ...]) -> Usable:
    return Usable(row[0], row[1], row[2], row[4], row[5])
