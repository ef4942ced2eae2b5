"""The number that says that choices may come out otherwise now (models.Revision)."""

from __future__ import annotations

from quell.kernel.config import sql

_NEXT = """
INSERT INTO agreements_revision (id, number) VALUES (1, nextval('agreements_revision_number'))
ON CONFLICT (id) DO UPDATE SET number = nextval('agreements_revision_number')
"""


def bump() -> None:
    """Give the present state a new number. Belongs to the caller's transaction, as its last step but the journal: the
    row stays locked until the transaction ends."""
    sql.execute(_NEXT)
