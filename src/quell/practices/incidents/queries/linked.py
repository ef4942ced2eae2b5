"""What an incident is linked to, as far as the reader may see the other end."""

from __future__ import annotations

from quell.kernel.access.actor import Actor
from quell.kernel.config.sql import dicts
from quell.kernel.records import links
from quell.kernel.records.visibility import visible_sql

from .incident import Row

#: Families and storms may link hundreds; a page and a program need no more at once.
MOST = 500


def linked(actor: Actor, record_id: int) -> list[Row]:
    """Links both ways, each named as seen from this record: `kind`, `to` (a number), `title`, `state`, `priority`,
    `of_kind` and `created_at`."""
    visible, values = visible_sql(actor)
    rows = dicts(
        f"""SELECT l.kind, l.source_id = %(record)s AS outward, r.number AS to, r.kind AS of_kind, r.title, r.state,
          r.priority, l.created_at
        FROM (SELECT id, kind, source_id, created_at, target_id AS other FROM records_link WHERE source_id = %(record)s
          UNION ALL
          SELECT id, kind, source_id, created_at, source_id FROM records_link WHERE target_id = %(record)s) l
        JOIN records_record r ON r.id = l.other WHERE {visible} ORDER BY l.id LIMIT {MOST}""",  # noqa: S608
        {"record": record_id, **values},
    )
    for row in rows:
        found = links.direction(row["kind"])
        if not row.pop("outward") and found is not None:
            row["kind"] = found[0].inverse
    return rows
