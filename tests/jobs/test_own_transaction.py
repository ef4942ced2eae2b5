"""What a job enqueues belongs to the job's own transaction, in the worker as anywhere else (decision 0005)."""

from __future__ import annotations

import asyncio

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app as ours

from quell.kernel.jobs.app import enqueue
from quell.project.worker import beside_django

pytestmark = pytest.mark.usefixtures("own_database")


@ours.task(name="tests.half_done", pass_context=False)
def half_done() -> None:
    """Enqueues, then breaks."""
    with transaction.atomic():
        enqueue("notify.announce", entry_id=0)
        raise RuntimeError("broken in the middle")


def _jobs(task: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [task])
        return int(cursor.fetchone()[0])


def test_a_job_that_breaks_leaves_nothing_in_the_queue() -> None:
    enqueue("tests.half_done")
    working = beside_django(1)

    async def once() -> None:
        async with working.open_async():
            await working.run_worker_async(wait=False, install_signal_handlers=False, concurrency=1)

    asyncio.run(once())
    assert _jobs("tests.half_done") == 1
    assert _jobs("notify.announce") == 0
