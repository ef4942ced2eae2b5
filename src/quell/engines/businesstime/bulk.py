"""Working time of millions of intervals at once. Import this where you count in bulk and nowhere else: it brings numpy,
whose memory a web process does not need.

Moments and amounts are arrays of whole microseconds (int64, since 1970; `datetime64[us]` viewed as int64 is just
that). Answers are those of `timetable.py`, number for number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .timetable import Table, Timetable

Micros = NDArray[np.int64]
Places = NDArray[np.intp]

#: What `add` says where the calendar never has so much time left (the NaT of datetime64).
NEVER = int(np.iinfo(np.int64).min)
#: So many at a time stay inside the processor's cache.
_CHUNK = 1 << 15
_RUNGS = 16
_MOST_STEPS = 4


def elapsed(timetable: Timetable, begins: Micros, ends: Micros) -> Micros:
    """How much of each `[begin, end)` was open, in microseconds; negative where the end lies before the beginning."""
    if not len(begins):
        return np.empty(0, np.int64)
    scale = _scale(timetable.covering(int(min(begins.min(), ends.min())), int(max(begins.max(), ends.max()))))
    out = np.empty(len(begins), np.int64)
    for start in range(0, len(out), _CHUNK):
        part = slice(start, start + _CHUNK)
        np.subtract(scale.total(ends[part]), scale.total(begins[part]), out=out[part])
    return out


def add(timetable: Timetable, begins: Micros, amounts: Micros) -> Micros:
    """The earliest moment at which each amount (not negative) has passed since its beginning, or NEVER."""
    if not len(begins):
        return np.empty(0, np.int64)
    if amounts.min() < 0:
        raise ValueError("amounts are not negative here")
    # The single question that reaches furthest makes the table long enough for most of the others.
    furthest = int(np.argmax(amounts))
    timetable.add_micros(int(begins.max()), int(amounts[furthest]))
    scale = _scale(timetable.covering(int(begins.min()), int(begins.max())))
    out = np.empty(len(begins), np.int64)
    for start in range(0, len(out), _CHUNK):
        part = slice(start, start + _CHUNK)
        out[part] = scale.after(begins[part], amounts[part])
    for place in np.flatnonzero(out == NEVER):
        found = timetable.add_micros(int(begins[place]), int(amounts[place]))
        out[place] = NEVER if found is None else found
    return out


@dataclass(frozen=True, slots=True)
class _Ladder:
    """`numpy.searchsorted(steps, x, side="right")` for evenly spread steps, several times as fast: a table tells how
    many steps lie below each rung, and at most `most` more are to be looked at."""

    steps: Micros
    below: NDArray[np.int32]
    width: int
    most: int

    @classmethod
    def over(cls, steps: Micros) -> _Ladder:
        width = max(int(steps[-1] - steps[0]) // (len(steps) * _RUNGS), 1)
        rungs = steps[0] + np.arange(int(steps[-1] - steps[0]) // width + 1, dtype=np.int64) * width
        below = np.searchsorted(steps, rungs, side="right").astype(np.int32)
        most = int(np.diff(np.append(below, len(steps))).max())
        return cls(np.append(steps, np.iinfo(np.int64).max), below, width, most)

    def count(self, values: Micros) -> Places:
        """How many steps are not above each value."""
        if self.most > _MOST_STEPS:
            places: Places = np.searchsorted(self.steps[:-1], values, side="right")
            return places
        rung = (values - self.steps[0]) // self.width
        found: Places = self.below[np.clip(rung, 0, len(self.below) - 1)].astype(np.intp)
        found[rung < 0] = 0
        for _ in range(self.most):
            found += self.steps[found] <= values
        return found


@dataclass(frozen=True, slots=True)
class _Scale:
    """A table as arrays."""

    opens: _Ladder
    used: _Ladder
    closes: Micros
    sums: Micros
    ends: int

    def total(self, moments: Micros) -> Micros:
        """Open time before each moment."""
        place = self.opens.count(moments)
        # Before the first opening nothing has passed: place 0 holds a stretch of no length at the first opening.
        missing = self.closes[place] - moments
        np.maximum(missing, 0, out=missing)
        total: Micros = self.sums[place] - missing
        return np.maximum(total, 0, out=total)

    def after(self, begins: Micros, amounts: Micros) -> Micros:
        """The moments at which the amounts have passed; NEVER where this table does not reach so far."""
        wanted = self.total(begins) + amounts
        place = self.used.count(wanted - 1) + 1
        beyond = place >= len(self.sums)
        place[beyond] = 0
        found: Micros = self.closes[place] - (self.sums[place] - wanted)
        found[beyond | (found > self.ends)] = NEVER
        return np.where(amounts == 0, begins, found)


@lru_cache(maxsize=32)
def _scale(table: Table) -> _Scale:
    if not table.opens:
        # Closed all the time: one stretch of no length stands for it.
        nothing = np.array([table.begins], np.int64)
        zero = np.zeros(1, np.int64)
        return _Scale(_Ladder.over(nothing), _Ladder.over(zero), np.append(nothing, nothing), np.zeros(2, np.int64), 0)
    opens = np.array(table.opens, np.int64)
    after = np.array(table.after, np.int64)
    closes = np.concatenate((opens[:1], np.array(table.closes, np.int64)))
    return _Scale(_Ladder.over(opens), _Ladder.over(after), closes, np.concatenate(([0], after)), table.ends)
