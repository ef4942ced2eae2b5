"""What an attempt left in the database, found without reading all of it: PostgreSQL counts the rows that a transaction
writes, so only tables that were written to are compared, and only what wrote something is rolled back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from django.db import DatabaseError, connection, transaction

from .world import INTRUDERS

#: Tables that note that somebody knocked, not what they did.
KNOCKS = ("config_cache", "django_session", "django_migrations")
#: Tables in which intruders have rows of their own: a batch of which everything was refused, the views on their own
#: pages. Everybody else's rows count.
THEIR_OWN = ("servicedesk_batch", "servicedesk_arrangement")
#: Rows inserted, updated and deleted by this transaction, by table. What was rolled back again is counted with them,
#: so a number never goes back to what it was.
WRITTEN = """
    SELECT relname, n FROM (
        SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
            + pg_stat_get_xact_tuples_deleted(oid) AS n
        FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
    ) AS counted WHERE n > 0
"""

State = dict[str, tuple[int, int]]


def state(tables: Iterable[str] | None = None) -> State:
    """Rows and their sum, of these tables or of every one."""
    asked = connection.introspection.table_names() if tables is None else tables
    intruders = ",".join(f"'{name}@%'" for name in INTRUDERS)
    people = f"SELECT id FROM people_person WHERE email LIKE ANY(ARRAY[{intruders}])"
    parts = []
    for t in asked:
        if t in KNOCKS:
            continue
        row = "(to_jsonb(t) - 'last_used_at')" if t == "people_apitoken" else "t"
        which = f"WHERE person_id NOT IN ({people})" if t in THEIR_OWN else ""
        parts.append(f"SELECT '{t}', count(*), coalesce(sum(hashtextextended({row}::text, 0)), 0) FROM {t} t {which}")
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {name: (count, total) for name, count, total in cursor.fetchall()}


def difference(before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]) -> list[str]:
    """Names of tables that changed, of those known afterwards."""
    return [name for name, found in after.items() if before[name] != found]


def written() -> dict[str, int]:
    """How many rows of which tables this transaction has written, or tried to."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


class Undone:
    """What happens inside is rolled back, one after another and not within each other. A savepoint behind which nothing
    was written serves again: a rollback makes the connection forget every statement it has prepared."""

    _standing: ClassVar[tuple[list[str], str, dict[str, int]] | None] = None

    def __enter__(self) -> Undone:
        around = list(connection.savepoint_ids)
        if Undone._standing is None or Undone._standing[0] != around:
            Undone._standing = around, transaction.savepoint(), written()
        return self

    def __exit__(self, *fault: object) -> None:
        assert Undone._standing is not None
        around, savepoint, before = Undone._standing
        try:
            if written() == before:
                return
        except DatabaseError:  # a transaction that was left broken answers nothing
            pass
        connection.needs_rollback = False
        transaction.savepoint_rollback(savepoint)
        Undone._standing = around, savepoint, written()

    def changed(self, before: State) -> list[str]:
        """Tables that are not as `before`, which is the state of all tables before what happened inside."""
        assert Undone._standing is not None
        known, now = Undone._standing[2], written()
        return difference(before, state(name for name, rows in now.items() if rows != known.get(name)))
