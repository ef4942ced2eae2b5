"""A job that keeps failing ends as a dead letter with its reason, and can be tried again or discarded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.db import connection, connections
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as proxy
from procrastinate.contrib.django.django_connector import DjangoConnector

from quell.kernel.actions.upkeep import discard_jobs, retry_jobs
from quell.kernel.config.refusal import Forbidden, Invalid
from quell.kernel.jobs import dead_letters
from quell.kernel.jobs.app import enqueue
from quell.kernel.jobs.jobs import tidy
from quell.kernel.journal.models import Entry
from quell.kernel.testing.cast import Cast
from quell.kernel.testing.cast import cast as people
from quell.project.worker import _take_up_again

TASK = "test.wobbly"
behaviour: dict[str, Any] = {"fails": True, "runs": 0}


@pytest.fixture
def wobbly() -> Iterator[dict[str, Any]]:
    """A task that fails while `fails` is true, tried twice."""
    behaviour.update(fails=True, runs=0)

    def body(number: str) -> None:
        behaviour["runs"] += 1
        if behaviour["fails"]:
            raise ValueError(f"no mail server for {number}")

    cast(App, proxy).task(name=TASK, retry=RetryStrategy(max_attempts=1))(body)
    yield behaviour
    del cast(App, proxy).tasks[TASK]


def work_off() -> None:
    """Run a worker until the queue is empty."""
    app = cast(App, proxy)
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as working:

        async def once() -> None:
            async with working.open_async():
                await working.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

        asyncio.run(once())
    connections.close_all()


@pytest.fixture
def folk(own_database: None) -> Cast:
    """The cast, committed."""
    return people()


def test_a_job_that_keeps_failing_becomes_a_dead_letter_with_its_reason(folk: Cast, wobbly: dict[str, Any]) -> None:
    enqueue(TASK, number="INC-000007")
    work_off()

    assert wobbly["runs"] == 2
    (letter,) = dead_letters.page().rows
    assert (letter.task, letter.arguments, letter.attempts) == (TASK, {"number": "INC-000007"}, 2)
    assert letter.sentence == "ValueError: no mail server for INC-000007"
    assert "in body" in letter.trace
    assert letter.queued_at is not None and letter.failed_at is not None and letter.failed_at >= letter.queued_at
    assert dead_letters.failed_tasks() == [(TASK, 1)]
    assert [(q.name, q.failed) for q in dead_letters.queues()] == [("default", 1)]


def test_a_dead_letter_tried_again_runs_and_is_gone(folk: Cast, wobbly: dict[str, Any]) -> None:
    enqueue(TASK, number="INC-000007")
    work_off()
    (letter,) = dead_letters.page().rows
    wobbly["fails"] = False

    assert retry_jobs(folk.actor("root"), [letter.id]) == 1
    assert dead_letters.failed() == 0
    assert retry_jobs(folk.actor("root"), [letter.id]) == 0  # the second press finds nothing to do
    work_off()

    assert wobbly["runs"] == 3
    assert dead_letters.failed() == 0
    entry = Entry.objects.get(subject="job", verb="retry")
    assert (entry.subject_id, entry.data["task"], entry.actor_id) == (letter.id, TASK, folk.root.pk)


def test_a_discarded_dead_letter_leaves_its_reason_in_the_history(folk: Cast, wobbly: dict[str, Any]) -> None:
    enqueue(TASK, number="INC-000007")
    work_off()
    (letter,) = dead_letters.page().rows

    with pytest.raises(Invalid):
        discard_jobs(folk.actor("root"), [letter.id], "  ")
    assert discard_jobs(folk.actor("root"), [letter.id], "the record is merged") == 1

    assert dead_letters.failed() == 0
    entry = Entry.objects.get(subject="job", verb="discard")
    assert entry.data["reason"] == "the record is merged"
    assert entry.data["arguments"] == {"number": "INC-000007"}


@pytest.mark.django_db
def test_only_who_looks_after_the_whole_instance_touches_jobs() -> None:
    folk = people()
    for name in ("claire", "amira", "mia", "ann", "otto", "stella"):
        with pytest.raises(Forbidden):
            retry_jobs(folk.actor(name), [1])
        with pytest.raises(Forbidden):
            discard_jobs(folk.actor(name), [1], "because")


def test_a_job_whose_worker_died_runs_again(folk: Cast, wobbly: dict[str, Any]) -> None:
    wobbly["fails"] = False
    enqueue(TASK, number="INC-000008")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
        )
        dead = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead])

    _rescue()
    work_off()

    assert wobbly["runs"] == 1
    assert dead_letters.failed() == 0


def _rescue() -> None:
    """One round of what every worker does beside its work."""
    app = cast(App, proxy)
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as working:

        async def round_() -> None:
            async with working.open_async():
                task = asyncio.create_task(_take_up_again(working))
                for _wait in range(100):
                    await asyncio.sleep(0.05)
                    stalled = await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=20)
                    if not list(stalled):
                        break
                task.cancel()

        asyncio.run(round_())
    connections.close_all()


CHANGES = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', %(task)s)",
    "UPDATE procrastinate_jobs SET status = %(status)s::procrastinate_job_status WHERE task_name = %(task)s",
    """UPDATE procrastinate_events e SET at = now() - make_interval(days => %(age)s)
       FROM procrastinate_jobs j WHERE j.id = e.job_id AND j.task_name = %(task)s""",
)


def test_upkeep_removes_what_is_over_and_keeps_dead_letters(folk: Cast, wobbly: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for status in ("succeeded", "cancelled", "failed"):
            for age in (1, 9):
                values = {"task": f"{status}-{age}", "status": status, "age": age}
                for change in CHANGES:
                    cursor.execute(change, values)

    tidy(0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs ORDER BY 1")
        assert [row[0] for row in cursor.fetchall()] == ["cancelled-1", "failed-1", "failed-9", "succeeded-1"]


def test_upkeep_ends_old_answers_and_sessions(folk: Cast) -> None:
    from quell.kernel.actions.jobs import tidy as tidy_answers

    with connection.cursor() as cursor:
        for key, hours in (("young", 23), ("old", 26)):
            cursor.execute(
                "INSERT INTO actions_idempotencykey (person_id, key, fingerprint, location, created_at)"
                " VALUES (%s, %s, '', '', now() - make_interval(hours => %s))",
                [folk.claire.pk, key, hours],
            )
        cursor.execute(
            "INSERT INTO django_session VALUES ('over', '', now() - interval '1 minute'),"
            " ('lives', '', now() + interval '1 hour')"
        )
    tidy_answers(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM actions_idempotencykey")
        assert cursor.fetchall() == [("young",)]
        cursor.execute("SELECT session_key FROM django_session")
        assert cursor.fetchall() == [("lives",)]
