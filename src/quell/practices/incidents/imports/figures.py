"""What stands in the database for the incidents of a log: counted there, not taken from what was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

_NAMED = "imported_now"
_OF_THEM = f"""
    FROM {_NAMED} n
    JOIN records_externalreference x ON x.system = %(system)s AND x.reference = n.reference
    JOIN records_record r ON r.id = x.record_id
    JOIN incidents_incident i ON i.record_id = r.id
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over incidents, and the path of states most of them took, in the words of the source."""

    incidents: int
    entries: int
    final_priority: dict[str, int]
    reassigned_at_least_once: int
    reassigned_three_or_more: int
    reopened: int
    path: str
    path_count: int


def figures(system: str, references: Iterable[str]) -> Figures:
    """The figures of those incidents that the other system calls so."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_NAMED}")
        cursor.execute(f"CREATE TEMP TABLE {_NAMED} (reference text PRIMARY KEY)")
        with cursor.copy(f"COPY {_NAMED} (reference) FROM STDIN") as out:
            for reference in references:
                out.write_row([reference])
        cursor.execute(f"ANALYZE {_NAMED}")
        cursor.execute(
            f"""SELECT count(*),
                       count(*) FILTER (WHERE i.transfer_count >= 1),
                       count(*) FILTER (WHERE i.transfer_count >= 3),
                       count(*) FILTER (WHERE i.reopen_count >= 1)
                {_OF_THEM}""",
            {"system": system},
        )
        incidents, once, three, reopened = cursor.fetchone()
        cursor.execute(
            f"SELECT r.priority, count(*) {_OF_THEM} GROUP BY 1 ORDER BY 1",
            {"system": system},
        )
        priorities = {str(priority): count for priority, count in cursor.fetchall()}
        cursor.execute(
            f"""SELECT path, count(*), sum(entries) FROM (
                    SELECT string_agg(e.data->>'source_state', ' > ' ORDER BY e.id) AS path,
                           count(*) AS entries
                    {_OF_THEM}
                    JOIN journal_entry e ON e.record_id = r.id AND e.channel = 'import'
                    GROUP BY r.id) told
                GROUP BY path ORDER BY count(*) DESC, path""",  # noqa: S608
            {"system": system},
        )
        paths = cursor.fetchall()
        cursor.execute(f"DROP TABLE {_NAMED}")
    return Figures(
        incidents=incidents,
        entries=int(sum(entries for _, _, entries in paths)),
        final_priority=priorities,
        reassigned_at_least_once=once,
        reassigned_three_or_more=three,
        reopened=reopened,
        path=paths[0][0] if paths else "",
        path_count=paths[0][1] if paths else 0,
    )
