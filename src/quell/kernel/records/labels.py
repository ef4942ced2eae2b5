"""Names for the ids the journal keeps: each field that points somewhere has one place that resolves it in a batch."""

from __future__ import annotations

from collections.abc import Callable

from quell.kernel.config import sql

_sources: dict[str, str] = {}
#: By table: the column that says what a row came as, and what to call it for the reader.
_spoken: dict[str, tuple[str, Callable[[str, str], str]]] = {}


def register(field: str, table: str, key: str = "", said: Callable[[str, str], str] | None = None) -> None:
    """Say whose ids a field keeps: `table` has the columns `id` and `name`. Where names come with Quell, `said` makes
    of the column `key` and the name what the reader calls it."""
    _sources[field] = table
    if said is not None:
        _spoken[table] = (key, said)


def resolve(wanted: dict[str, set[int]]) -> dict[str, dict[int, str]]:
    """Names by field and id, all of them in one statement; fields that share a table share its part of it."""
    by_table: dict[str, set[int]] = {}
    for field, ids in wanted.items():
        if ids and field in _sources:
            by_table.setdefault(_sources[field], set()).update(ids)
    names: dict[str, dict[int, str]] = {table: {} for table in by_table}
    if by_table:
        parts = (
            f"SELECT '{table}', id, name, {_key(table)} FROM {table} WHERE id = ANY(%({table})s)"  # noqa: S608 - our own
            for table in sorted(by_table)
        )
        found = sql.rows(" UNION ALL ".join(parts), {table: sorted(ids) for table, ids in by_table.items()})
        for table, key, name, came_as in found:
            names[table][key] = _spoken[table][1](came_as, name) if table in _spoken else name
    return {field: names.get(_sources[field], {}) for field in wanted if field in _sources}


def _key(table: str) -> str:
    return _spoken[table][0] if table in _spoken else "''"


def known(field: str) -> bool:
    """Does the field hold ids?"""
    return field in _sources


for _field in ("requester", "owner", "assignee"):
    register(_field, "people_person")
register("team", "people_team")
register("service", "items_item")
