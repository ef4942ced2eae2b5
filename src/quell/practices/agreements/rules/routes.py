"""Who works on a record one after the other, where an SLA names no routes of its own (domain.md 4.9). Pure.

Every team with an OLA that fits, one after the other, and then the supplier whose contract gives the longest: that is
the longest way a record may go while everybody keeps what they promised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from . import codes


@dataclass(frozen=True, slots=True)
class Behind:
    """An agreement behind an SLA that fits a case: its code, kind and holder, the time it gives (None: counted in days,
    or nothing agreed for such a case), and the calendar it counts in."""

    code: str
    kind: str
    holder: str
    allowed: timedelta | None
    calendar: str


def routes(behind: Sequence[Behind], given: Sequence[Sequence[str]]) -> list[tuple[Behind, ...]]:
    """The routes of a case: those the version names, by codes, else the longest that can be put together. A code that
    fits nothing here is a holder with whom nothing is agreed."""
    known: Mapping[str, Behind] = {one.code: one for one in behind}
    if given:
        return [tuple(known.get(code, Behind(code, "", code, None, "")) for code in route) for route in given]
    teams = [one for one in behind if one.kind == codes.OLA]
    suppliers = [one for one in behind if one.kind == codes.UC]
    if not teams and not suppliers:
        return []
    longest = max(suppliers, key=lambda one: (one.allowed is None, one.allowed or timedelta()), default=None)
    return [(*teams, *([longest] if longest is not None else []))]
