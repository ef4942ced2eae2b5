"""Calendars made of calendars: the union of three desks that follow the sun, the intersection of two parties' hours.

Parts are named, and looked up in a book of calendars: a name that is nowhere in it and a circle are refused. Open time
is a sorted run of `[opens, closes)` in whole seconds UTC that neither touch nor overlap; so are union and
intersection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import TypeAlias

from .calendar import WorkCalendar
from .faults import CalendarFault

UNION, INTERSECTION = "union", "intersection"

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Combined:
    """Open when any part is (`union`) or when every part is (`intersection`). The days of people who read it are
    those of its first part's zone."""

    kind: str
    parts: tuple[Source, ...]

    def __post_init__(self) -> None:
        if self.kind not in (UNION, INTERSECTION):
            raise CalendarFault("not_a_calendar", found=self.kind)
        if not self.parts:
            raise CalendarFault("no_parts")

    @property
    def zone(self) -> str:
        """The zone of the first part."""
        return self.parts[0].zone


@dataclass(frozen=True, slots=True)
class Named:
    """A combination as it is kept: by the names of its parts."""

    kind: str
    parts: tuple[str, ...]


Source: TypeAlias = WorkCalendar | Combined
Book: TypeAlias = Mapping[str, WorkCalendar | Named]


def resolve(name: str, book: Book) -> Source:
    """The calendar of that name with its parts looked up; raises CalendarFault for a missing part or a circle."""
    return _resolve(name, book, ())


def _resolve(name: str, book: Book, above: tuple[str, ...]) -> Source:
    if name in above:
        raise CalendarFault("circular", path=" → ".join((*above[above.index(name) :], name)))
    if name not in book:
        raise CalendarFault("unknown_calendar", calendar=name)
    found = book[name]
    if isinstance(found, WorkCalendar):
        return found
    return Combined(found.kind, tuple(_resolve(part, book, (*above, name)) for part in found.parts))


def union(runs: Sequence[Sequence[Stretch]]) -> list[Stretch]:
    """Where at least one run is open."""
    out: list[Stretch] = []
    for opens, closes in merge(*runs):
        if out and opens <= out[-1][1]:
            if closes > out[-1][1]:
                out[-1] = (out[-1][0], closes)
        else:
            out.append((opens, closes))
    return out


def intersection(runs: Sequence[Sequence[Stretch]]) -> list[Stretch]:
    """Where every run is open."""
    out = list(runs[0])
    for run in runs[1:]:
        both: list[Stretch] = []
        mine = theirs = 0
        while mine < len(out) and theirs < len(run):
            opens, closes = max(out[mine][0], run[theirs][0]), min(out[mine][1], run[theirs][1])
            if opens < closes:
                both.append((opens, closes))
            if out[mine][1] <= run[theirs][1]:
                mine += 1
            else:
                theirs += 1
        out = both
    return out
