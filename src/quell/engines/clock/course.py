"""The fold: from one event to the next, what a clock's course has been (domain.md 5.3–5.7).

A course holds the record's waits and one run for each timer instance. A change of terms ends a run as superseded and
begins the next; so does starting anew. Events that make no sense where they stand (a resume without a wait, a second
stop) change nothing and leave a remark: a history that came in late or crooked is counted as well as it can be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from . import history
from .history import Event
from .measuring import measure
from .runs import Rest, Run, Wait
from .terms import ANEW, PROPORTIONAL, RECALCULATE, RESTART, Calendars, Terms, timetable_of


@dataclass(frozen=True, slots=True)
class Remark:
    """An event that changed nothing, and why: `no_clock`, `already_stopped`, `not_stopped`, `not_waiting`,
    `cancelled`, `ahead` (later than now)."""

    code: str
    event: Event


@dataclass(frozen=True, slots=True)
class Course:
    """All that has to be known of the past to go on. `later` is a change of terms that came while the clock stood
    still and holds from its reopening."""

    runs: tuple[Run, ...] = ()
    waits: tuple[Wait, ...] = ()
    later: Event | None = None
    remarks: tuple[Remark, ...] = ()
    last: datetime | None = None


EMPTY = Course()


def step(course: Course, event: Event, calendars: Calendars) -> Course:
    """The course after one more event, which is not earlier than those before it."""
    after = _STEPS[event.kind](course, event, calendars)
    return Course(after.runs, after.waits, after.later, after.remarks, event.at)


def _remark(course: Course, code: str, event: Event) -> Course:
    return replace(course, remarks=(*course.remarks, Remark(code, event)))


def _start(course: Course, event: Event, calendars: Calendars) -> Course:
    assert event.terms is not None  # held by Event
    runs = course.runs
    if runs and runs[-1].end is None:
        # Started again while it runs: a reset.
        runs = (*runs[:-1], replace(runs[-1], ended=event))
    run = _run(event.terms, event, calendars)
    for remark in course.remarks:
        ending = remark.event
        if remark.code == "no_clock" and (ending.at, ending.entry) == (event.at, event.entry):
            # Over in the entry it began with, as what is recorded when it is already done: the stronger came first
            # and found nothing to end.
            if ending.kind == history.CANCEL:
                run = replace(run, ended=ending)
            elif ending.kind == history.STOP:
                run = replace(run, stop=ending)
            else:
                continue
            course = replace(course, remarks=tuple(one for one in course.remarks if one is not remark))
            break
    return Course((*runs, run), course.waits, None, course.remarks, course.last)


def _run(terms: Terms, opened: Event, calendars: Calendars) -> Run:
    length = terms.target.length(timetable_of(terms, calendars), opened.at)
    return Run(terms, opened, opened.at, opened.at, length, recorded=opened.recorded)


def _stop(course: Course, event: Event, calendars: Calendars) -> Course:
    if not course.runs:
        return _remark(course, "no_clock", event)
    run = course.runs[-1]
    if run.end is not None:
        return _remark(course, "already_stopped", event)
    return _last(course, replace(run, stop=event))


def _last(course: Course, run: Run) -> Course:
    """With another newest run; written out, for this is done at every stop."""
    return Course((*course.runs[:-1], run), course.waits, course.later, course.remarks, course.last)


def _cancel(course: Course, event: Event, calendars: Calendars) -> Course:
    if not course.runs:
        return _remark(course, "no_clock", event)
    run = course.runs[-1]
    if run.end is not None:
        return _remark(course, "already_stopped", event)
    return _last(course, replace(run, ended=event))


def _wait(course: Course, event: Event, calendars: Calendars) -> Course:
    # Waiting for the same again: its date was put off, or brought forward.
    waits = tuple(
        replace(wait, ended=event) if wait.open and wait.event.reason == event.reason else wait for wait in course.waits
    )
    return replace(course, waits=(*waits, Wait(event)))


def _resume(course: Course, event: Event, calendars: Calendars) -> Course:
    waits = tuple(
        replace(wait, ended=event) if wait.open and event.reason in ("", wait.event.reason) else wait
        for wait in course.waits
    )
    if waits == course.waits:
        return _remark(course, "not_waiting", event)
    return replace(course, waits=waits)


def _reopen(course: Course, event: Event, calendars: Calendars) -> Course:
    if not course.runs:
        return _remark(course, "no_clock", event)
    run = course.runs[-1]
    if run.ended is not None:
        return _remark(course, "cancelled", event)
    if run.stop is None:
        return _remark(course, "not_stopped", event)
    if run.terms.on_reopen == ANEW:
        terms = course.later.terms if course.later and course.later.terms else run.terms
        return replace(course, runs=(*course.runs, _run(terms, event, calendars)), later=None)
    resumed = replace(run, stop=None, rests=(*run.rests, Rest(run.stop, event)))
    course = replace(course, runs=(*course.runs[:-1], resumed))
    if course.later is None:
        return course
    return _change(replace(course, later=None), replace(course.later, at=event.at), calendars)


def _change(course: Course, event: Event, calendars: Calendars) -> Course:
    assert event.terms is not None  # held by Event
    if not course.runs:
        return _remark(course, "no_clock", event)
    run = course.runs[-1]
    if run.ended is not None:
        return _remark(course, "cancelled", event)
    if run.stop is not None:
        return replace(course, later=event)
    if event.terms == run.terms:
        return course
    ended = replace(run, ended=event)
    return replace(course, runs=(*course.runs[:-1], ended, _successor(ended, course.waits, event, calendars)))


def _successor(run: Run, waits: tuple[Wait, ...], event: Event, calendars: Calendars) -> Run:
    """The run that takes over at a change, by its policy (domain.md 5.5)."""
    terms = event.terms
    assert terms is not None  # held by Event
    old = measure(run, waits, timetable_of(run.terms, calendars), event.at)
    # A breach is counted where it happened; what comes after informs, unless the priority had been wrong.
    informs = not event.correction and (run.informational or (old.breached and run.terms.keep_breach))
    length = terms.target.length(timetable_of(terms, calendars), run.origin)
    new = Run(terms, event, event.at, run.origin, length, recorded=run.recorded, rests=run.rests, informational=informs)
    policy = event.policy or terms.on_change
    if policy == RESTART:
        length = terms.target.length(timetable_of(terms, calendars), event.at)
        return replace(new, target=length)
    if policy == RECALCULATE:
        return replace(new, begin=run.origin)
    if policy == PROPORTIONAL:
        return replace(new, carried=_share(old.elapsed, length, run.target))
    return replace(new, carried=old.elapsed)


def _share(elapsed: timedelta, new: timedelta, old: timedelta) -> timedelta:
    """As much of the new target as was used of the old; whole numbers, or a long promise would lose microseconds."""
    micro = timedelta(microseconds=1)
    return timedelta(microseconds=(elapsed // micro) * (new // micro) // (old // micro)) if old else elapsed


_STEPS: Mapping[str, Callable[[Course, Event, Calendars], Course]] = {
    history.START: _start,
    history.STOP: _stop,
    history.CANCEL: _cancel,
    history.WAIT: _wait,
    history.RESUME: _resume,
    history.REOPEN: _reopen,
    history.CHANGE: _change,
}
