"""Upkeep of what lives for a time only: answers kept for repeated calls, and sessions."""

from __future__ import annotations

from quell.kernel.config import sql
from quell.kernel.jobs.app import BRIEF, app

#: The contract keeps the answer to a call for a day; an hour more, so that no caller meets the edge.
KEPT_HOURS = 25


@app.periodic(cron="37 * * * *")
@app.task(name="actions.tidy", queueing_lock="actions.tidy", retry=BRIEF)
def tidy(timestamp: int) -> None:
    """Remove idempotency keys and sessions whose time is over."""
    sql.execute(
        "DELETE FROM actions_idempotencykey WHERE created_at < now() - make_interval(hours => %s)", [KEPT_HOURS]
    )
    sql.execute("DELETE FROM django_session WHERE expire_date < now()")
