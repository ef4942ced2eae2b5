"""Listeners hear of every line of history, whatever dies when, and do their work once (architecture.md 3)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, connections
from procrastinate.periodic import PeriodicRegistry

from quell.kernel.actions import listening
from quell.kernel.actions.listening import Heard, listen
from quell.kernel.journal.models import Entry
from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade
from quell.project.database_url import with_database
from quell.project.worker import beside_django

pytestmark = pytest.mark.usefixtures("own_database")

heard_lines: list[Heard] = []
broken: list[int] = []


@pytest.fixture
def listeners() -> Iterator[None]:
    """Only the listeners of these tests."""
    before = dict(listening._listeners)
    listening._listeners.clear()
    heard_lines.clear()
    broken.clear()
    yield
    listening._listeners.clear()
    listening._listeners.update(before)


@pytest.fixture
def people() -> Cast:
    return cast()


def hear_of(*verbs: str, name: str = "tests.hears", kind: str = "incident") -> None:
    def work(heard: Heard) -> None:
        facade.act(heard.actor(), "edit", heard.number, {"title": f"{heard.verb} heard by {heard.listener}"})
        if broken:
            broken.pop()
            raise RuntimeError("broken after its work")
        heard_lines.append(heard)

    listen(name, *verbs, kind=kind)(work)


def work_off(rounds: int = 6) -> None:
    """A worker that takes what waits, and what is planned for later as if it were due."""
    for _round in range(rounds):
        asyncio.run(_once())
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


async def _once() -> None:
    working = beside_django(1)
    working.periodic_registry = PeriodicRegistry()
    await sync_to_async(connections.close_all)()  # those of the thread of jobs, from the test before
    async with working.open_async():
        await working.run_worker_async(wait=False, install_signal_handlers=False, concurrency=1)


def jobs(task: str, **where: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND (%s = '' OR status::text = %s)",
            [task, where.get("status", ""), where.get("status", "")],
        )
        return int(cursor.fetchone()[0])


def edits(number: str) -> int:
    return Entry.objects.filter(record__number=number, verb="edit").count()


def test_one_job_a_line_for_people_and_listeners(listeners: None, people: Cast) -> None:
    hear_of("open")
    hear_of("close", name="tests.other_verb")
    hear_of("open", name="tests.other_kind", kind="change")
    number = facade.report(people.actor("amira"), {"title": "Printer"})
    assert jobs("notify.announce") == 1
    assert heard_lines == [], "nothing may be done before the change is committed and announced"
    work_off()
    assert [(line.verb, line.number, line.listener) for line in heard_lines] == [("open", number, "tests.hears")]
    assert jobs("actions.hear") == 0, "what succeeds at once needs no job of its own"


def test_a_line_announced_twice_is_worked_once(listeners: None, people: Cast) -> None:
    hear_of("open")
    number = facade.report(people.actor("amira"), {"title": "Printer"})
    with connection.cursor() as cursor:  # the announcing worker died before it could say that it was done
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, args, queue_name) SELECT task_name, args, queue_name"
            " FROM procrastinate_jobs WHERE task_name = 'notify.announce'"
        )
    work_off()
    assert jobs("notify.announce", status="succeeded") == 3  # twice the report, once what came of it
    assert edits(number) == 1


def test_what_breaks_leaves_nothing_and_is_tried_again(listeners: None, people: Cast) -> None:
    hear_of("open")
    broken.append(1)
    number = facade.report(people.actor("amira"), {"title": "Printer"})
    hear_of("open", name="tests.sound")
    work_off()
    assert edits(number) == 2
    assert sorted(line.listener for line in heard_lines) == ["tests.hears", "tests.sound"]
    assert jobs("actions.hear", status="succeeded") == 1, "only what broke is tried again"


def test_what_never_works_ends_among_the_dead_letters(listeners: None, people: Cast) -> None:
    hear_of("open")
    broken.extend(range(50))
    number = facade.report(people.actor("amira"), {"title": "Printer"})
    work_off(12)
    assert jobs("actions.hear", status="failed") == 1
    assert edits(number) == 0


def test_a_chain_of_listeners_ends(listeners: None, people: Cast) -> None:
    """Two that answer each other with an edit of their own."""
    hear_of(name="tests.one")
    hear_of(name="tests.two")
    number = facade.report(people.actor("amira"), {"title": "Printer"})
    work_off(30)
    assert 2 <= edits(number) <= 2 * listening.MOST_HOPS
    assert jobs("actions.hear", status="todo") == 0


CHILD = """
import asyncio, os, signal, sys
from pathlib import Path
import django
django.setup()
from quell.kernel.actions import listening
from quell.practices.incidents import facade
from quell.project.worker import beside_django
listening._listeners.clear()
flag = Path(sys.argv[1])

@listening.listen("tests.killed", "open", kind="incident")
def killed(heard):
    facade.act(heard.actor(), "edit", heard.number, {"title": "Heard"})
    if not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    app = beside_django(1)
    async with app.open_async():
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=0):
            await app.job_manager.retry_job(job)
        await app.run_worker_async(wait=False, install_signal_handlers=False, concurrency=1)

asyncio.run(main())
"""


def test_a_worker_killed_in_the_middle_of_its_work(listeners: None, people: Cast, tmp_path: Path) -> None:
    number = facade.report(people.actor("amira"), {"title": "Printer"})
    flag = tmp_path / "killed"
    command = [sys.executable, "-c", CHILD, str(flag)]
    database = with_database(os.environ["DATABASE_URL"], settings.DATABASES["default"]["NAME"])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "quell.project.settings", "DATABASE_URL": database}
    first = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
    assert first.returncode == -signal.SIGKILL, first.stderr.decode()
    assert flag.exists()
    assert edits(number) == 0, "the work of a killed listener is gone with it"
    second = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
    assert second.returncode == 0, second.stderr.decode()
    assert edits(number) == 1
