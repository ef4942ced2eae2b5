"""What only incident management knows of its records, for the conditions of metrics (domain.md 5.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quell.engines.conditions import Several
from quell.kernel.config import sql

_FACTS = "SELECT record_id, impact, urgency, category_id, major FROM incidents_incident WHERE record_id = ANY(%s)"
_PATHS = "SELECT id, path FROM incidents_category"

#: Paths of categories by id: one never changes.
_paths: dict[int, str] = {}


def facts(record_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """By record: impact, urgency, category (its id, as in the journal), and whether it is a major incident."""
    return {
        record_id: {"impact": impact, "urgency": urgency, "category": category, "major": major}
        for record_id, impact, urgency, category, major in sql.rows(_FACTS, [list(record_ids)])
    }


class Below(Several):
    """The categories of a path and below it, of whichever organisation; those made later too."""

    def __init__(self, path: str) -> None:
        self._path = path.strip("/").lower()

    def __contains__(self, found: object) -> bool:
        """Is the category of this id one of them?"""
        if not isinstance(found, int):
            return False
        if found not in _paths:
            _paths.update(sql.rows(_PATHS))
        path = _paths.get(found, "").lower()
        return path == self._path or path.startswith(f"{self._path}/")
