"""The job library, set up once: jobs live in PostgreSQL, are enqueued in the transaction of the change that needs
them, and are retried with back-off. What has used up its tries stays as a dead letter (`dead_letters.py`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import procrastinate
from procrastinate.contrib.django import app

from quell.kernel.config import sql

#: Retries for work that talks to the outside: about 10 s, 40 s, 90 s … six tries within half an hour.
PATIENT = procrastinate.RetryStrategy(max_attempts=6, wait=10, exponential_wait=3)
#: Retries for work inside the house: something else was in the way for a moment.
BRIEF = procrastinate.RetryStrategy(max_attempts=5, wait=1, linear_wait=2)

__all__ = ["BRIEF", "PATIENT", "app", "enqueue", "enqueue_each", "equip", "quietly"]

_quiet = ContextVar("quiet", default=False)


def equip(made: procrastinate.App) -> None:
    """What every worker of ours does round each task; the library calls this once its app is made (settings)."""
    from .failures import remember_failure

    made.worker_defaults["task_middleware"] = [*(made.worker_defaults.get("task_middleware") or ()), remember_failure]


def enqueue(
    task: str, *, delay_seconds: int = 0, queue: str = "default", lock: str | None = None, **arguments: Any
) -> None:
    """Put a job in the queue, in the present transaction: it exists if and only if the change does."""
    if _quiet.get():
        return
    known = app.tasks.get(task)
    due = datetime.now(UTC) + timedelta(seconds=delay_seconds) if delay_seconds else None
    once = known.queueing_lock if known else None
    sql.execute(_DEFER, [queue, task, lock, once, orjson.dumps(arguments).decode(), due])


# What the library's `defer` sends, without its layers: they take longer than the insert, and every change has a job.
_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%s, %s, 0, %s, %s, %s::jsonb, %s)::procrastinate_job_to_defer_v1])
"""


def enqueue_each(task: str, each: Sequence[Mapping[str, Any]], *, queue: str = "default") -> None:
    """Many jobs of one task with one statement, each with its own arguments; else as `enqueue`."""
    if _quiet.get() or not each:
        return
    arguments = [orjson.dumps(one).decode() for one in each]
    sql.execute(_DEFER_EACH, [queue, task, arguments])


_DEFER_EACH = """
SELECT procrastinate_defer_jobs_v1(array_agg(
  ROW(%s, %s, 0, NULL, NULL, arguments::jsonb, NULL)::procrastinate_job_to_defer_v1))
FROM unnest(%s::text[]) AS arguments
"""


@contextmanager
def quietly() -> Iterator[None]:
    """Leave no jobs behind: for history that is told again, of which nobody wants news (imports, demonstrations)."""
    before = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(before)
