"""What a corrected calendar or agreement would move (domain.md 5.9): the same history counted twice.

Only what is open moves; what is closed stays as it was told, unless a restatement is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .history import Event
from .replay import replay
from .state import Instance
from .terms import Calendars


@dataclass(frozen=True, slots=True)
class Difference:
    """A clock before and after. `moved` is how much later (or, negative, earlier) it is due, None where one of both
    has no due moment."""

    before: Instance
    after: Instance

    @property
    def moved(self) -> timedelta | None:
        """How much later it is due."""
        if self.before.due_at is None or self.after.due_at is None:
            return None
        return self.after.due_at - self.before.due_at

    @property
    def would_breach(self) -> bool:
        """Is it kept before and broken after?"""
        return self.after.breached and not self.before.breached

    @property
    def healed(self) -> bool:
        """Is it broken before and kept after?"""
        return self.before.breached and not self.after.breached


def difference(
    events: Sequence[Event], before: Calendars, after: Calendars, now: datetime, *, closed_too: bool = False
) -> Difference | None:
    """What moves when the calendars change: None when nothing does, or when the clock is closed and stays so."""
    old, new = replay(events, before, now).current, replay(events, after, now).current
    if old is None or new is None or (old.stopped_at is not None and not closed_too):
        return None
    return None if _told(old) == _told(new) else Difference(old, new)


def _told(one: Instance) -> tuple[object, ...]:
    return one.outcome, one.breached, one.elapsed, one.due_at, one.breaches_at, one.warnings
