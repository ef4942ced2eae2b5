"""Putting one thing of an ordered list somewhere else. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def placed(ids: Sequence[int], moved: int, position: int) -> list[int]:
    """The ids in their new order: `moved` stands at `position`, counted from 1; a position beyond either end is that
    end. Raises ValueError when `moved` is not among them."""
    rest = [one for one in ids if one != moved]
    if len(rest) == len(ids):
        raise ValueError(f"{moved} is not in the list")
    where = min(max(position, 1), len(ids)) - 1
    return [*rest[:where], moved, *rest[where:]]
