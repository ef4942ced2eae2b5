"""Reading categories: everybody's, and those of the organisations the reader belongs to or looks after."""

from __future__ import annotations

from dataclasses import dataclass

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config import sql

from .incident import Row

_KEY = "(c.path || ' ' || c.id)"
_CATEGORIES = f"""
SELECT c.id, c.code, c.path, c.name, above.path AS parent, o.code AS organisation, c.active,
  coalesce((SELECT e.version FROM journal_entry e WHERE e.subject = 'category' AND e.subject_id = c.id
    ORDER BY e.id DESC LIMIT 1), 1) AS version, {_KEY} AS key
FROM incidents_category c LEFT JOIN incidents_category above ON above.id = c.parent_id
LEFT JOIN people_organisation o ON o.id = c.organisation_id
WHERE (c.organisation_id IS NULL OR %(near)s::bigint[] IS NULL OR c.organisation_id = ANY(%(near)s))
"""  # noqa: S608 - a fragment of our own; values are parameters


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as asked for: words in name or path, in use or not or both, rows after a key."""

    q: str = ""
    active: bool | None = None
    organisation: str | None = None
    limit: int = 50
    after: str | None = None


def one(actor: Actor, category_id: int) -> Row | None:
    """One category by id; None when it is not there or not theirs to see."""
    found = sql.dicts(_CATEGORIES + " AND c.id = %(id)s", {"near": _near(actor), "id": category_id})
    return found[0] if found else None


def page(actor: Actor, asked: Asked) -> list[Row]:
    """Categories by path, one more than `limit` when there are more; `key` goes into the cursor."""
    words = asked.q.strip()[:100]
    quoted = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "near": _near(actor),
        "active": asked.active,
        "organisation": asked.organisation,
        "like": f"%{quoted}%" if words else "",
        "after": asked.after,
        "limit": asked.limit + 1,
    }
    where = f""" AND (%(active)s::boolean IS NULL OR c.active = %(active)s)
      AND (%(organisation)s::text IS NULL OR o.code = %(organisation)s)
      AND (%(like)s = '' OR c.name ILIKE %(like)s OR c.path ILIKE %(like)s)
      AND (%(after)s::text IS NULL OR {_KEY} > %(after)s) ORDER BY {_KEY} LIMIT %(limit)s"""
    return sql.dicts(_CATEGORIES + where, values, prepare=False)


def _near(actor: Actor) -> list[int] | None:
    near = places.surroundings(actor)
    return None if near is None else sorted(near)
