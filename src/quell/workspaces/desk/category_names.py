"""Names of categories, kept in memory for a moment: they change once a month, and stand on every page."""

from __future__ import annotations

import time

from django.utils.translation import get_language

from quell.practices.incidents import facade

#: Seconds.
NAMES_KEPT = 30.0
_names: dict[tuple[int | None, str | None], tuple[float, dict[str, str]]] = {}


def category_name(organisation_id: int | None, path: str) -> str:
    """A category with the names of those above it; its path when it is no longer offered."""
    now = time.monotonic()
    place = (organisation_id, get_language())
    known = _names.get(place)
    if known is None or now - known[0] > NAMES_KEPT:
        if len(_names) > 500:
            _names.clear()
        known = _names[place] = (now, dict(facade.categories(organisation_id)))
    return known[1].get(path) or path.replace("/", " › ")
