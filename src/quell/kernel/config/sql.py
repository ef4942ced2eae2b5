"""Hand-written SQL on busy paths: prepared statements on Django's own connection and transaction.

Django's cursors bind parameters on the client and so never use prepared statements; these do, which is worth a third
of a short query. Statements whose best plan depends on their values say `prepare=False`: they are sent with the values
written in, so that the planner sees them. JSON arrives as Python values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import connection
from psycopg import ClientCursor, Cursor
from psycopg.adapt import Loader
from psycopg.rows import dict_row, tuple_row
from psycopg.types.datetime import TimestamptzLoader

Values = Mapping[str, Any] | Sequence[Any]


class _Json(Loader):
    """JSON read by orjson; registered for these cursors only, since Django reads its own."""

    def load(self, data: Any) -> Any:
        """The value."""
        return orjson.loads(bytes(data))


def _run(sql: str, values: Values | None, prepare: bool, factory: Any = tuple_row) -> Cursor[Any]:
    connection.ensure_connection()
    # Parameters bound on the server would get the generic plan that the connection asks for (plan_cache_mode), even
    # in a statement that is not kept; so what must be planned for its values is bound on the client.
    kind = Cursor if prepare else ClientCursor
    cursor: Cursor[Any] = kind(connection.connection, row_factory=factory)
    cursor.adapters.register_loader("jsonb", _Json)
    cursor.adapters.register_loader("json", _Json)
    # Django's loader for times is Python on top of psycopg's; the connection speaks UTC, so psycopg's own will do.
    cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
    with connection.wrap_database_errors:
        cursor.execute(sql, values, prepare=prepare)
    return cursor


def rows(sql: str, values: Values | None = None, *, prepare: bool = True) -> list[tuple[Any, ...]]:
    """All rows as tuples."""
    return _run(sql, values, prepare).fetchall()


def row(sql: str, values: Values | None = None, *, prepare: bool = True) -> tuple[Any, ...] | None:
    """The first row, or None."""
    return _run(sql, values, prepare).fetchone()  # type: ignore[no-any-return]


def dicts(sql: str, values: Values | None = None, *, prepare: bool = True) -> list[dict[str, Any]]:
    """All rows as dicts by column name."""
    return _run(sql, values, prepare, dict_row).fetchall()


def execute(sql: str, values: Values | None = None, *, prepare: bool = True) -> int:
    """Run a statement that answers nothing; returns how many rows it touched."""
    return _run(sql, values, prepare).rowcount
