"""When an absence begins, the substitute gets what the absence says (domain.md 4.1). A due column with a partial
index; each absence is claimed, so that a second sweeper takes another, and settled in the transaction of its work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from django.db import transaction

from quell.kernel.access.actor import HOUSE
from quell.kernel.jobs.app import app

from . import facade

BATCH = 50


@app.periodic(cron="* * * * *")
@app.task(name="workforce.sweep", queueing_lock="workforce.sweep")
def sweep(timestamp: int) -> None:
    """Settle absences that have begun. Runs every minute; a missed minute only delays the next look."""
    settle_absences(datetime.now(UTC))


def settle_absences(now: datetime) -> int:
    """Returns how many were settled."""
    settled = 0
    while settled < BATCH and _settle_one(now):
        settled += 1
    return settled


def _settle_one(now: datetime) -> bool:
    with transaction.atomic():
        return facade.settle_next_absence(replace(HOUSE, channel="rule", request_id="absence"), now)
