"""What only the portal asks the database."""

from __future__ import annotations

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql

_PLACE = "SELECT name FROM people_organisation WHERE id = %s AND parent_id IS NOT NULL"


def place_of(actor: Actor) -> str:
    """Where somebody sits, as far as it is known: the name of their department or site, not of the whole company."""
    row = sql.row(_PLACE, [actor.organisation_id])
    return str(row[0]) if row else ""
