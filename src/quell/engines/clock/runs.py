"""What a course is made of: the record's waits, and one run for each timer instance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .history import Event
from .terms import Terms


@dataclass(frozen=True, slots=True)
class Wait:
    """The record waited, from a WAIT until the event that `ended` it or until its date, whichever came first."""

    event: Event
    ended: Event | None = None

    @property
    def open(self) -> bool:
        """Has nobody ended it?"""
        return self.ended is None

    @property
    def end(self) -> datetime | None:
        """When it was over; None while it has no end."""
        if self.ended is None:
            return self.event.until
        return self.ended.at if self.event.until is None else min(self.ended.at, self.event.until)


@dataclass(frozen=True, slots=True)
class Rest:
    """Between a stop and the reopening."""

    stop: Event
    reopen: Event


@dataclass(frozen=True, slots=True)
class Run:
    """One timer instance: terms applied from `begin` on. `origin` is when the promise was first made, `target` its
    length in open time, `carried` what had elapsed before `begin`. It is over when `stop` or `ended` (cancelled, reset
    or superseded by a change) says so. An `informational` one is not counted: the breach before it has been."""

    terms: Terms
    opened: Event
    begin: datetime
    origin: datetime
    target: timedelta
    carried: timedelta = timedelta()
    recorded: datetime | None = None
    rests: tuple[Rest, ...] = ()
    stop: Event | None = None
    ended: Event | None = None
    informational: bool = False

    @property
    def end(self) -> datetime | None:
        """When it was over; None while it is not."""
        over = self.ended or self.stop
        return None if over is None else over.at
