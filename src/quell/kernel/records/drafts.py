"""Text that is still being written, kept on the server: one per person, record and mode, never mixed.

A reply and a note are two drafts; there is no call that turns one into the other.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from quell.kernel.config import sql

Mode = Literal["public", "internal"]
MODES: tuple[Mode, ...] = ("public", "internal")
#: As long as a reply may be; what is longer could never be sent.
LONGEST = 100_000

_KEEP = """
INSERT INTO records_draft (person_id, record_id, mode, body, saved_at)
VALUES (%(person)s, %(record)s, %(mode)s, %(body)s, %(now)s)
ON CONFLICT (person_id, record_id, mode) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at
"""
_DROP = "DELETE FROM records_draft WHERE person_id = %(person)s AND record_id = %(record)s AND mode = %(mode)s"
_READ = "SELECT mode, body, saved_at FROM records_draft WHERE person_id = %(person)s AND record_id = %(record)s"


def keep(person_id: int, record_id: int, mode: Mode, body: str) -> None:
    """Keep what is being written; nothing but blanks removes the draft."""
    text = body.replace("\x00", "")[:LONGEST]
    if not text.strip():
        drop(person_id, record_id, mode)
        return
    values = {"person": person_id, "record": record_id, "mode": mode, "body": text, "now": datetime.now(UTC)}
    sql.execute(_KEEP, values)


def drop(person_id: int, record_id: int, mode: Mode) -> None:
    """Forget the draft of one mode: it was sent, or emptied."""
    sql.execute(_DROP, {"person": person_id, "record": record_id, "mode": mode})


def read(person_id: int, record_id: int) -> dict[str, tuple[str, datetime]]:
    """(text, when it was kept) by mode."""
    rows = sql.rows(_READ, {"person": person_id, "record": record_id})
    return {mode: (body, saved_at) for mode, body, saved_at in rows}
