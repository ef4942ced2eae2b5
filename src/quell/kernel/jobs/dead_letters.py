"""Background work as an administrator sees it: how much waits, what has failed for good, and trying again.

A job whose tries are used up stays in the queue's table as failed: a dead letter. Nothing takes it away but a
person, who tries it again or discards it. The verbs with rights and history are `kernel.actions.upkeep`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from quell.kernel.config import sql

#: A worker that has said nothing for so long is not counted as working (the worker gives up others after 20 s).
SILENT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Queue:
    """Figures of one queue: due now, planned for later, running, failed for good."""

    name: str
    waiting: int
    planned: int
    running: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that has failed for good. `sentence` and `trace` are empty when its worker died with it."""

    id: int
    task: str
    queue: str
    arguments: dict[str, Any]
    attempts: int
    queued_at: datetime | None
    failed_at: datetime | None
    sentence: str
    trace: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A dead letter that was taken out of the list, for the history."""

    id: int
    task: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some dead letters, newest failure first; `next` is the cursor of the following page, None at the end."""

    rows: list[DeadLetter]
    next: int | None


_QUEUES = """
WITH figures AS (
  SELECT queue_name,
    count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())) AS waiting,
    count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS planned,
    count(*) FILTER (WHERE status = 'doing') AS running,
    count(*) FILTER (WHERE status = 'failed') AS failed,
    min(scheduled_at) FILTER (WHERE status = 'todo' AND scheduled_at <= now()) AS due,
    min(id) FILTER (WHERE status = 'todo' AND scheduled_at IS NULL) AS first_waiting
  FROM procrastinate_jobs GROUP BY queue_name
)
SELECT queue_name, waiting, planned, running, failed, least(due, (
  SELECT min(at) FROM procrastinate_events e WHERE e.job_id = first_waiting AND e.type = 'deferred'))
FROM figures WHERE waiting + planned + running + failed > 0 ORDER BY queue_name
"""


def queues() -> list[Queue]:
    """Figures of every queue that holds jobs, by name. `oldest` is since when the first of the waiting is due."""
    return [Queue(*row) for row in sql.rows(_QUEUES)]


def workers() -> int:
    """How many workers have said lately that they live."""
    row = sql.row(
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
        [SILENT_SECONDS],
    )
    return int(row[0]) if row else 0


def failed() -> int:
    """How many dead letters there are."""
    row = sql.row("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    return int(row[0]) if row else 0


def failed_tasks() -> list[tuple[str, int]]:
    """(task, how many of it have failed), most first."""
    found = sql.rows(
        "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return [(task, count) for task, count in found]


_LETTERS = """
SELECT j.id, j.task_name, j.queue_name, j.args, j.attempts,
  (SELECT min(at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'deferred'),
  coalesce(f.at, (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'failed')),
  coalesce(f.sentence, ''), coalesce(f.trace, '')
FROM procrastinate_jobs j LEFT JOIN jobs_failure f ON f.job_id = j.id
WHERE j.status = 'failed' AND (%(task)s = '' OR j.task_name = %(task)s)
  AND (%(before)s::bigint IS NULL OR j.id < %(before)s)
ORDER BY j.id DESC LIMIT %(limit)s
"""


def page(*, task: str = "", before: int | None = None, limit: int = 50) -> Page:
    """Dead letters, of one task or of all, newest first, below the id `before`."""
    found = [DeadLetter(*row) for row in sql.rows(_LETTERS, {"task": task, "before": before, "limit": limit + 1})]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


_PUT_BACK = """
UPDATE procrastinate_jobs j SET status = 'todo', attempts = 0, scheduled_at = now(), abort_requested = FALSE
WHERE id = %s AND status = 'failed' AND NOT EXISTS (
  SELECT 1 FROM procrastinate_jobs o WHERE o.queueing_lock = j.queueing_lock AND o.status = 'todo' AND o.id <> j.id)
RETURNING id, task_name, args
"""


def put_back(ids: Sequence[int]) -> list[Taken]:
    """Queue dead letters again, due now and with all their tries; returns those that were. What somebody else put
    back, and what stands in the queue a second time already (`queueing_lock`), is left alone."""
    done: list[Taken] = []
    for job_id in ids:
        try:
            with transaction.atomic():
                found = sql.row(_PUT_BACK, [job_id])
        except IntegrityError:  # the same job was queued between the look and the leap
            continue
        if found is not None:
            done.append(Taken(*found))
    return done


def throw_away(ids: Sequence[int]) -> list[Taken]:
    """Remove dead letters for good; returns those that were."""
    found = sql.rows(
        "DELETE FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'failed' RETURNING id, task_name, args",
        [list(ids)],
    )
    sql.execute("DELETE FROM jobs_failure WHERE job_id = ANY(%s)", [[row[0] for row in found]])
    return [Taken(*row) for row in found]
