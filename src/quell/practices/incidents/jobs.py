"""Sweeps of incident management: what is on hold comes back when its day has come, what is resolved closes after
silence, and what nobody has taken is said aloud. Due columns with partial indexes; each row is claimed by the action
itself (architecture.md 5)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from quell.kernel.access.actor import HOUSE
from quell.kernel.actions.run import run
from quell.kernel.config.refusal import Refusal
from quell.kernel.jobs.app import app

from .queries.incident import claim_to_alarm, due_to_close, due_to_resume

BATCH = 200


@app.periodic(cron="* * * * *")
@app.task(name="incidents.sweep", queueing_lock="incidents.sweep")
def sweep(timestamp: int) -> None:
    """Resume, close and call out what is due. Runs every minute; a missed minute only delays the next look."""
    now = datetime.now(UTC)
    for number in due_to_resume(now, BATCH):
        _try("incidents.resume", number, now)
    for number in due_to_close(now, BATCH):
        _try("incidents.close", number, now)
    sweep_alarms(now)


def sweep_alarms(now: datetime) -> int:
    """Say aloud what nobody has taken; returns how many alarms were given."""
    given = 0
    while given < BATCH and _alarm_one(now):
        given += 1
    return given


def _alarm_one(now: datetime) -> bool:
    """One alarm, claimed so that a second sweeper takes another; False when there is none left."""
    with transaction.atomic():
        number = claim_to_alarm(now)
        if number is None:
            return False
        run("incidents.alarm", HOUSE, number, {}, now=now)
    return True


def _try(name: str, number: str, now: datetime) -> None:
    """A person may have been quicker: then the state has moved on and there is nothing to do."""
    try:
        run(name, HOUSE, number, {}, now=now)
    except Refusal:
        return
