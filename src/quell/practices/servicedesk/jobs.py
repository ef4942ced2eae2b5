"""Sweeps of the service desk: reminders whose time has come. A due column with a partial index; a missed minute only
delays the next look (architecture.md 5)."""

from __future__ import annotations

from datetime import UTC, datetime

from quell.kernel.jobs.app import BRIEF, app

from .actions import batch as batches
from .actions import export as exporting
from .actions.reminder import tell_due

BATCH = 200


@app.periodic(cron="* * * * *")
@app.task(name="servicedesk.remind", queueing_lock="servicedesk.remind")
def remind(timestamp: int) -> None:
    """Tell people of what has come due."""
    while tell_due(datetime.now(UTC), BATCH) == BATCH:
        continue


@app.task(name="servicedesk.batch", retry=BRIEF)
def batch(batch_id: int, back: bool) -> None:
    """Do a batch, or take it back, from where it stopped."""
    batches.go_on(batch_id, back=back)


@app.task(name="servicedesk.export", retry=BRIEF)
def export(export_id: int) -> None:
    """Write a list to its file."""
    exporting.write(export_id)
