"""How much of a run has elapsed, when it is due, when it breaks, and the stretches it consists of (domain.md 5.1, 5.4).

    elapsed(t) = carried + | [begin, min(t, end)) ∩ open(calendar) minus pauses |

The run is cut where a pause begins or ends. Pauses that overlap are one: a stretch is paused when any reason that
counts is there, and says all of them. A stretch that is still running is looked at into the future, which gives the due
moment; while paused there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..businesstime.timetable import Timetable
from .history import Event
from .runs import Rest, Run, Wait
from .terms import BY_DEADLINE, COUNT_THROUGH

ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Stretch:
    """`[begin, end)` in which the same held: running when `pauses` is empty. `cause` is the event it began with,
    `open` how much of it the calendar was open, `total` what had elapsed at its end."""

    begin: datetime
    end: datetime
    pauses: tuple[Wait | Rest, ...]
    cause: Event
    open: timedelta
    total: timedelta


@dataclass(frozen=True, slots=True)
class Measured:
    """A run at a moment. `warnings` are the moments of its percents, None where not known or not reached before the
    end; `breaches_at` the moment after which the promise is broken, in the future as long as nothing happens."""

    upto: datetime
    elapsed: timedelta
    paused: timedelta
    due: datetime | None
    breached: bool
    breaches_at: datetime | None
    warnings: tuple[datetime | None, ...]
    stretches: tuple[Stretch, ...]


def measure(run: Run, waits: Sequence[Wait], timetable: Timetable, now: datetime) -> Measured:
    """The run as it stands at `now`."""
    end = run.end
    upto = max(now if end is None or now < end else end, run.begin)
    marks = [run.target * percent // 100 for percent in run.terms.warn_at]
    moments: list[datetime | None] = [None] * len(marks)
    due = breaches_at = None
    total, paused = run.carried, ZERO
    stretches: list[Stretch] = []
    pieces = _pieces(run, waits, upto)
    for place, (begin, until, pauses, cause) in enumerate(pieces, 1):
        last = place == len(pieces)
        opened = timetable.elapsed(begin, until)
        if pauses:
            paused += opened
            stretches.append(Stretch(begin, until, pauses, cause, opened, total))
            continue
        before, total = total, total + opened
        # What this stretch reaches; the last one is open to the future.
        for which, mark in enumerate(marks):
            if moments[which] is None and (last or mark <= total):
                moments[which] = begin if mark <= before else timetable.add(begin, mark - before)
        if due is None and (last or run.target <= total):
            due = begin if run.target <= before else timetable.add(begin, run.target - before)
        if breaches_at is None and due is not None and (last or run.target < total):
            # Used up to the last second is kept; broken is what goes on after that.
            breaches_at = begin if run.target < before else timetable.next_open(max(begin, due))
        stretches.append(Stretch(begin, until, (), cause, opened, total))
    if due is None and end is not None:
        due = timetable.add(upto, run.target - total)  # stopped while it waited: as it would have been
    if run.terms.breach_rule == BY_DEADLINE:
        breaches_at = due
    breached = breaches_at is not None and _broken(run, total, upto, breaches_at)
    if end is not None:
        breaches_at = breaches_at if breached else None
        moments = [moment if moment is not None and moment <= upto else None for moment in moments]
    return Measured(upto, total, paused, due, breached, breaches_at, tuple(moments), tuple(stretches))


def _broken(run: Run, elapsed: timedelta, upto: datetime, breaches_at: datetime) -> bool:
    return elapsed > run.target or (run.terms.breach_rule == BY_DEADLINE and upto > breaches_at)


Piece = tuple[datetime, datetime, tuple[Wait | Rest, ...], Event]


def _pieces(run: Run, waits: Sequence[Wait], upto: datetime) -> list[Piece]:
    """The run cut where something that counts begins or ends."""
    held = _pauses(run, waits, upto)
    causes = {run.begin: run.opened}
    if run.rests and run.terms.on_reopen == COUNT_THROUGH:
        for rest in run.rests:
            for event in (rest.stop, rest.reopen):
                if run.begin < event.at < upto:
                    causes[event.at] = event
    for _, end, pause in held:
        if end <= upto:
            causes[end] = _ending(pause, end)
    for begin, _, pause in held:
        event = pause.stop if isinstance(pause, Rest) else pause.event
        causes[begin] = event if event.at == begin else run.opened
    edges = sorted(causes)
    if len(edges) == 1 and not held:
        return [(run.begin, upto, (), run.opened)]
    pieces: list[Piece] = []
    for begin, until in zip(edges, (*edges[1:], upto), strict=True):
        pieces.append((begin, until, tuple(pause for a, b, pause in held if a <= begin < b), causes[begin]))
    return pieces


def _ending(pause: Wait | Rest, end: datetime) -> Event:
    """What ended a pause; the wait itself when it was its own date."""
    if isinstance(pause, Rest):
        return pause.reopen
    return pause.ended if pause.ended is not None and pause.ended.at == end else pause.event


def _pauses(run: Run, waits: Sequence[Wait], upto: datetime) -> list[tuple[datetime, datetime, Wait | Rest]]:
    """What pauses the run, clipped to it. What has no end goes beyond `upto`, so that the run is paused there."""
    held: list[tuple[datetime, datetime, Wait | Rest]] = []
    beyond = upto + timedelta(microseconds=1)
    for wait in waits:
        if wait.event.reason not in run.terms.pauses_on:
            continue
        end = wait.end
        begin, end = max(wait.event.at, run.begin), beyond if end is None or end > upto else end
        if begin < end:
            held.append((begin, end, wait))
    if run.terms.on_reopen != COUNT_THROUGH:
        for rest in run.rests:
            begin, end = max(rest.stop.at, run.begin), min(rest.reopen.at, beyond)
            if begin < end:
                held.append((begin, end, rest))
    return held
