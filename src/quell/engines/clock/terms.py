"""What was promised: a target, the calendar it is counted in, and what happens when things change (domain.md 5.1–5.7).

Terms are copied into a clock when it starts, with the agreement and version they come from, so that a later edit of
the agreement moves no running promise by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..businesstime.days import end_after, same_time_after
from ..businesstime.timetable import Timetable
from .faults import ClockFault

#: Kinds of target: open time, the same time n working days later, the end of the n-th working day (5.1 rule 6).
DURATION, SAME_TIME, END_OF_DAY = "duration", "same_time_n_days", "end_of_nth_day"
#: The longest promise: five years of open time, or as many working days.
LONGEST = 5 * 366 * 86400
LONGEST_DAYS = 5 * 366

#: What a change of priority, service or agreement does (domain.md 5.5).
CARRY, RECALCULATE, RESTART, PROPORTIONAL = "carry", "recalculate", "restart", "proportional"
#: What reopening does (domain.md 5.7).
CONTINUE, COUNT_THROUGH, ANEW = "continue", "count_through", "new_instance"
#: When a promise is broken: when more than the target has elapsed, or when the due moment has passed (5.1 rule 5).
BY_ELAPSED, BY_DEADLINE = "elapsed", "deadline"

#: Which reasons for waiting pause which metric unless its agreement says otherwise (domain.md 5.2, 5.4). Waiting for a
#: supplier or for ourselves pauses nothing: that is what the other agreements are for.
USUAL_PAUSES: Mapping[str, frozenset[str]] = {
    "update": frozenset({"requester"}),
    "resolution": frozenset({"requester", "scheduled"}),
    "fulfilment": frozenset({"requester"}),
}

#: What stands for a target whose moment never comes because its calendar ends before.
NEVER = timedelta(days=100 * 366)


@dataclass(frozen=True, slots=True)
class Target:
    """How long: `amount` seconds of open time, or so many working days. Raises ClockFault for nothing at all and for
    more than five years."""

    kind: str
    amount: int

    def __post_init__(self) -> None:
        if self.kind not in (DURATION, SAME_TIME, END_OF_DAY):
            raise ClockFault("target_unknown_kind", kind=self.kind)
        # "By the end of the day it came in" is a promise of 0 days.
        if self.amount < (0 if self.kind == END_OF_DAY else 1):
            raise ClockFault("target_zero", amount=self.amount)
        longest = LONGEST if self.kind == DURATION else LONGEST_DAYS
        if self.amount > longest:
            raise ClockFault("target_too_long", kind=self.kind, amount=self.amount, longest=longest)

    def length(self, timetable: Timetable, begin: datetime) -> timedelta:
        """The open time it gives to what begins then."""
        if self.kind == DURATION:
            return timedelta(seconds=self.amount)
        by = (same_time_after if self.kind == SAME_TIME else end_after)(timetable, begin, self.amount)
        return NEVER if by is None else timetable.elapsed(begin, by)


@dataclass(frozen=True, slots=True)
class Terms:
    """One target with everything that is counted by it. `calendar` is a key of the calendars given to the fold (which
    version of which calendar); `warn_at` are percents of the target, in order."""

    metric: str
    target: Target
    calendar: str
    agreement: str = ""
    version: int = 0
    pauses_on: frozenset[str] = frozenset()
    on_change: str = CARRY
    on_reopen: str = CONTINUE
    breach_rule: str = BY_ELAPSED
    keep_breach: bool = True
    warn_at: tuple[int, ...] = (50, 75, 90)

    def __post_init__(self) -> None:
        if self.on_change not in (CARRY, RECALCULATE, RESTART, PROPORTIONAL):
            raise ClockFault("unknown_policy", policy=self.on_change)
        if self.on_reopen not in (CONTINUE, COUNT_THROUGH, ANEW):
            raise ClockFault("unknown_policy", policy=self.on_reopen)
        if self.breach_rule not in (BY_ELAPSED, BY_DEADLINE):
            raise ClockFault("unknown_policy", policy=self.breach_rule)
        if list(self.warn_at) != sorted(set(self.warn_at)) or not all(0 < percent <= 1000 for percent in self.warn_at):
            raise ClockFault("warning_out_of_range", percents=", ".join(map(str, self.warn_at)))


Calendars = Mapping[str, Timetable]


def timetable_of(terms: Terms, calendars: Calendars) -> Timetable:
    """The timetable the terms are counted in; raises ClockFault when it was not given."""
    found = calendars.get(terms.calendar)
    if found is None:
        raise ClockFault("unknown_calendar", calendar=terms.calendar)
    return found
