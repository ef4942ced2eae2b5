"""How fast working time is counted and clocks are folded: plain computing, without a database."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from quell.engines.businesstime.calendar import HOUR, WorkCalendar
from quell.engines.businesstime.local import to_micros
from quell.engines.businesstime.timetable import Timetable, table_of
from quell.engines.clock.history import RESUME, START, STOP, WAIT, Event
from quell.engines.clock.replay import fold, row
from quell.engines.clock.terms import DURATION, Target, Terms

from . import processes
from .stand import BenchFailed

Result = dict[str, Any]
BEGIN = datetime(2026, 1, 5, 7, tzinfo=UTC)
SINGLE, MANY = 20_000, 1_000_000
#: Targets a second: a calendar of ten years in 20 ms, one question in 3 µs, five million in bulk, a million clocks in
#: four minutes.
COMPILED, ASKED, IN_BULK, REPLAYED = 50, 333_333, 5_000_000, 4167


def calendar() -> WorkCalendar:
    """Two spans a day, a dozen holidays a year and a half day before Christmas, in a zone that changes its clocks."""
    week = dict.fromkeys(range(5), ((8 * HOUR, 12 * HOUR), (12 * HOUR + 1800, 16 * HOUR)))
    holidays = {date(year, month, 1): "holiday" for year in range(2020, 2036) for month in range(1, 13)}
    special = {date(year, 12, 24): ((8 * HOUR, 12 * HOUR),) for year in range(2020, 2036)}
    return WorkCalendar("Europe/Copenhagen", week, holidays, special=special)


def measure(seconds: float) -> list[Result]:
    """Each kind of sum for about so many seconds; raises BenchFailed when one at a time and in bulk disagree."""
    import numpy as np

    from quell.engines.businesstime import bulk

    source, lot = calendar(), random.Random(5)
    timetable = Timetable(source)
    starts = [BEGIN + timedelta(seconds=lot.randrange(8 * 365 * 86400)) for _ in range(SINGLE)]
    pairs = [(start, start + timedelta(seconds=lot.randrange(30 * 86400))) for start in starts]
    amount = timedelta(hours=8)
    histories = [_history(start, paused=place % 2 == 1) for place, start in enumerate(starts)]
    calendars = {"office": timetable}
    begins = np.resize(np.array([to_micros(begin) for begin, _ in pairs], np.int64), MANY)
    ends = np.resize(np.array([to_micros(end) for _, end in pairs], np.int64), MANY)
    lengths = np.full(MANY, to_micros(BEGIN + amount) - to_micros(BEGIN), np.int64)
    _agree(bulk.elapsed(timetable, begins, ends)[:SINGLE].tolist(), [timetable.elapsed(a, b) for a, b in pairs])
    return [
        _timed("Compile a calendar of ten years", 1, COMPILED, seconds, lambda: table_of(source, 2025, 2035)),
        _timed("Working time elapsed", SINGLE, ASKED, seconds, lambda: [timetable.elapsed(a, b) for a, b in pairs]),
        _timed("Working time added", SINGLE, ASKED, seconds, lambda: [timetable.add(a, amount) for a in starts]),
        _timed(
            "Working time elapsed, in bulk", MANY, IN_BULK, seconds, lambda: bulk.elapsed(timetable, begins, ends)
        ),
        _timed("Working time added, in bulk", MANY, IN_BULK, seconds, lambda: bulk.add(timetable, begins, lengths)),
        _timed(
            "Replay a clock, every second one paused once", SINGLE, REPLAYED, seconds,
            lambda: [row(fold(history, calendars), calendars) for history in histories],
        ),
    ]  # fmt: skip


def _agree(bulk: list[int], single: list[timedelta]) -> None:
    if bulk != [amount // timedelta(microseconds=1) for amount in single]:
        raise BenchFailed("Working time in bulk is not what it is one at a time.")


def _history(start: datetime, *, paused: bool) -> list[Event]:
    terms = Terms("resolution", Target(DURATION, 8 * HOUR), "office", pauses_on=frozenset({"requester"}))
    hour = timedelta(hours=1)
    waits = [
        Event(start + 2 * hour, WAIT, entry=2, reason="requester"),
        Event(start + 5 * hour, RESUME, entry=3, reason="requester"),
    ]
    return [
        Event(start, START, entry=1, terms=terms),
        *(waits if paused else []),
        Event(start + 30 * hour, STOP, entry=4),
    ]


def _timed(title: str, count: int, target: int, seconds: float, run: Callable[[], object]) -> Result:
    run()
    rounds, spent = 0, time.process_time()
    begun = time.monotonic()
    while not rounds or time.monotonic() - begun < seconds / 4:
        run()
        rounds += 1
    lasted, spent = time.monotonic() - begun, time.process_time() - spent
    per_second = rounds * count / lasted
    return {
        "name": "clocks",
        "title": title,
        "count": rounds * count,
        "per_second": round(per_second, 1),
        "cpu_allows_per_second": round(rounds * count / spent),
        "target": {"per_second": target},
        "met": per_second >= target,
        "load": processes.load_average(),
    }
