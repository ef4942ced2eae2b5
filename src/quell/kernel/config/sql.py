"""Hand-written SQL on busy paths: prepared statements on Django's own connection and transaction.

Django's cursors bind parameters on the client and so never use prepared statements; these do, which is worth a third
of a short query. Statements whose best plan depends on their values say `prepare=False`: they are sent with the values
written in, so that the planner sees them. JSON arrives as Python values.
"""

from __future__ import annotations

import select
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import ClientCursor, Connection, Cursor, adapters
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.rows import dict_row, tuple_row
from psycopg.types.datetime import DatetimeBinaryDumper, DatetimeDumper, TimestamptzLoader

Values = Mapping[str, Any] | Sequence[Any]


class _Json(Loader):
    """JSON read by orjson; registered for these cursors only, since Django reads its own."""

    def load(self, data: Any) -> Any:
        """The value."""
        return orjson.loads(bytes(data))


class _AnyOffset(DatetimeDumper):
    """A time as text. PostgreSQL reads no offset of sixteen hours or more, RFC 3339 allows up to 23:59."""

    def dump(self, obj: datetime) -> Buffer | None:
        """The time, in UTC where PostgreSQL could not read it otherwise."""
        away = obj.utcoffset()
        return super().dump(obj if away is None or abs(away) < timedelta(hours=16) else obj.astimezone(UTC))


def take_any_offset() -> None:
    """For every connection opened from now on, Django's too. What goes as eight bytes has no offset and stays."""
    for dumper in (_AnyOffset, DatetimeBinaryDumper):
        adapters.register_dumper(datetime, dumper)


class _Kept(threading.local):
    """The cursors of this thread's connection, one that prepares and one that writes values in. They are used again:
    setting up a cursor, and finding out anew how to read each type, costs more than reading a short answer."""

    live: Connection[Any] | None = None
    prepared: Cursor[Any]
    written: Cursor[Any]


_kept = _Kept()


def _cursor(live: Connection[Any], prepare: bool) -> Cursor[Any]:
    if _kept.live is not live:
        # Parameters bound on the server would get the generic plan that the connection asks for (plan_cache_mode),
        # even in a statement that is not kept; so what must be planned for its values is bound on the client.
        _kept.prepared, _kept.written = _adapted(Cursor(live)), _adapted(ClientCursor(live))
        _kept.live = live
    return _kept.prepared if prepare else _kept.written


def _adapted(cursor: Cursor[Any]) -> Cursor[Any]:
    cursor.adapters.register_loader("jsonb", _Json)
    cursor.adapters.register_loader("json", _Json)
    # Django's loader for times is Python on top of psycopg's; the connection speaks UTC, so psycopg's own will do.
    cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
    return cursor


def _connected() -> Any:
    """Django's connection, open. Whether it still stands is asked once a request, as Django does, but of the socket
    first: a server that went away has closed its end, and only a socket with something to say is worth a round trip.
    """
    ours: Any = connections[DEFAULT_DB_ALIAS]
    if ours.connection is None:
        ours.ensure_connection()
    elif ours.health_check_enabled and not ours.health_check_done:
        said = select.poll()
        said.register(ours.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        if said.poll(0):
            ours.close_if_health_check_failed()
            ours.ensure_connection()
        else:
            ours.health_check_done = True
    return ours


def _run(sql: str, values: Values | None, prepare: bool, factory: Any = tuple_row) -> Cursor[Any]:
    ours = _connected()
    cursor = _cursor(ours.connection, prepare)
    cursor.row_factory = factory
    with ours.wrap_database_errors:
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
