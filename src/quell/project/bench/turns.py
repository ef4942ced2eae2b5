"""What clocks add to creating through the API: the same requests with promises and without, by turns in one run, so
that whatever else the machine does falls on both alike. Counted in processor time of all processes, until the worker
has done what was left to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .measures import Drive
from .stand import Stand
from .statements import Facts

TURNS = 4
#: Whether what is promised holds: not, and yes.
SIDES = ("0", "1")
#: Runs requests for so many seconds; returns how many were answered.
Load = Callable[[list[str], float], int]


@dataclass(slots=True)
class _Side:
    count: int = 0
    cpu_seconds: float = 0.0

    @property
    def each_ms(self) -> float:
        return self.cpu_seconds / self.count * 1000


def added(
    stand: Stand, drive: Drive, facts: Facts, load: Load, *, seconds: float, turns: int = TURNS
) -> dict[str, Any]:
    """Processor time of one creation either way, in milliseconds, and what is added, in percent."""
    sides = {word: _Side() for word in SIDES}
    for turn in range(turns):
        # Neither is always the one that comes after the other.
        for word in SIDES if turn % 2 == 0 else reversed(SIDES):
            stand.run("quell.project.bench.promising", "hold", word)
            load(drive.requests(stand, facts), min(1.0, seconds))
            stand.drain()
            before = sum(stand.cpu().values())
            count = load(drive.requests(stand, facts), seconds)
            stand.drain()
            sides[word].count += count
            sides[word].cpu_seconds += sum(stand.cpu().values()) - before
    bare, promised = (sides[word].each_ms for word in SIDES)
    return {
        "cpu_ms": round(promised, 3),
        "cpu_ms_unpromised": round(bare, 3),
        "added_percent": round(100 * (promised / bare - 1), 1),
    }
