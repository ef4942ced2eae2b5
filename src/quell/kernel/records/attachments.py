"""One attachment through somebody's eyes: the permission is asked on every read (security.md, gate 5)."""

from __future__ import annotations

from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config.sql import dicts

from .visibility import internal_sql, visible_sql


def readable(actor: Actor, attachment_id: int) -> dict[str, Any] | None:
    """The attachment, if the actor sees its record and, for an internal one, the record's internal part. The public
    files of a merged record also belong to what it was merged into."""
    visible, values = visible_sql(actor)
    internal, more = internal_sql(actor)
    named = {"id": attachment_id, **values, **more}
    found = dicts(
        f"""SELECT a.id, a.name, a.content_type, a.size, a.blob_id AS sha256, a.public
        FROM records_attachment a JOIN records_record r ON r.id = a.record_id
        WHERE a.id = %(id)s AND {visible} AND (a.public OR {internal})""",  # noqa: S608 - our own fragments
        named,
    )
    if not found:
        # What was said in public goes along when a record is merged into another (timeline.py).
        found = dicts(
            f"""SELECT a.id, a.name, a.content_type, a.size, a.blob_id AS sha256, a.public
            FROM records_attachment a
            JOIN records_link l ON l.source_id = a.record_id AND l.kind = 'merged_into'
            JOIN records_record r ON r.id = l.target_id
            WHERE a.id = %(id)s AND a.public AND {visible} LIMIT 1""",  # noqa: S608 - our own fragments
            named,
        )
    return found[0] if found else None
