"""What to do next: the agent's own work, ranked, each row with the reason why it stands there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: Reasons, strongest first. A priority 1 outranks a waiting requester; nothing outranks an overdue follow-up of one.
OVERDUE, CRITICAL, ANSWERED, CAME_BACK, UNANSWERED, PRIORITY, OLD = (
    "overdue", "critical", "answered", "came_back", "unanswered", "priority", "old",
)  # fmt: skip
_WEIGHT = {OVERDUE: 0, CRITICAL: 1, ANSWERED: 2, CAME_BACK: 3, UNANSWERED: 4, PRIORITY: 5, OLD: 6}
#: Work that nobody has said a word about for so long is forgotten work.
FORGOTTEN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of work and why it is next; `since` is the moment the reason speaks of."""

    row: Mapping[str, Any]
    reason: str
    since: datetime | None


def rank(
    rows: Iterable[Mapping[str, Any]],
    last_words: Mapping[int, tuple[int | None, datetime]],
    came_back: frozenset[int] | set[int],
    now: datetime,
) -> list[Ranked]:
    """Rows in the order they should be done: by reason, then priority, then the longest wait."""
    ranked = [_why(row, last_words.get(row["id"]), row["id"] in came_back, now) for row in rows]
    return sorted(ranked, key=lambda one: (_WEIGHT[one.reason], one.row["priority"], one.since or now))


def _why(row: Mapping[str, Any], last: tuple[int | None, datetime] | None, came_back: bool, now: datetime) -> Ranked:
    if row["resume_at"] is not None and row["resume_at"] <= now:
        return Ranked(row, OVERDUE, row["resume_at"])
    if row["priority"] == 1:
        return Ranked(row, CRITICAL, row["opened_at"])
    if last is not None and last[0] == row["requester_id"]:
        return Ranked(row, ANSWERED, last[1])
    if came_back:
        return Ranked(row, CAME_BACK, row["updated_at"])
    if row["responded_at"] is None:
        return Ranked(row, UNANSWERED, row["opened_at"])
    if now - row["updated_at"] > FORGOTTEN:
        return Ranked(row, OLD, row["updated_at"])
    return Ranked(row, PRIORITY, row["opened_at"])
