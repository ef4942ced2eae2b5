"""Which templates belong to a category. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def covers(wanted: Iterable[str], path: str) -> bool:
    """Does a template kept for these categories belong to something filed under `path`? A category takes everything
    below it along: `network` covers `network/vpn`, not `networks`."""
    return any(path == one or path.startswith(f"{one}/") for one in wanted)
