"""Reading services: those of the organisations the reader belongs to or looks after, and of those above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config import sql

Row = dict[str, Any]

_SERVICES = """
SELECT i.id, i.code, i.name, o.code AS organisation, i.status, i.criticality, p.email AS owner, i.description,
  i.active, i.version, i.created_at, i.updated_at
FROM items_item i JOIN people_organisation o ON o.id = i.organisation_id LEFT JOIN people_person p ON p.id = i.owner_id
WHERE i.item_class = 'service' AND i.code IS NOT NULL
  AND (%(near)s::bigint[] IS NULL OR i.organisation_id = ANY(%(near)s))
"""
_ONE = _SERVICES + " AND i.code = %(code)s"
_PAGE = (
    _SERVICES
    + """ AND (%(active)s::boolean IS NULL OR i.active = %(active)s)
  AND (%(organisation)s::text IS NULL OR o.code = %(organisation)s)
  AND (%(like)s = '' OR i.name ILIKE %(like)s OR i.code ILIKE %(like)s)
  AND (%(after)s::text IS NULL OR i.code > %(after)s)
ORDER BY i.code LIMIT %(limit)s"""
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A page as asked for: words in name or code, in use or not or both, rows after a code."""

    q: str = ""
    active: bool | None = None
    organisation: str | None = None
    limit: int = 50
    after: str | None = None


def one(actor: Actor, code: str) -> Row | None:
    """One service by code; None when it is not there or not theirs to see."""
    found = sql.dicts(_ONE, {"near": _near(actor), "code": code})
    return found[0] if found else None


def page(actor: Actor, asked: Asked) -> list[Row]:
    """Services by code, one more than `limit` when there are more."""
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
    return sql.dicts(_PAGE, values, prepare=False)


def _near(actor: Actor) -> list[int] | None:
    near = places.surroundings(actor)
    return None if near is None else sorted(near)
