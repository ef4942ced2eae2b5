"""From when a promise counts (domain.md 5.6): occurred ≤ detected ≤ reported ≤ recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..businesstime.local import utc

#: Counted from when a person told us, or from when monitoring saw it.
REPORTED, DETECTED = "reported", "detected"

#: What may be wrong with a start; both need permission.
FUTURE_DATED, BACK_DATED = "future_dated", "back_dated"


@dataclass(frozen=True, slots=True)
class Stamps:
    """When it was written down and, as far as known, when it was told, seen, and happened."""

    recorded: datetime
    reported: datetime | None = None
    detected: datetime | None = None
    occurred: datetime | None = None


def start_of(rule: str, stamps: Stamps) -> datetime:
    """The moment from which the clock counts: by the rule, or the nearest later stamp that is known. How long it took
    us to write it down is our problem and not the customer's."""
    if rule == DETECTED and stamps.detected is not None:
        return stamps.detected
    return stamps.reported or stamps.recorded


def doubt(start: datetime, recorded: datetime, *, at_most_back: timedelta) -> str | None:
    """Why a start needs somebody's permission: it lies in the future, or further back than `at_most_back`."""
    late = utc(recorded) - utc(start)
    if late < timedelta(0):
        return FUTURE_DATED
    return BACK_DATED if late > at_most_back else None
