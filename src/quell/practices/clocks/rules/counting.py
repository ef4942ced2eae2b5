"""Every clock of a record counted from its history: what the stored rows must be, exactly (architecture.md 5). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quell.engines.clock.course import Course
from quell.engines.clock.replay import fold, read, rows
from quell.engines.clock.state import Clock, Row
from quell.engines.clock.terms import Calendars

from .choosing import Identity
from .happenings import Chosen, Rule, happenings
from .lines import Moment, Subject


@dataclass(frozen=True, slots=True)
class Plan:
    """What one clock is counted by: its metric, and which terms were chosen at which entries of the journal."""

    identity: Identity
    rule: Rule
    chosen: Mapping[int, Chosen]


def course_of(subject: Subject, moments: Sequence[Moment], plan: Plan, calendars: Calendars) -> Course:
    """The folded course of one clock of a record whose moments are known."""
    events = happenings(moments, plan.rule, plan.chosen, subject.opened_at, plan.identity.holder)
    return fold(events, calendars)


def count(subject: Subject, moments: Sequence[Moment], plan: Plan, calendars: Calendars) -> Sequence[Row]:
    """The row of each instance of a clock, the first first; none when it never started."""
    return rows(course_of(subject, moments, plan, calendars), calendars)


def shown(subject: Subject, moments: Sequence[Moment], plan: Plan, calendars: Calendars, now: datetime) -> Clock:
    """A clock as it stands now, to be explained stretch by stretch."""
    return read(course_of(subject, moments, plan, calendars), calendars, now)
