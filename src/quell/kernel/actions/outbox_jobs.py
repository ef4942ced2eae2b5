"""Jobs of the outbox: each message has its own, and a sweep finds what a stop or a clock's jump left behind."""

from __future__ import annotations

from datetime import UTC, datetime

from quell.kernel.jobs.app import BRIEF, app
from quell.kernel.records.outbox import due

from . import outbox

#: Messages looked at in one sweep; more wait for the next minute.
BATCH = 200


@app.task(name="outbox.send", retry=BRIEF)
def send(message_id: int) -> None:
    """Send one message whose time has come. Safe to run twice: it goes out once."""
    outbox.send_due(message_id)


@app.periodic(cron="* * * * *")
@app.task(name="outbox.sweep", queueing_lock="outbox.sweep")
def sweep(timestamp: int) -> None:
    """Send what is due and was not sent by its own job, and forget what was settled long ago."""
    now = datetime.now(UTC)
    for message_id in due(now, BATCH):
        outbox.send_due(message_id)
    outbox.forget_old(now)
