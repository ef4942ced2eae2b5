"""What to do next: the agent's own work, ranked, each row with the reason why it stands there. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: Reasons, strongest first: what is overdue or about to be, then what people wait for, then the rest (ux.md 2.6).
BROKEN, OVERDUE, CRITICAL, DUE, REMINDED, ANSWERED, CAME_BACK, UNANSWERED, PRIORITY, OLD = (
    "broken", "overdue", "critical", "due", "reminded", "answered", "came_back", "unanswered", "priority", "old",
)  # fmt: skip
_ORDER = (BROKEN, OVERDUE, CRITICAL, DUE, REMINDED, ANSWERED, CAME_BACK, UNANSWERED, PRIORITY, OLD)
_WEIGHT = {reason: at for at, reason in enumerate(_ORDER)}
#: Work that nobody has said a word about for so long is forgotten work.
FORGOTTEN = timedelta(days=7)
#: A promise that is due so soon comes before people who wait for a word.
SOON = timedelta(hours=2)


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
    reminded: Container[int] = (),
) -> list[Ranked]:
    """Rows in the order they should be done: by reason, then priority, then the longest wait. `reminded` holds those
    that one wanted to hear of again, now."""
    ranked = [
        _why(row, last_words.get(row["id"]), row["id"] in came_back, now, reminded=row["id"] in reminded)
        for row in rows
    ]
    return sorted(ranked, key=lambda one: (_WEIGHT[one.reason], one.row["priority"], one.since or now))


def _why(
    row: Mapping[str, Any],
    last: tuple[int | None, datetime] | None,
    came_back: bool,
    now: datetime,
    *,
    reminded: bool = False,
) -> Ranked:
    due = row["due_at"]
    if due is not None and due < now:
        return Ranked(row, BROKEN, due)
    if row["resume_at"] is not None and row["resume_at"] <= now:
        return Ranked(row, OVERDUE, row["resume_at"])
    if row["priority"] == 1:
        return Ranked(row, CRITICAL, row["opened_at"])
    if due is not None and due < now + SOON:
        return Ranked(row, DUE, due)
    if reminded:
        return Ranked(row, REMINDED, row["updated_at"])
    if last is not None and last[0] == row["requester_id"]:
        return Ranked(row, ANSWERED, last[1])
    if came_back:
        return Ranked(row, CAME_BACK, row["updated_at"])
    if row["responded_at"] is None:
        return Ranked(row, UNANSWERED, row["opened_at"])
    if now - row["updated_at"] > FORGOTTEN:
        return Ranked(row, OLD, row["updated_at"])
    return Ranked(row, PRIORITY, row["opened_at"])
