"""Hand-overs of an incident as they are shown."""

from __future__ import annotations

from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config.sql import dicts

Row = dict[str, Any]

_HANDOVERS = """
SELECT h.id, h.at, b.email AS by, b.name AS by_name, h.by_id, ft.code AS from_team, ft.name AS from_team_name,
  fp.email AS from_person, fp.name AS from_person_name, tt.code AS to_team, tt.name AS to_team_name, h.to_team_id,
  tp.email AS to_person, tp.name AS to_person_name, h.to_person_id, h.reason_code, h.reason, h.state, h.settled_at,
  s.email AS settled_by, s.name AS settled_by_name, h.return_reason, h.quick,
  EXISTS (SELECT 1 FROM people_membership m WHERE m.team_id = h.to_team_id AND m.person_id = %(me)s) AS of_team
FROM incidents_handover h
LEFT JOIN people_person b ON b.id = h.by_id
LEFT JOIN people_team ft ON ft.id = h.from_team_id LEFT JOIN people_person fp ON fp.id = h.from_person_id
LEFT JOIN people_team tt ON tt.id = h.to_team_id LEFT JOIN people_person tp ON tp.id = h.to_person_id
LEFT JOIN people_person s ON s.id = h.settled_by_id
"""


def of_record(record_id: int) -> list[Row]:
    """All of them, oldest first."""
    return dicts(f"{_HANDOVERS} WHERE h.record_id = %(record)s ORDER BY h.id", {"record": record_id, "me": None})


def pending(actor: Actor, row: Row) -> Row | None:
    """The one that waits; `mine` says that this actor may answer it (`actions.hands.meant_for` is the same rule)."""
    found = dicts(f"{_HANDOVERS} WHERE h.id = %(id)s", {"id": row["handover_id"], "me": actor.person_id})
    for one in found:
        if one["to_person_id"] is not None:
            one["mine"] = one["to_person_id"] == actor.person_id
        else:
            one["mine"] = actor.person_id is not None and (one["of_team"] or actor.person_id != one["by_id"])
    return found[0] if found else None
