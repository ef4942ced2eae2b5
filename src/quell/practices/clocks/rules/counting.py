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
from .lines import Moment, Subject, moments


@dataclass(frozen=True, slots=True)
class Plan:
    """What one clock is counted by: its metric, and which terms were chosen at which entries of the journal."""

    identity: Identity
    rule: Rule
    chosen: Mapping[int, Chosen]


@dataclass(frozen=True, slots=True)
class Counted:
    """A clock with the row of each of its instances, the first first; none when it never started."""

    identity: Identity
    rows: Sequence[Row]


def courses(subject: Subject, plans: Sequence[Plan], calendars: Calendars) -> list[tuple[Identity, Course]]:
    """The folded course of each clock."""
    course: list[Moment] = list(moments(subject))
    return [(plan.identity, _course(subject, course, plan, calendars)) for plan in plans]


def count(subject: Subject, plans: Sequence[Plan], calendars: Calendars) -> list[Counted]:
    """The rows of each clock."""
    return [Counted(identity, rows(course, calendars)) for identity, course in courses(subject, plans, calendars)]


def shown(subject: Subject, plans: Sequence[Plan], calendars: Calendars, now: datetime) -> list[tuple[Identity, Clock]]:
    """Each clock as it stands now, to be explained stretch by stretch."""
    return [(identity, read(course, calendars, now)) for identity, course in courses(subject, plans, calendars)]


def _course(subject: Subject, course: Sequence[Moment], plan: Plan, calendars: Calendars) -> Course:
    events = happenings(course, plan.rule, plan.chosen, subject.opened_at, plan.identity.holder)
    return fold(events, calendars)
