"""From the course of a record to the events of one of its clocks (domain.md 5.2, 5.3). Pure.

A metric says by conditions when its clock starts, stops and pauses. What counts is when a condition comes to hold: a
clock starts when its start holds for the first time, stops when its stop comes to hold, and goes on when a stop that
asked about the state alone holds no longer (reopened). A recurring one starts anew whenever its start comes to hold.
Conditions about what has just happened (`verb:escalate`) hold for an instant, and every such instant counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from quell.engines.clock import history
from quell.engines.clock.history import Event
from quell.engines.clock.starting import REPORTED
from quell.engines.clock.terms import Terms
from quell.engines.conditions import MOMENTARY, Holds, Resolve, compiled, fields_of

from .lines import Line, Moment, hold, reported

#: Why the clock of one team stands still: another has the record (domain.md 5.2, OLA per group).
ELSEWHERE = "elsewhere"
_STATES = frozenset({"state", "state_category"})
#: What decides whether a record waits, for what and until when.
_WAITING = frozenset({"state_category", "hold_reason", "resume_at"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A metric with its conditions ready to be asked. `reopens`: what it stops at may be taken back; `in_an_instant`:
    it starts by what happens, not by what is; `deciding`: from facts to those that decide, where none is momentary."""

    code: str
    start: Holds
    stop: Holds
    reset: Holds
    cancel: Holds
    pauses: Mapping[str, Holds]
    recurring: bool
    per_holder: bool
    reopens: bool
    in_an_instant: bool
    deciding: Callable[[Mapping[str, Any]], Any] | None


def rule(
    code: str,
    *,
    start: str,
    stop: str,
    pauses: Mapping[str, str] | None = None,
    reset: str = "",
    cancel: str = "",
    recurring: bool = False,
    per_holder: bool = False,
    resolve: Resolve | None = None,
) -> Rule:
    """A metric from its texts. Raises QueryFault for a condition that cannot be read."""
    asked = (
        fields_of(start, stop, reset, cancel, *(pauses or {}).values()) | _WAITING | ({"team"} if per_holder else set())
    )
    return Rule(
        code=code,
        start=compiled(start, resolve),
        stop=compiled(stop, resolve),
        reset=compiled(reset, resolve),
        cancel=compiled(cancel, resolve),
        # What a record is held for pauses by its name; only what asks for more has to be asked.
        pauses={
            name: compiled(text, resolve)
            for name, text in (pauses or {}).items()
            if text != f"state:on_hold hold_reason:{name}"
        },
        recurring=recurring,
        per_holder=per_holder,
        reopens=bool(stops := fields_of(stop)) and stops <= _STATES,
        in_an_instant=bool(fields_of(start) & MOMENTARY),
        deciding=None if asked & MOMENTARY else itemgetter(*sorted(asked)),
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which terms hold from a line on; None: nothing is promised any more. `start_rule` as in `starting.py`."""

    terms: Terms | None
    policy: str = ""
    correction: bool = False
    start_rule: str = REPORTED


@dataclass(slots=True)
class _Walk:
    """Where a clock stands between two lines."""

    terms: Terms | None = None
    going: bool = False
    stopped: bool = False
    begun: Line | None = None
    begun_at: datetime | None = None
    started: bool = False
    ended: Line | None = None
    was: dict[str, bool] = field(default_factory=dict)
    waits: dict[str, datetime | None] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def rises(self, name: str, holds: bool) -> bool:
        """Has this come to hold just now?"""
        before, self.was[name] = self.was.get(name, False), holds
        return holds and not before

    def add(self, kind: str, line: Line, at: datetime | None = None, **more: object) -> None:
        """One more event."""
        self.events.append(Event(at or line.at, kind, by=line.by, entry=line.entry, **more))  # type: ignore[arg-type]


def happenings(
    course: Iterable[Moment], metric: Rule, chosen: Mapping[int, Chosen], opened_at: datetime, holder: str = ""
) -> list[Event]:
    """The events of one clock of a record. `chosen` says at which entries of the journal which terms were chosen."""
    walk, before = _Walk(), None
    for moment in course:
        line, facts = moment.line, moment.facts
        given = chosen.get(line.entry)
        if metric.deciding:
            # Where nothing was chosen and all that decides is as it was, nothing can have happened to the clock.
            now = metric.deciding(facts)
            if now == before and given is None:
                continue
            before = now
        here = not holder or str(facts.get("team") or "") == holder
        _waits(walk, line, _reasons(metric, moment, here))
        start = metric.start(facts) and (here or walk.started)
        rising = walk.rises("start", start) or (start and metric.in_an_instant)
        stop = metric.stop(facts)
        stopping, undone = walk.rises("stop", stop), walk.stopped and not stop
        if stopping:
            walk.ended = line
        changed = given is not None and given.terms != walk.terms
        if given is not None:
            walk.terms = given.terms
        # What was stopped and is taken back goes on; only what comes back by itself begins a second time.
        again = metric.recurring or metric.in_an_instant
        began = rising and not walk.going and (again or not walk.started)
        if began:
            walk.begun, walk.begun_at = line, _begin(line, walk, given, opened_at)
        if began:
            _start(walk, line)
        elif walk.begun is not None and not walk.started and changed and not metric.cancel(facts):
            _start(walk, line)
            if walk.going and stop and walk.ended is not None and not metric.recurring:
                walk.add(history.STOP, walk.ended)
                walk.going, walk.stopped = False, True
        elif changed and not (stopping and walk.going and metric.in_an_instant and walk.terms is None):
            # What ends by the very deed that takes it away, such as sending back what one was given, has ended.
            _change(walk, line, given)
        _go_on(walk, metric, moment, began=began, stopping=stopping or (stop and began), undone=undone)
    return walk.events


def _reasons(metric: Rule, moment: Moment, here: bool) -> dict[str, datetime | None]:
    """What the clock waits for now, each with the date it ends by itself."""
    held, until = hold(moment.facts)
    found: dict[str, datetime | None] = {held: until} if held else {}
    for name, holds in metric.pauses.items():
        if name not in found and holds(moment.facts):
            found[name] = None
    if not here:
        found[ELSEWHERE] = None
    return found


def _waits(walk: _Walk, line: Line, found: Mapping[str, datetime | None]) -> None:
    for name in [name for name in walk.waits if name not in found]:
        del walk.waits[name]
        walk.add(history.RESUME, line, reason=name)
    for name, until in found.items():
        if name not in walk.waits or walk.waits[name] != until:
            walk.waits[name] = until
            walk.add(history.WAIT, line, reason=name, until=until)


def _begin(line: Line, walk: _Walk, given: Chosen | None, opened_at: datetime) -> datetime:
    """From when it counts: the first line of a record may tell of a contact made, or a fault seen, before."""
    if walk.started or line.verb != "open":
        return line.at
    return reported(line, given.start_rule if given else REPORTED) or opened_at


def _start(walk: _Walk, line: Line) -> None:
    """Begin, if something is promised; a promise that comes later counts from where it would have begun."""
    if walk.terms is None or walk.begun is None:
        return
    begin = walk.begun_at or walk.begun.at
    late = line.at if begin < line.at else None
    walk.events.append(
        Event(begin, history.START, by=walk.begun.by, entry=walk.begun.entry, terms=walk.terms, recorded=late)
    )
    walk.going, walk.started, walk.stopped = True, True, False


def _change(walk: _Walk, line: Line, given: Chosen | None) -> None:
    if not walk.started or given is None:
        return
    if walk.terms is None:
        if walk.going:
            # Should something be promised again later, it counts from here.
            walk.add(history.CANCEL, line)
            walk.going, walk.started = False, False
            walk.begun, walk.begun_at = line, line.at
    elif walk.going or walk.stopped:
        walk.add(history.CHANGE, line, terms=walk.terms, policy=given.policy, correction=given.correction)


def _go_on(walk: _Walk, metric: Rule, moment: Moment, *, began: bool, stopping: bool, undone: bool) -> None:
    """Stop, take a stop back, begin anew, take back."""
    line, facts = moment.line, moment.facts
    again = metric.recurring or metric.in_an_instant
    resets = walk.rises("reset", metric.reset(facts)) or (metric.in_an_instant and metric.reset(facts))
    if walk.rises("cancel", metric.cancel(facts)):
        if walk.going:
            walk.add(history.CANCEL, line)
            walk.going, walk.stopped = False, False
        return
    if walk.going and stopping and not (metric.recurring and began):
        walk.add(history.STOP, line)
        walk.going, walk.stopped = False, True
        if metric.recurring and metric.start(facts) and walk.terms is not None:
            walk.add(history.START, line, terms=walk.terms)
            walk.going, walk.stopped = True, False
            walk.was["stop"] = False
    elif walk.going and resets and not began and walk.terms is not None:
        walk.add(history.START, line, terms=walk.terms)
    elif undone and metric.reopens and not again:
        walk.add(history.REOPEN, line)
        walk.going, walk.stopped = True, False
        walk.was["stop"] = False
