"""Keeping the reason of a failure beside its job, for whoever looks at the dead letters.

A middleware of the worker: it runs in the thread of the task, after the task's own transaction is gone.
"""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.db import Error
from procrastinate.job_context import JobContext
from procrastinate.middleware import SyncCallNext
from procrastinate.worker import Worker

from .models import Failure

logger = logging.getLogger("quell.jobs")

LONGEST_SENTENCE, LONGEST_TRACE = 500, 8000


def remember_failure(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Run the task; when it raises, write down why and let the exception go on to the library's retry."""
    try:
        return call_next()
    except Exception as fault:
        _write_down(context, fault)
        raise


def _write_down(context: JobContext, fault: Exception) -> None:
    """The last line of the traceback is what a person reads; its end is what a programmer needs."""
    job = context.job
    assert job.id is not None  # it runs, so it came out of the table
    trace = "".join(traceback.format_exception(fault)).replace("\x00", "")[-LONGEST_TRACE:]
    sentence = "".join(traceback.format_exception_only(fault)).strip().replace("\x00", "")[:LONGEST_SENTENCE]
    try:
        Failure.objects.update_or_create(
            job_id=job.id,
            defaults={"attempt": job.attempts + 1, "sentence": sentence, "trace": trace, "at": datetime.now(UTC)},
        )
    except Error as lost:
        logger.warning("the failure of job %s could not be written down: %s", job.id, lost)
