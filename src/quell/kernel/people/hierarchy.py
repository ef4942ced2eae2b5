"""Who stands above whom: the chain of managers a hierarchical escalation climbs (domain.md 4.2)."""

from __future__ import annotations

from quell.kernel.config import sql

#: The most managers above anybody.
DEEPEST = 20

_ABOVE = """
WITH RECURSIVE up(person, height) AS (
  SELECT %(manager)s::bigint, 1
  UNION ALL
  SELECT p.manager_id, up.height + 1 FROM up JOIN people_person p ON p.id = up.person
  WHERE p.manager_id IS NOT NULL AND up.height <= %(most)s
)
SELECT max(height), bool_or(person = %(person)s) FROM up
"""
_BELOW = """
WITH RECURSIVE down(person, depth) AS (
  SELECT %(person)s::bigint, 0
  UNION ALL
  SELECT p.id, down.depth + 1 FROM down JOIN people_person p ON p.manager_id = down.person WHERE down.depth <= %(most)s
)
SELECT max(depth) FROM down
"""
#: Two changes of managers at once could close a circle that neither sees.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('people.managers'))"


def closes_a_circle(person: int, manager: int) -> bool:
    """Would this manager make somebody stand above themselves? Belongs into the transaction that sets them."""
    sql.execute(_ONE_AT_A_TIME)
    found = sql.row(_ABOVE, {"person": person, "manager": manager, "most": DEEPEST})
    return person == manager or bool(found and found[1])


def too_deep(person: int, manager: int) -> bool:
    """Would more than `DEEPEST` managers stand above somebody?"""
    above = sql.row(_ABOVE, {"person": person, "manager": manager, "most": DEEPEST})
    below = sql.row(_BELOW, {"person": person, "most": DEEPEST})
    return (above[0] if above else 0) + (below[0] if below else 0) > DEEPEST
