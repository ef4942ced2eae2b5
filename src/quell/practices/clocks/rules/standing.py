"""How a clock stands now, from its stored row and the open hours since: what lists and panes show. Pure.

The row tells what was true at the last event; whoever looks later adds what the calendar was open since. A wait whose
date has come is over from that date on, whether or not its line of history has been written yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quell.engines.businesstime.timetable import Timetable
from quell.engines.clock.state import BREACHED, CANCELLED, MET, PAUSED, RUNNING, STOPPED

#: What a row says in a word, the most pressing first; `LIMIT`: used up to the last second, and not broken as long as
#: no open time goes by (domain.md 5.1 rule 5).
OVERDUE, LIMIT, LATE, WARN, OK, WAITING, MISSED, KEPT, GONE = (
    "overdue", "limit", "late", "warn", "ok", "paused", "missed", "met", "cancelled",
)  # fmt: skip
#: Shares of the target that are left when a clock begins to press (ux.md 2.8).
PRESSING, PRESSING_HARD = 25, 10
_ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest instance of one clock of a record. Amounts are open time; `due_at` is None while it stands still.
    `opens` and `closes` bound the open time that is now or comes next, None when there is none or it does not run."""

    id: int
    record_id: int
    kind: str
    metric: str
    holder: str
    number: int
    target_id: int
    state: str
    outcome: str
    started_at: datetime
    stopped_at: datetime | None
    target: timedelta
    elapsed: timedelta
    due_at: datetime | None
    breached: bool
    breaches_at: datetime | None
    reasons: tuple[str, ...]
    paused_since: datetime | None
    paused_until: datetime | None
    informational: bool
    opens: datetime | None = None
    closes: datetime | None = None

    @property
    def remaining(self) -> timedelta:
        """What is left; negative when more has elapsed."""
        return self.target - self.elapsed

    @property
    def percent(self) -> int:
        """How much of the target has elapsed, in whole percents."""
        return int(100 * (self.elapsed / self.target)) if self.target else 100

    @property
    def look(self) -> str:
        """The word above that fits."""
        if self.state == CANCELLED:
            return GONE
        if self.state == STOPPED:
            return MISSED if self.breached else KEPT
        if self.breached:
            return OVERDUE
        if self.state == PAUSED:
            return WAITING
        if self.remaining <= _ZERO:
            return LIMIT
        left = 100 * (self.remaining / self.target)
        return LATE if left < PRESSING_HARD else WARN if left < PRESSING else OK


def standing(row: Mapping[str, Any], timetable: Timetable | None, now: datetime) -> Standing:
    """A stored row at `now`. Without a timetable (a calendar that cannot be meant any more) nothing has gone by since
    the last event."""
    state, due, until = row["state"], row["due_at"], row["paused_until"]
    elapsed, since = row["spent"], row["spent_at"]
    reasons, paused_since = tuple(row["reasons"]), row["spent_at"] if state == PAUSED else None
    if state == PAUSED and until is not None and until <= now:
        state, since, reasons, paused_since = RUNNING, until, (), None
        due = timetable.add(until, row["length"] - elapsed) if timetable is not None else None
    opens = closes = None
    if state == RUNNING and timetable is not None:
        if now > since:
            elapsed += timetable.elapsed(since, now)
        opens, closes = _open(timetable, now)
    breaches_at = row["breaches_at"]
    if state == RUNNING and breaches_at is None and due is not None and timetable is not None:
        breaches_at = timetable.next_open(due)
    breached = (
        row["outcome"] == BREACHED if state in (STOPPED, CANCELLED) else (breaches_at is not None and now > breaches_at)
    )
    return Standing(
        id=row["id"],
        record_id=row["record_id"],
        kind=row["kind"],
        metric=row["metric"],
        holder=row["holder"],
        number=row["number"],
        target_id=row["target_id"],
        state=state,
        outcome=row["outcome"] or (MET if state == STOPPED and not breached else ""),
        started_at=row["started_at"],
        stopped_at=row["stopped_at"],
        target=row["length"],
        elapsed=elapsed,
        due_at=due,
        breached=breached,
        breaches_at=breaches_at,
        reasons=reasons,
        paused_since=paused_since,
        paused_until=until if state == PAUSED else None,
        informational=row["informational"],
        opens=opens,
        closes=closes,
    )


def _open(timetable: Timetable, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The open stretch that is now, or comes next; as far as a year ahead."""
    opens = timetable.next_open(now)
    if opens is None:
        return None, None
    return next(iter(timetable.stretches(opens, opens + timedelta(days=8))), (None, None))


def next_due(found: list[Standing]) -> Standing | None:
    """The promise to the customer that decides a row of a list: what runs and is due first, else what stands still,
    else nothing."""
    ours = [one for one in found if one.kind == "sla" and one.state in (RUNNING, PAUSED)]
    running = [one for one in ours if one.due_at is not None and one.state == RUNNING]
    if running:
        return min(running, key=lambda one: (one.due_at, one.id))
    # What is broken and waits is broken all the same.
    return min(ours, key=lambda one: (not one.breached, one.remaining, one.id), default=None)
