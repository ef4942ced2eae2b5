"""What administration reads of incident management: the category tree and where a priority matrix comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quell.kernel.config import sql

from .shipped import category_name


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A category in its tree. `own` says that it belongs to the organisation asked for (or, asked for the instance,
    that it is everybody's); `level` counts from 0."""

    id: int
    path: str
    name: str
    active: bool
    own: bool
    level: int
    parent_id: int | None


_TREE = """
SELECT c.id, c.path, c.name, c.active, c.organisation_id IS NOT DISTINCT FROM %(organisation)s::bigint, c.parent_id,
  c.organisation_id
FROM incidents_category c
WHERE c.organisation_id IS NULL OR c.organisation_id = %(organisation)s::bigint
"""


def category_tree(organisation_id: int | None) -> list[CategoryLine]:
    """Everybody's categories and those of one organisation, as a tree ordered by name on each level."""
    rows = [
        (key, path, category_name(path, name), *rest)
        for key, path, name, *rest in sql.rows(_TREE, {"organisation": organisation_id})
    ]
    names = {row[0]: row[2] for row in rows}
    parents = {row[0]: row[5] for row in rows}

    def place(category_id: int) -> list[tuple[str, int]]:
        above: list[tuple[str, int]] = []
        step: int | None = category_id
        while step is not None and step in names:
            above.insert(0, (names[step].casefold(), step))
            step = parents[step]
        return above

    return [
        CategoryLine(row[0], row[1], row[2], row[3], bool(row[4]), row[1].count("/"), row[5])
        for row in sorted(rows, key=lambda row: place(row[0]))
    ]


_IN_FORCE = """
SELECT m.version, m.cells, o2.id, coalesce(o2.name, '')
FROM incidents_prioritymatrix m LEFT JOIN people_organisation o2 ON o2.id = m.organisation_id,
     people_organisation o
WHERE o.id = %s AND (m.organisation_id IS NULL OR m.organisation_id = ANY(o.path))
ORDER BY array_position(o.path, m.organisation_id) DESC NULLS LAST, m.version DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class MatrixInForce:
    """The matrix that decides for an organisation, and whose it is (None: the instance's)."""

    version: int
    cells: Any
    organisation_id: int | None
    organisation: str


def matrix_in_force(organisation_id: int) -> MatrixInForce | None:
    """The organisation's own matrix, else the nearest above it, else the instance's; None: the shipped one."""
    row = sql.row(_IN_FORCE, [organisation_id])
    return MatrixInForce(*row) if row else None
