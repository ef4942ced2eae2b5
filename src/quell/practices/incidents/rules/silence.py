"""When a resolved incident closes by itself: after so many working days of silence (domain.md 4.2). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta


def close_due(resolved_at: datetime, working_days: int) -> datetime:
    """The moment `working_days` working days (Monday to Friday) after `resolved_at`, at the same time of day."""
    due = resolved_at
    left = working_days
    while left > 0:
        due += timedelta(days=1)
        if due.weekday() < 5:
            left -= 1
    return due
