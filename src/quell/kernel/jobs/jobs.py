"""Upkeep of the queue itself: what is over and done with goes, dead letters stay until a person decides.

Stalled jobs (their worker died) are taken up again by every worker while it runs (`quell.project.worker`), so that
they wait seconds and not for the next minute of a schedule.
"""

from __future__ import annotations

from quell.kernel.config import sql

from .app import BRIEF, app

KEPT_DAYS = 7

_OVER = """
DELETE FROM procrastinate_jobs j WHERE j.status IN ('succeeded', 'cancelled', 'aborted') AND (
  SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id) < now() - make_interval(days => %s)
"""
_ORPHANS = "DELETE FROM jobs_failure f WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.id = f.job_id)"
_TICKS = """
DELETE FROM procrastinate_periodic_defers WHERE job_id IS NULL AND defer_timestamp < extract(epoch FROM now()) - %s
"""


@app.periodic(cron="17 3 * * *")
@app.task(name="jobs.tidy", queueing_lock="jobs.tidy", retry=BRIEF)
def tidy(timestamp: int) -> None:
    """Remove jobs that ended well, or were called off, more than a week ago, reasons of failures that were mended,
    and the marks of the schedule that nobody needs any more."""
    sql.execute(_OVER, [KEPT_DAYS])
    sql.execute(_ORPHANS)
    sql.execute(_TICKS, [KEPT_DAYS * 86_400])
