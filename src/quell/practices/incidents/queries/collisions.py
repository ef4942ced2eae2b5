"""Who changed a fact since somebody last looked: what a stale save is told, instead of that something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quell.kernel.config import sql


@dataclass(frozen=True, slots=True)
class Collision:
    """Who changed it, and when. The house itself has the empty name."""

    who: str
    at: datetime


_LAST = """
SELECT coalesce(p.name, ''), e.at FROM journal_entry e LEFT JOIN people_person p ON p.id = e.actor_id
WHERE e.record_id = %(record)s AND e.version > %(version)s AND e.changes ? %(field)s ORDER BY e.id DESC LIMIT 1
"""


def changed_since(record_id: int, field: str, version: int) -> Collision | None:
    """The last change of a fact, as the journal names it, after that version; None when nobody touched it."""
    found = sql.row(_LAST, {"record": record_id, "version": version, "field": field})
    return Collision(*found) if found else None
