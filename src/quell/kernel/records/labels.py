"""Names for the ids the journal keeps: each field that points somewhere has one place that resolves it in a batch."""

from __future__ import annotations

from quell.kernel.config import sql

_sources: dict[str, str] = {}


def register(field: str, table: str) -> None:
    """Say whose ids a field keeps: `table` has the columns `id` and `name`."""
    _sources[field] = table


def resolve(wanted: dict[str, set[int]]) -> dict[str, dict[int, str]]:
    """Names by field and id, all of them in one statement; fields that share a table share its part of it."""
    by_table: dict[str, set[int]] = {}
    for field, ids in wanted.items():
        if ids and field in _sources:
            by_table.setdefault(_sources[field], set()).update(ids)
    names: dict[str, dict[int, str]] = {table: {} for table in by_table}
    if by_table:
        parts = (
            f"SELECT '{table}', id, name FROM {table} WHERE id = ANY(%({table})s)"  # noqa: S608 - tables of our own
            for table in sorted(by_table)
        )
        found = sql.rows(" UNION ALL ".join(parts), {table: sorted(ids) for table, ids in by_table.items()})
        for table, key, name in found:
            names[table][key] = name
    return {field: names.get(_sources[field], {}) for field in wanted if field in _sources}


def known(field: str) -> bool:
    """Does the field hold ids?"""
    return field in _sources


for _field in ("requester", "owner", "assignee"):
    register(_field, "people_person")
register("team", "people_team")
register("service", "items_item")
