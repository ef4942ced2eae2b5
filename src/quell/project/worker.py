"""The background worker: procrastinate's, with what a killed worker left half done taken up again."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.contrib.django import app as proxy
from procrastinate.contrib.django.utils import connector_params
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

logger = logging.getLogger("quell.worker")

# A worker says every 5 s that it lives and is given up after 20 s; so a job whose worker was killed runs again
# within half a minute. New jobs are looked for twice a second: a notice at every insert would make the commits of all
# writers queue up behind one lock (docs/why/decisions/0005-jobs.md).
HEARTBEAT_SECONDS = 5
GIVEN_UP_SECONDS = 20
POLL_SECONDS = 0.5
ABORT_POLL_SECONDS = 30


def work(concurrency: int) -> None:
    """Run until SIGTERM or SIGINT; ends with an exception when the database goes, for the supervisor to restart."""
    asyncio.run(_work(beside_django(concurrency), concurrency))


def beside_django(concurrency: int) -> App:
    """The app that takes jobs, over connections of its own. The tasks stay with Django's app: what a job puts in the
    queue while it runs, it puts there on its own connection and in its own transaction, as everybody else does."""
    app = App(
        connector=PsycopgConnector(kwargs=_queue_params(), min_size=1, max_size=concurrency + 2),
        worker_defaults=proxy.worker_defaults,
    )
    app.tasks = proxy.tasks
    app.periodic_registry = proxy.periodic_registry
    return app


def _queue_params() -> dict[str, Any]:
    """How the worker speaks with its queue. That a job was taken or is done need not reach the disk before the next one
    starts: what a power cut takes back is done once more, and every job may be. So people's commits, which do wait for
    the disk, do not wait behind the worker's. The work itself is committed as safely as everything else.

    The statistics mostly saw an empty queue, and the next job would be looked for by sorting all that wait. Sorting is
    made unattractive, and the index by priority gives it at once."""
    given = dict(connector_params())
    options = f"{given.get('options', '')} -c synchronous_commit=off -c enable_sort=off"
    return {**given, "options": options.strip()}


async def _work(app: App, concurrency: int) -> None:
    async with app.open_async():
        again = asyncio.create_task(_take_up_again(app), name="take up again")
        working = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency,
                fetch_job_polling_interval=POLL_SECONDS,
                abort_job_polling_interval=ABORT_POLL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=GIVEN_UP_SECONDS,
                shutdown_graceful_timeout=8,
                # Finished jobs stay a week, so that "was anybody told?" has an answer (kernel/jobs tidies them up).
                delete_jobs="never",
            ),
            name="worker",
        )
        try:
            # If either ends in a fault the process ends: a worker that only looks alive is worse than none.
            done, _ = await asyncio.wait({again, working}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            again.cancel()


async def _take_up_again(app: App) -> None:
    """Jobs whose worker has not been heard of are put back in the queue; they are written to be repeatable."""
    while True:
        try:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=GIVEN_UP_SECONDS):
                logger.warning("job %s (%s) lost its worker and runs again", job.id, job.task_name)
                await app.job_manager.retry_job(job)
        except (exceptions.ConnectorException, OperationalError, PoolTimeout) as fault:
            logger.warning("the database does not answer the worker: %s", fault)
        await asyncio.sleep(GIVEN_UP_SECONDS / 2)
