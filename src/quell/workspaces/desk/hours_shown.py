"""The chip of time in the head of an incident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from quell.kernel.access.actor import Actor
from quell.practices.worklog import facade as worklog


def chip(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    """What the chip in the head of an incident shows: the sum, and whether one's own clock runs, here or elsewhere."""
    total, running = worklog.chip(actor, row["id"])
    here = running is not None and running.number == row["number"]
    return {
        "sum": worklog.written(total) if total else "",
        "here": here,
        "elsewhere": running.number if running is not None and not here else "",
        "since": _ticks_since(running.started_at) if running is not None and here else 0,
        "elapsed": _elapsed(running.started_at) if running is not None and here else "",
    }


def _ticks_since(start: datetime) -> int:
    """From when the script counts on; 0 for a clock that has run for a day: that it was forgotten needs no minutes."""
    return 0 if datetime.now(UTC) - start > timedelta(hours=23) else int(start.timestamp())


def _elapsed(since: datetime) -> str:
    minutes = int((datetime.now(UTC) - since).total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
