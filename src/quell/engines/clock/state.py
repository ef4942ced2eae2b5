"""What the fold yields: a clock of one or more instances, explained stretch by stretch (domain.md 5.3, contract.md).

All amounts are open time of the calendar named beside them, as timedeltas; moments are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .course import Remark
from .terms import Terms

#: Not begun yet; counting; waiting; stopped; taken back.
NONE, RUNNING, PAUSED, STOPPED, CANCELLED = "none", "running", "paused", "stopped", "cancelled"
#: How an instance ended: within its target or not, taken back, or replaced by one with other terms. Empty: not yet.
MET, BREACHED, SUPERSEDED = "met", "breached", "superseded"
#: What a segment was: time counted, time not counted for reasons, the time between a stop and the reopening.
RAN, WAITED, RESTED = "ran", "paused", "stopped"


@dataclass(frozen=True, slots=True)
class Segment:
    """`[begin, end)` in which the clock ran or stood still; `ongoing` when it still does, `end` being now.

    It began with the event `cause` (a kind of event, or `until` when a wait's date came) by `by` in journal entry
    `entry`. `open` is how much of it the calendar was open, `counted` how much of that the clock counted, `total` what
    had elapsed at its end.
    """

    kind: str
    begin: datetime
    end: datetime
    ongoing: bool
    reasons: tuple[str, ...]
    cause: str
    by: str
    entry: int
    calendar: str
    agreement: str
    version: int
    open: timedelta
    counted: timedelta
    total: timedelta


@dataclass(frozen=True, slots=True)
class Warning:
    """A percent of the target, and the moment at which so much has elapsed: past or to come; None while paused."""

    percent: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Instance:
    """One timer instance at a moment. `due_at` is None while it is paused and when its calendar ends before;
    `breaches_at` is the moment after which it is broken, `breached` whether that has come. An `informational` one does
    not count: the breach it followed does. `late_recorded`: it was broken before anybody wrote it down."""

    terms: Terms
    state: str
    outcome: str
    started_at: datetime
    stopped_at: datetime | None
    target: timedelta
    carried: timedelta
    elapsed: timedelta
    paused: timedelta
    due_at: datetime | None
    breached: bool
    breaches_at: datetime | None
    warnings: tuple[Warning, ...]
    reasons: tuple[str, ...]
    paused_until: datetime | None
    informational: bool
    late_recorded: bool
    segments: tuple[Segment, ...]

    @property
    def remaining(self) -> timedelta:
        """What is left of the target; negative when more than it has elapsed."""
        return self.target - self.elapsed

    @property
    def percent(self) -> float:
        """How much of the target has elapsed."""
        return 100 * (self.elapsed / self.target) if self.target else 100.0

    @property
    def at_limit(self) -> bool:
        """Used up to the last second and not broken: due, and held back only by closed hours or a pause."""
        return not self.breached and self.elapsed == self.target

    @property
    def pause_share(self) -> float:
        """Paused time in all time of the calendar so far (K53)."""
        whole = self.elapsed + self.paused
        return self.paused / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Clock:
    """All instances of one clock, the first first. What made no sense in its history stands in `remarks`."""

    at: datetime
    instances: tuple[Instance, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def current(self) -> Instance | None:
        """The newest instance; None when the clock never started."""
        return self.instances[-1] if self.instances else None

    @property
    def counted(self) -> tuple[Instance, ...]:
        """The finished instances that attainment counts (K53): met and breached, but no informational one."""
        return tuple(one for one in self.instances if one.outcome in (MET, BREACHED) and not one.informational)


@dataclass(frozen=True, slots=True)
class Row:
    """The stored cache of a clock: what was true at the last event, and nothing that time alone changes, so that a
    replay tells exactly the same whenever it is done. The elapsed time of a running clock at a later moment is `spent`
    and what the calendar was open since `spent_at`."""

    terms: Terms
    state: str
    outcome: str
    instances: int
    started_at: datetime
    stopped_at: datetime | None
    target: timedelta
    spent: timedelta
    spent_at: datetime
    paused: timedelta
    due_at: datetime | None
    breaches_at: datetime | None
    warnings: tuple[Warning, ...]
    paused_until: datetime | None
    reasons: tuple[str, ...]
    informational: bool
    late_recorded: bool
