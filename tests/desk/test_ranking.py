"""What comes first on the agent's home, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from quell.workspaces.desk import ranking

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(number: int, **facts: Any) -> dict[str, Any]:
    return {
        "id": number, "priority": 3, "requester_id": 7, "resume_at": None, "due_at": None, "responded_at": NOW - HOUR,
        "opened_at": NOW - 5 * HOUR, "updated_at": NOW - HOUR, **facts,
    }  # fmt: skip


def reasons(*rows: dict[str, Any], last: Any = None, back: Any = ()) -> list[tuple[int, str]]:
    return [(one.row["id"], one.reason) for one in ranking.rank(rows, last or {}, set(back), NOW)]


def test_an_overdue_follow_up_comes_before_everything() -> None:
    found = reasons(row(1, priority=1), row(2, resume_at=NOW - HOUR, priority=4))
    assert found == [(2, ranking.OVERDUE), (1, ranking.CRITICAL)]


def test_a_promise_that_runs_out_comes_before_who_waits_and_a_broken_one_before_everything() -> None:
    last = {3: (7, NOW - HOUR)}
    found = reasons(
        row(1, due_at=NOW + 3 * HOUR), row(2, due_at=NOW + HOUR), row(3), row(4, priority=1),
        row(5, due_at=NOW - HOUR, priority=5), last=last,
    )  # fmt: skip
    assert found == [
        (5, ranking.BROKEN), (4, ranking.CRITICAL), (2, ranking.DUE), (3, ranking.ANSWERED), (1, ranking.PRIORITY),
    ]  # fmt: skip


def test_a_requester_who_wrote_last_waits_for_an_answer() -> None:
    last = {1: (9, NOW - HOUR), 2: (7, NOW - HOUR)}
    assert reasons(row(1), row(2), last=last) == [(2, ranking.ANSWERED), (1, ranking.PRIORITY)]


def test_of_two_waiting_the_more_urgent_then_the_longer_wait() -> None:
    last = {1: (7, NOW - HOUR), 2: (7, NOW - 3 * HOUR), 3: (7, NOW)}
    assert [number for number, _why in reasons(row(1), row(2), row(3, priority=2), last=last)] == [3, 2, 1]


def test_back_from_hold_unanswered_and_forgotten_are_told_apart() -> None:
    found = reasons(row(1), row(2, responded_at=None), row(3, updated_at=NOW - timedelta(days=8)), row(4), back=[4])
    assert found == [(4, ranking.CAME_BACK), (2, ranking.UNANSWERED), (1, ranking.PRIORITY), (3, ranking.OLD)]
