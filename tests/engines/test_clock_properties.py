"""What holds for every history, and the clock against a stepping one: a machine that lives through every minute.

The stepping clock is written from domain.md 5 alone. It knows whether its calendar is open in a minute, what the record
is waiting for, whether it stands still, and adds the minute or does not.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quell.engines.businesstime.local import to_micros
from quell.engines.clock import terms as policy
from quell.engines.clock.history import CHANGE, REOPEN, RESUME, STOP, WAIT, Event
from quell.engines.clock.replay import fold, just_started, read, replay, row
from quell.engines.clock.state import Clock, Instance
from quell.engines.clock.terms import Target, Terms

from .calendars import TIMETABLES, cph
from .test_clock_examples import hours, started

REASONS = ("requester", "supplier", "scheduled")
FIRST = cph("26 Mar 00:00").astimezone(UTC)  # clocks go forward on the 29th, Easter is the week after
SPAN = timedelta(days=15)
MINUTE = timedelta(minutes=1)

MINUTES = st.integers(0, int(SPAN / MINUTE) - 1)
TERMS = st.builds(
    lambda length, calendar, pauses, change, reopen, rule: hours(
        length / 60, calendar, pauses_on=frozenset(pauses), on_change=change, on_reopen=reopen, breach_rule=rule,
    ),
    st.integers(1, 3000),
    st.sampled_from(sorted(TIMETABLES)),
    st.sets(st.sampled_from(REASONS)),
    st.sampled_from([policy.CARRY, policy.RECALCULATE, policy.RESTART, policy.PROPORTIONAL]),
    st.sampled_from([policy.CONTINUE, policy.COUNT_THROUGH, policy.ANEW]),
    st.sampled_from([policy.BY_ELAPSED, policy.BY_DEADLINE]),
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn, size: int = 8) -> list[Event]:
    """A start and what may come after it, sensible or not, in order, every event an entry of its own."""
    minutes = sorted(draw(st.lists(MINUTES, min_size=1, max_size=size)))
    events = [started(FIRST + minutes[0] * MINUTE, draw(TERMS))]
    for entry, minute in enumerate(minutes[1:], 1):
        kind = draw(st.sampled_from([WAIT, WAIT, RESUME, RESUME, STOP, REOPEN, CHANGE]))
        until = None
        if kind == WAIT and draw(st.booleans()):
            until = FIRST + (minute + draw(st.integers(1, 3000))) * MINUTE
        events.append(
            Event(
                FIRST + minute * MINUTE,
                kind,
                entry=entry,
                reason=draw(st.sampled_from(REASONS)) if kind in (WAIT, RESUME) else "",
                until=until,
                terms=draw(TERMS) if kind == CHANGE else None,
            )
        )
    return events


def told(clock: Clock) -> tuple[object, ...]:
    return clock.instances, clock.remarks


NOW = FIRST + SPAN


@given(histories(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_in_which_events_come_does_not_matter(events: list[Event], lot: random.Random) -> None:
    shuffled = list(events)
    lot.shuffle(shuffled)
    assert told(replay(shuffled, TIMETABLES, NOW)) == told(replay(events, TIMETABLES, NOW))


@given(histories(), st.integers(0, 8))
@settings(deadline=None)
def test_going_on_from_a_prefix_is_folding_the_whole(events: list[Event], cut: int) -> None:
    course = fold(events[:cut], TIMETABLES)
    if course.runs:
        read(course, TIMETABLES, NOW)  # to look changes nothing
    whole = fold(events, TIMETABLES)
    assert fold(events[cut:], TIMETABLES, course) == whole
    assert row(whole, TIMETABLES) == row(fold(events[cut:], TIMETABLES, course), TIMETABLES)


TARGETS = st.sampled_from(
    [Target(policy.SAME_TIME, days) for days in (1, 3)] + [Target(policy.END_OF_DAY, days) for days in (0, 2)]
)


@given(TERMS, st.none() | TARGETS, MINUTES, st.sampled_from([(50, 75, 90, 200), (1, 100), ()]))
@settings(deadline=None)
def test_what_has_just_started_is_told_without_folding(
    terms: Terms, target: Target | None, minute: int, percents: tuple[int, ...]
) -> None:
    promised = replace(terms, target=target or terms.target, warn_at=percents)
    at = FIRST + minute * MINUTE
    folded = row(fold([started(at, promised)], TIMETABLES), TIMETABLES)
    assert just_started(promised, at, TIMETABLES[promised.calendar]) == folded


@given(histories(), MINUTES, st.integers(1, 4000), st.sampled_from(REASONS))
@settings(deadline=None)
def test_pausing_never_lowers_what_remains(events: list[Event], begin: int, length: int, reason: str) -> None:
    """One more wait, wherever it is put."""
    plain = [event for event in events if event.kind not in (CHANGE, WAIT, RESUME)]
    waited = [
        *plain,
        Event(FIRST + begin * MINUTE, WAIT, entry=99, reason=reason, until=FIRST + (begin + length) * MINUTE),
    ]
    for before, after in zip(
        replay(plain, TIMETABLES, NOW).instances, replay(waited, TIMETABLES, NOW).instances, strict=True
    ):
        assert after.remaining >= before.remaining
        assert after.due_at is None or before.due_at is None or after.due_at >= before.due_at
        assert not (after.breached and not before.breached)


@given(histories(), MINUTES)
@settings(deadline=None)
def test_time_only_adds(events: list[Event], minute: int) -> None:
    """Looked at later, without anything new, no less has elapsed; and a breach stays."""
    course = fold(events, TIMETABLES)
    sooner = read(course, TIMETABLES, NOW).current
    later = read(course, TIMETABLES, NOW + minute * MINUTE).current
    assert sooner is not None and later is not None
    assert later.elapsed >= sooner.elapsed
    assert later.breached or not sooner.breached


@given(histories())
@settings(deadline=None)
def test_segments_lie_end_to_end_and_add_up(events: list[Event]) -> None:
    for one in replay(events, TIMETABLES, NOW).instances:
        for before, after in zip(one.segments, one.segments[1:], strict=False):
            assert before.end == after.begin
        assert one.elapsed == one.carried + sum((segment.counted for segment in one.segments), timedelta())
        assert one.paused == sum((segment.open - segment.counted for segment in one.segments), timedelta())
        if one.segments:
            assert one.segments[-1].total == one.elapsed
            assert one.segments[0].begin == one.started_at


@given(histories())
@settings(deadline=None)
def test_the_row_foretells(events: list[Event]) -> None:
    """What the stored row says of due and breach is what is seen when the moment has come."""
    course = fold(events, TIMETABLES)
    found = row(course, TIMETABLES)
    assert found is not None
    if found.state == "running" and found.breaches_at is not None and found.breaches_at >= found.spent_at:
        tick = timedelta(microseconds=1)
        at_limit, after = (read(course, TIMETABLES, found.breaches_at + more).current for more in (0 * tick, tick))
        assert at_limit is not None and after is not None
        assert after.breached
        assert not at_limit.breached or found.breaches_at == at_limit.started_at
        if found.due_at is not None and found.due_at >= found.spent_at:
            due = read(course, TIMETABLES, found.due_at).current
            assert due is not None and due.elapsed == max(due.target, due.carried)


# --- minute by minute -------------------------------------------------------------------------------------------


@cache
def open_minutes(calendar: str) -> list[bool]:
    """Is the calendar open in each minute from FIRST on, by asking about each of them?"""
    timetable = TIMETABLES[calendar]
    begin = to_micros(FIRST)
    return [
        timetable.elapsed_micros(begin + n * 60_000_000, begin + (n + 1) * 60_000_000) > 0
        for n in range(int(SPAN / MINUTE))
    ]


class Stepping:
    """A clock that lives through the minutes."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self.begin = events[0].at
        self.terms: Terms = events[0].terms or hours(1)
        self.elapsed = 0.0
        self.target = self.terms.target.amount / 60
        self.outcomes: list[str] = []
        self.stopped = False
        self.past = self.judged = False

    def run(self, end: datetime) -> Stepping:
        waiting: dict[str, datetime | None] = {}
        at = self.begin
        todo = list(self.events[1:])
        later: Terms | None = None
        while at < end:
            while todo and todo[0].at <= at:
                event = todo.pop(0)
                if event.kind == WAIT:
                    waiting[event.reason] = event.until
                elif event.kind == RESUME:
                    waiting.pop(event.reason, None)
                elif event.kind == STOP:
                    self.stopped = True
                elif event.kind == REOPEN and self.stopped:
                    self.stopped = False
                    if self.terms.on_reopen == policy.ANEW:
                        self._judge(later or self.terms, 0.0)
                    elif later:
                        self._change(later, at)
                    later = None
                elif event.kind == CHANGE and event.terms:
                    if self.stopped:
                        later = event.terms
                    elif event.terms != self.terms:
                        self._change(event.terms, at)
            held = any(
                reason in self.terms.pauses_on for reason, until in waiting.items() if until is None or at < until
            )
            counts = not self.stopped or self._reopened_later(todo)
            if counts and not held and open_minutes(self.terms.calendar)[int((at - FIRST) / MINUTE)]:
                self.elapsed += 1
            at += MINUTE
        return self

    def _reopened_later(self, todo: list[Event]) -> bool:
        return self.terms.on_reopen == policy.COUNT_THROUGH and any(event.kind == REOPEN for event in todo)

    def _judge(self, terms: Terms, elapsed: float) -> None:
        self.outcomes.append("over" if self.elapsed > self.target else "within")
        self.terms, self.elapsed, self.target = terms, elapsed, terms.target.amount / 60

    def _change(self, terms: Terms, at: datetime) -> None:
        carried = {
            policy.CARRY: self.elapsed,
            policy.RESTART: 0.0,
            policy.PROPORTIONAL: self.elapsed / self.target * terms.target.amount / 60,
        }
        if terms.on_change == policy.RECALCULATE:
            # As if these terms had held from the beginning.
            plain = [event for event in self.events[1:] if event.kind != CHANGE and event.at < at]
            again = Stepping([replace(self.events[0], terms=terms), *plain])
            self._judge(terms, again.run(at).elapsed)
        else:
            self._judge(terms, carried[terms.on_change])


@pytest.mark.parametrize("round_", range(10))
def test_living_through_every_minute_gives_the_same(round_: int) -> None:
    lot = random.Random(round_)
    for _ in range(40):
        events = by_lot(lot)
        end = events[0].at + timedelta(minutes=lot.randrange(1, 9000))
        end = min(end, NOW)
        stepped = Stepping([event for event in events if event.at <= end]).run(end)
        one = replay(events, TIMETABLES, end).current
        assert one is not None
        assert one.elapsed / MINUTE == pytest.approx(stepped.elapsed, abs=1e-3), events
        before = [_over(old) for old in replay(events, TIMETABLES, end).instances[:-1]]
        assert before == stepped.outcomes, events


def _over(one: Instance) -> str:
    return "over" if one.elapsed > one.target else "within"


def by_lot(lot: random.Random) -> list[Event]:
    """A history that could have been: waits that end, a stop that may be reopened, a change or two. New instances and
    recalculation are not mixed: what "from the beginning" means after a new instance is that instance's beginning."""
    anew = lot.random() < 0.3
    changes = (policy.CARRY, policy.RESTART, policy.PROPORTIONAL) + (() if anew else (policy.RECALCULATE,))

    def terms() -> Terms:
        return hours(
            lot.randrange(1, 40), lot.choice(sorted(TIMETABLES)),
            pauses_on=frozenset(lot.sample(REASONS, lot.randrange(3))), on_change=lot.choice(changes),
            on_reopen=policy.ANEW if anew else reopen,
        )  # fmt: skip

    reopen = lot.choice((policy.CONTINUE, policy.COUNT_THROUGH))
    minutes = sorted(lot.sample(range(8000), lot.randrange(1, 10)))
    events = [started(FIRST + minutes[0] * MINUTE, terms())]
    stopped = False
    for entry, minute in enumerate(minutes[1:], 1):
        kind = lot.choice([WAIT, WAIT, RESUME, CHANGE, REOPEN if stopped else STOP])
        if kind in (STOP, REOPEN):
            stopped = not stopped
        if kind == CHANGE and stopped:
            continue
        until = FIRST + (minute + lot.randrange(1, 2000)) * MINUTE if lot.random() < 0.4 else None
        events.append(
            Event(
                FIRST + minute * MINUTE, kind, entry=entry,
                reason=lot.choice(REASONS) if kind in (WAIT, RESUME) else "",
                until=until if kind == WAIT else None, terms=terms() if kind == CHANGE else None,
            )
        )  # fmt: skip
    return events
