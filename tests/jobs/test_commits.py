"""Commits with a job do not queue up behind one lock: nothing notifies at insert (decision 0005)."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from quell.kernel.jobs.app import enqueue

pytestmark = pytest.mark.usefixtures("own_database")


def test_enqueuing_notifies_nobody() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN procrastinate_any_queue_v1")
        with transaction.atomic():
            enqueue("notify.announce", entry_id=0)
        cursor.execute("SELECT 1")
        assert list(connection.connection.notifies(timeout=0.2)) == []
        cursor.execute("UNLISTEN *")


def test_no_trigger_of_the_job_table_notifies_at_insert() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = 'procrastinate_jobs'::regclass AND t.tgtype & 4 = 4 AND p.prosrc LIKE '%%pg_notify%%'"
        )
        assert cursor.fetchall() == []
