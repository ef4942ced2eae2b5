"""The sweep of the clocks: what runs out is said (architecture.md 5)."""

from __future__ import annotations

from typing import Any

from quell.kernel.jobs.app import BRIEF, app, enqueue

from .actions import escalating
from .actions import restate as restating
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


@app.task(name="clocks.restate", retry=BRIEF)
def restate(cause: dict[str, Any], after: int, at: str) -> None:
    """The rest of a change that moves many clocks, batch by batch. One that is done twice moves nothing twice."""
    following = restating.go_on(cause, after, at)
    if following is not None:
        enqueue("clocks.restate", cause=cause, after=following, at=at)
