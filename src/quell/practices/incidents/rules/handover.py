"""Handing work over between teams: when a lead has to decide, and what counts (domain.md 4.1). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

#: Why work is handed over. What an installation adds of its own stands in the settings.
TRANSFER_REASONS = ("wrong_team", "needs_skill", "needs_access", "workload", "shift_end", "absence", "other")

#: A hand-over given back so soon is not work of the one who gave it back.
QUICK = timedelta(minutes=15)


def reasons(text: str) -> tuple[str, ...]:
    """The codes of a setting such as "wrong_team, needs_skill", tidied; those shipped when it is empty."""
    codes = ["_".join(part.strip().lower().replace("-", " ").split()) for part in text.split(",")]
    return tuple(dict.fromkeys(code for code in codes if code)) or TRANSFER_REASONS


def needs_lead(transfers: int, limit: int) -> bool:
    """Has it changed teams so often that the next time is for the lead to say? 0 as a limit means never."""
    return 0 < limit <= transfers


def bounces_back(teams_before: Sequence[int | None], team_now: int | None, target: int | None) -> bool:
    """Does it go back to a team that had it before (A → B → A)? `teams_before` in any order, without the present."""
    return target is not None and target != team_now and target in teams_before


def is_quick(handed_at: datetime, returned_at: datetime) -> bool:
    """Was it given back before it could count as work?"""
    return returned_at - handed_at <= QUICK
