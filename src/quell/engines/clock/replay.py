"""From history to clock: `replay(events, calendars, now)`, and the cached row that a replay must reproduce.

Whoever has folded most of a history keeps the course and goes on from there: `fold` takes up where it left off.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ..businesstime.local import utc
from ..businesstime.timetable import Timetable
from . import history
from .course import EMPTY, Course, Remark, step
from .history import Event, ordered
from .measuring import ZERO, Measured, Stretch, measure
from .runs import Rest, Run, Wait
from .state import (
    BREACHED,
    CANCELLED,
    MET,
    NONE,
    PAUSED,
    RAN,
    RESTED,
    RUNNING,
    STOPPED,
    SUPERSEDED,
    WAITED,
    Clock,
    Instance,
    Row,
    Segment,
    Warning,
)
from .terms import BY_DEADLINE, Calendars, Terms, timetable_of


def fold(events: Iterable[Event], calendars: Calendars, course: Course = EMPTY) -> Course:
    """The course after these events, in any order, none of them earlier than what the course has seen."""
    for event in ordered(events):
        course = step(course, event, calendars)
    return course


def replay(events: Iterable[Event], calendars: Calendars, now: datetime) -> Clock:
    """The clock at `now`. What happens later than now is left out with a remark, but for a start: a clock may be set
    beforehand. Raises ClockFault for a calendar that is not among those given."""
    now = utc(now)
    past: list[Event] = []
    ahead: list[Remark] = []
    for event in events:
        if event.at <= now or event.kind == history.START:
            past.append(event)
        else:
            ahead.append(Remark("ahead", event))
    clock = read(fold(past, calendars), calendars, now)
    return Clock(clock.at, clock.instances, (*clock.remarks, *ahead)) if ahead else clock


def read(course: Course, calendars: Calendars, now: datetime) -> Clock:
    """A folded course as a clock at `now`, which is not earlier than its last event."""
    now = utc(now)
    return Clock(
        now,
        tuple(_instance(run, course, calendars, now) for run in course.runs),
        course.remarks,
    )


def row(course: Course, calendars: Calendars) -> Row | None:
    """The cached row of a course's newest instance; None when the clock never started."""
    return _row(course, len(course.runs), calendars) if course.runs else None


def rows(course: Course, calendars: Calendars) -> tuple[Row, ...]:
    """The cached rows of all instances, the first first. Those that are over change no more."""
    return tuple(_row(course, number, calendars) for number in range(1, len(course.runs) + 1))


def just_started(terms: Terms, at: datetime, timetable: Timetable) -> Row:
    """The row of a clock that started at a moment and to which nothing else has happened yet. Every record begins so;
    it is what `rows` gives for the one event of a start, without folding it."""
    begin = utc(at)
    length = terms.target.length(timetable, begin)
    due, *warned = timetable.add_each(begin, [length, *(length * percent // 100 for percent in terms.warn_at)])
    breaches_at = due if due is None or terms.breach_rule == BY_DEADLINE else timetable.next_open(due)
    warnings = tuple(map(Warning, terms.warn_at, warned))
    return Row(
        terms, RUNNING, "", 1, begin, None, length, ZERO, begin, ZERO, due, breaches_at, warnings, None, (), False,
        False,
    )  # fmt: skip


def _row(course: Course, number: int, calendars: Calendars) -> Row:
    run = course.runs[number - 1]
    last = course.last if run.end is None or number == len(course.runs) else run.end
    at = max(last or run.begin, run.begin)
    seen = measure(run, course.waits, timetable_of(run.terms, calendars), at)
    waits, reasons, until = _waiting(run, seen)
    return Row(
        run.terms, _state(run, waits, at), _outcome(run, seen), number, run.begin, run.end, run.target, seen.elapsed,
        at, seen.paused, seen.due, seen.breaches_at, tuple(map(Warning, run.terms.warn_at, seen.warnings)), until,
        reasons, run.informational, _late(run, seen),
    )  # fmt: skip


def _waiting(run: Run, seen: Measured) -> tuple[bool, tuple[str, ...], datetime | None]:
    """Is it paused, for which reasons, and until when if that is known?"""
    pauses = seen.stretches[-1].pauses if run.end is None else ()
    waits = [pause for pause in pauses if isinstance(pause, Wait)]
    ends = [wait.end for wait in waits]
    # Overlapping waits end with the last of them.
    until = None if None in ends else max((end for end in ends if end), default=None)
    return bool(pauses), tuple(dict.fromkeys(wait.event.reason for wait in waits)), until


def _late(run: Run, seen: Measured) -> bool:
    return run.recorded is not None and seen.breaches_at is not None and seen.breaches_at < run.recorded


def _instance(run: Run, course: Course, calendars: Calendars, now: datetime) -> Instance:
    timetable = timetable_of(run.terms, calendars)
    seen = measure(run, course.waits, timetable, now)
    paused, reasons, until = _waiting(run, seen)
    return Instance(
        terms=run.terms,
        state=_state(run, paused, now),
        outcome=_outcome(run, seen),
        started_at=run.begin,
        stopped_at=run.end,
        target=run.target,
        carried=run.carried,
        elapsed=seen.elapsed,
        paused=seen.paused,
        due_at=seen.due,
        breached=seen.breached,
        breaches_at=seen.breaches_at,
        warnings=tuple(map(Warning, run.terms.warn_at, seen.warnings)),
        reasons=reasons,
        paused_until=until,
        informational=run.informational,
        late_recorded=_late(run, seen),
        segments=tuple(
            _segment(stretch, run, now)
            for stretch in seen.stretches
            if stretch.begin < stretch.end or (run.end is None and stretch is seen.stretches[-1])
        ),
    )


def _state(run: Run, paused: bool, now: datetime) -> str:
    if run.ended is not None:
        return CANCELLED if run.ended.kind == history.CANCEL else STOPPED
    if run.stop is not None:
        return STOPPED
    if now < run.begin:
        return NONE
    return PAUSED if paused else RUNNING


def _outcome(run: Run, seen: Measured) -> str:
    if run.ended is not None:
        if run.ended.kind == history.CANCEL:
            return CANCELLED
        # A breach is a fact and stays one, unless the priority it came from had been wrong (domain.md 5.3, 5.5).
        stays = seen.breached and run.terms.keep_breach and not run.ended.correction
        return BREACHED if stays else SUPERSEDED
    if run.stop is None:
        return ""
    return BREACHED if seen.breached else MET


def _segment(stretch: Stretch, run: Run, now: datetime) -> Segment:
    waits = [pause for pause in stretch.pauses if isinstance(pause, Wait)]
    rested = any(isinstance(pause, Rest) for pause in stretch.pauses)
    cause = stretch.cause
    # A running stretch that begins with a wait began when that wait's own date came.
    by_date = not stretch.pauses and cause.kind == history.WAIT
    return Segment(
        kind=(RESTED if rested else WAITED) if stretch.pauses else RAN,
        begin=stretch.begin,
        end=stretch.end,
        ongoing=run.end is None and stretch.end == now,
        reasons=tuple(dict.fromkeys(wait.event.reason for wait in waits)),
        cause="until" if by_date else cause.kind,
        by="" if by_date else cause.by,
        entry=cause.entry,
        calendar=run.terms.calendar,
        agreement=run.terms.agreement,
        version=run.terms.version,
        open=stretch.open,
        counted=stretch.open if not stretch.pauses else stretch.open * 0,
        total=stretch.total,
    )
