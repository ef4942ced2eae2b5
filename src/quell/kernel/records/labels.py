"""Names for the ids the journal keeps: each field that points somewhere has one place that resolves it in a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from quell.kernel.config import sql

Resolver = Callable[[Iterable[int]], dict[int, str]]
_resolvers: dict[str, Resolver] = {}


def register(field: str, resolver: Resolver) -> None:
    """Say how the ids of a field become names."""
    _resolvers[field] = resolver


def resolve(wanted: dict[str, set[int]]) -> dict[str, dict[int, str]]:
    """Names by field and id. Fields that share a resolver share its one query."""
    by_resolver: dict[Resolver, set[int]] = {}
    for field, ids in wanted.items():
        if field in _resolvers:
            by_resolver.setdefault(_resolvers[field], set()).update(ids)
    names = {resolver: resolver(ids) if ids else {} for resolver, ids in by_resolver.items()}
    return {field: names[_resolvers[field]] for field in wanted if field in _resolvers}


def known(field: str) -> bool:
    """Does the field hold ids?"""
    return field in _resolvers


def people(ids: Iterable[int]) -> dict[int, str]:
    """Names of people."""
    return dict(sql.rows("SELECT id, name FROM people_person WHERE id = ANY(%s)", [list(ids)]))


def teams(ids: Iterable[int]) -> dict[int, str]:
    """Names of teams."""
    return dict(sql.rows("SELECT id, name FROM people_team WHERE id = ANY(%s)", [list(ids)]))


def items(ids: Iterable[int]) -> dict[int, str]:
    """Names of items."""
    return dict(sql.rows("SELECT id, name FROM items_item WHERE id = ANY(%s)", [list(ids)]))


for _field in ("requester", "owner", "assignee"):
    register(_field, people)
register("team", teams)
register("service", items)
