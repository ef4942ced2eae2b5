"""One attachment through somebody's eyes: the permission is asked on every read (security.md, gate 5)."""

from __future__ import annotations

from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config.sql import dicts

from .visibility import internal_sql, visible_sql


def readable(actor: Actor, attachment_id: int) -> dict[str, Any] | None:
    """The attachment, if the actor sees its record and, for an internal one, the record's internal part."""
    visible, values = visible_sql(actor)
    internal, more = internal_sql(actor)
    found = dicts(
        f"""SELECT a.id, a.name, a.content_type, a.size, a.blob_id AS sha256, a.public
        FROM records_attachment a JOIN records_record r ON r.id = a.record_id
        WHERE a.id = %(id)s AND {visible} AND (a.public OR {internal})""",  # noqa: S608 - our own fragments
        {"id": attachment_id, **values, **more},
    )
    return found[0] if found else None
