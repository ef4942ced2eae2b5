"""Sweeps of incident management: what is on hold comes back when its day has come, what is resolved closes after
silence. Due columns with partial indexes; each row is claimed by the action itself (architecture.md 5)."""

from __future__ import annotations

from datetime import UTC, datetime

from quell.kernel.access.actor import HOUSE
from quell.kernel.actions.run import run
from quell.kernel.config.refusal import Refusal
from quell.kernel.jobs.app import app

from .queries.incident import due_to_close, due_to_resume

BATCH = 200


@app.periodic(cron="* * * * *")
@app.task(name="incidents.sweep", queueing_lock="incidents.sweep")
def sweep(timestamp: int) -> None:
    """Resume and close what is due. Runs every minute; a missed minute only delays the next look."""
    now = datetime.now(UTC)
    for number in due_to_resume(now, BATCH):
        _try("incidents.resume", number, now)
    for number in due_to_close(now, BATCH):
        _try("incidents.close", number, now)


def _try(name: str, number: str, now: datetime) -> None:
    """A person may have been quicker: then the state has moved on and there is nothing to do."""
    try:
        run(name, HOUSE, number, {}, now=now)
    except Refusal:
        return
