"""Upkeep of what lives for a time only: answers kept for repeated calls, and sessions."""

from __future__ import annotations

from quell.kernel.config import sql
from quell.kernel.jobs.app import BRIEF, PATIENT, app

from . import (
    listening,
    outbox_jobs,  # noqa: F401 - the queue's tasks are found through this module
    trial_mail,
)

#: The contract keeps the answer to a call for a day; an hour more, so that no caller meets the edge.
KEPT_HOURS = 25
#: The marks of listeners outlive every job that could run twice: dead letters may be tried again for a month.
MARKS_KEPT_DAYS = 31


@app.task(name="actions.hear", retry=PATIENT)
def hear(listener: str, entry_id: int) -> None:
    """Have one listener hear of one line of history."""
    listening.hear(listener, entry_id)


@app.task(name=trial_mail.TASK, queue="mail")
def try_mail(name: str, to: str, language: str) -> None:
    """Send the mail that the set-up tries the mail server with; what comes of it is shown there, so nothing is tried
    again."""
    trial_mail.attempt(name, to, language)


@app.periodic(cron="37 * * * *")
@app.task(name="actions.tidy", queueing_lock="actions.tidy", retry=BRIEF)
def tidy(timestamp: int) -> None:
    """Remove idempotency keys, sessions and marks of listeners whose time is over."""
    sql.execute(
        "DELETE FROM actions_idempotencykey WHERE created_at < now() - make_interval(hours => %s)", [KEPT_HOURS]
    )
    sql.execute("DELETE FROM django_session WHERE expire_date < now()")
    sql.execute("DELETE FROM actions_heard WHERE at < now() - make_interval(days => %s)", [MARKS_KEPT_DAYS])
