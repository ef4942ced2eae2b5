"""Hand-written SQL on busy paths: prepared statements on Django's own connection and transaction.

Django's cursors bind parameters on the client and so never use prepared statements; these do, which is worth a third
of a short query. JSON arrives as Python values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import connection
from psycopg import Cursor
from psycopg.adapt import Loader

Values = Mapping[str, Any] | Sequence[Any]


class _Json(Loader):
    """JSON read by orjson; registered for these cursors only, since Django reads its own."""

    def load(self, data: Any) -> Any:
        """The value."""
        return orjson.loads(bytes(data))


def _cursor(sql: str, values: Values | None, prepare: bool) -> Cursor[Any]:
    connection.ensure_connection()
    raw = connection.connection
    cursor: Cursor[Any] = raw.cursor()
    cursor.adapters.register_loader("jsonb", _Json)
    cursor.adapters.register_loader("json", _Json)
    with connection.wrap_database_errors:
        cursor.execute(sql, values, prepare=prepare)
    return cursor


def rows(sql: str, values: Values | None = None, *, prepare: bool = True) -> list[tuple[Any, ...]]:
    """All rows as tuples."""
    return _cursor(sql, values, prepare).fetchall()


def row(sql: str, values: Values | None = None, *, prepare: bool = True) -> tuple[Any, ...] | None:
    """The first row, or None."""
    return _cursor(sql, values, prepare).fetchone()  # type: ignore[no-any-return]


def dicts(sql: str, values: Values | None = None, *, prepare: bool = True) -> list[dict[str, Any]]:
    """All rows as dicts by column name."""
    cursor = _cursor(sql, values, prepare)
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, found, strict=True)) for found in cursor.fetchall()]


def execute(sql: str, values: Values | None = None, *, prepare: bool = True) -> int:
    """Run a statement that answers nothing; returns how many rows it touched."""
    return _cursor(sql, values, prepare).rowcount
