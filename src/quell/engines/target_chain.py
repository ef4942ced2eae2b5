"""Can those behind a promise keep it? OLA and UC along each route must fit inside the SLA (domain.md 4.9). Pure.

A route is who holds a record one after the other, each with the time agreed with them, counted in a calendar of their
own. Times of different calendars cannot be added: four hours of a supplier who works on weekdays may be a weekend of a
promise round the clock. So the route is walked from every start that could be the worst, and what counts is how much of
the promise's own time passes until the last one is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .businesstime.local import from_micros, to_micros
from .businesstime.timetable import Timetable

FITS, TOO_LONG, GAP, NEVER_DONE = "fits", "too_long", "gap", "never_done"


@dataclass(frozen=True, slots=True)
class Leg:
    """Somebody on a route: a team (OLA) or supplier (UC), the open time agreed, and the calendar it is counted in.
    `allowed` None: nothing has been agreed with them."""

    holder: str
    allowed: timedelta | None
    calendar: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a route. `needed` is the most of the promise's own open time it may take, and `worst` a start at
    which it does; both are None where `gaps` name holders with whom nothing is agreed, or where a calendar ends."""

    route: tuple[Leg, ...]
    code: str
    needed: timedelta | None
    spare: timedelta | None
    worst: datetime | None
    gaps: tuple[str, ...] = ()


def check(
    allowed: timedelta,
    calendar: str,
    routes: Iterable[tuple[Leg, ...]],
    calendars: Mapping[str, Timetable],
    since: datetime,
    until: datetime,
) -> list[Finding]:
    """Every route against a promise of so much open time of a calendar, for records that begin in `[since, until)`:
    the one that takes longest first, those with gaps before all. A year is enough to meet every weekend and holiday
    and both changes of clocks."""
    found = [_walked(allowed, calendars[calendar], route, calendars, since, until) for route in routes]
    return sorted(found, key=lambda one: (one.needed is not None, -(one.needed or timedelta()), str(one.route)))


def _walked(
    allowed: timedelta,
    promise: Timetable,
    route: tuple[Leg, ...],
    calendars: Mapping[str, Timetable],
    since: datetime,
    until: datetime,
) -> Finding:
    gaps = tuple(leg.holder for leg in route if leg.allowed is None)
    if gaps:
        return Finding(route, GAP, None, None, None, gaps)
    legs = [(calendars[leg.calendar], _micros(leg.allowed)) for leg in route if leg.allowed is not None]
    most, worst = -1, 0
    for start in _starts(promise, legs, to_micros(since), to_micros(until)):
        end: int | None = start
        for timetable, amount in legs:
            end = None if end is None else timetable.add_micros(end, amount)
        if end is None:
            return Finding(route, NEVER_DONE, None, None, from_micros(start))
        passed = promise.elapsed_micros(start, end)
        if passed > most:
            most, worst = passed, start
    # The worst may lie right after a closing; a microsecond stands for that and is not told.
    needed = timedelta(seconds=round(max(most, 0) / 1_000_000))
    code = FITS if needed <= allowed else TOO_LONG
    return Finding(route, code, needed, allowed - needed, from_micros(worst).replace(microsecond=0))


def _micros(amount: timedelta | None) -> int:
    return (amount or timedelta()) // timedelta(microseconds=1)


def _starts(promise: Timetable, legs: list[tuple[Timetable, int]], since: int, until: int) -> list[int]:
    """Every start at which the time needed may be at its most.

    As the start moves on, the time needed grows while the route's end falls into the promise's hours and its start
    does not, and shrinks the other way round; so it is at its most where the promise opens. Or it jumps: what is used
    up at a leg's closing ends there, what begins a moment later ends after the next opening. So the closings of every
    leg are carried back along the route to the starts they come from, each taken with the moment right after it.
    """
    reach = 366 * 86400 * 1_000_000
    starts = {since, until - 1}
    for place in range(len(legs) + 1):
        edges = _edges(legs[place - 1][0] if place else promise, since, until + reach)
        for timetable, amount in reversed(legs[:place]):
            edges = {back for edge in edges if (back := timetable.add_micros(edge, -amount)) is not None}
        starts |= {start + after for start in edges for after in (0, 1)}
    return sorted(start for start in starts if since <= start < until)


def _edges(timetable: Timetable, since: int, until: int) -> set[int]:
    return {to_micros(edge) for pair in timetable.stretches(from_micros(since), from_micros(until)) for edge in pair}
