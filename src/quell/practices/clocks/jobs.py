"""The sweep of the clocks: what runs out is said (architecture.md 5)."""

from __future__ import annotations

from quell.kernel.jobs.app import BRIEF, app

from .actions import escalating
from .actions import sweep as sweeping


@app.periodic(cron="* * * * *")
@app.task(name="clocks.sweep", queueing_lock="clocks.sweep")
def sweep(timestamp: int) -> None:
    """Warn and call out what is due. Runs every minute; a missed minute only delays the next look."""
    sweeping.sweep(sweeping.now())


@app.task(name="clocks.act", retry=BRIEF)
def act(record_id: int, entry_id: int, step_id: int) -> None:
    """Do to a record what a step of the matrix says, as the house."""
    escalating.act(record_id, entry_id, step_id)
