"""Parents and children: no circles, one parent, at most three generations (domain.md 3.3). Pure."""

from __future__ import annotations

from collections.abc import Sequence

GENERATIONS = 3


def refuses(child: int, ancestors_of_parent: Sequence[int], parent: int, height_of_child: int) -> str:
    """Why `child` may not hang below `parent`: "self", "circle", "depth", or "" when it may.

    `ancestors_of_parent` from the nearest up; `height_of_child` is 1 for a record without children.
    """
    if child == parent:
        return "self"
    if child in ancestors_of_parent:
        return "circle"
    if len(ancestors_of_parent) + 1 + height_of_child > GENERATIONS:
        return "depth"
    return ""
