"""The funnel for writing: all or nothing, one line of history, in order, for several writers at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from quell.kernel.actions import run as funnel
from quell.kernel.config.refusal import Invalid, Refusal
from quell.kernel.journal.models import Entry
from quell.kernel.records.models import Record
from quell.kernel.search.models import Document
from quell.kernel.testing.cast import cast
from quell.practices.incidents import facade
from quell.practices.incidents.jobs import sweep


@pytest.fixture
def people(db):
    return cast()


def test_opening_leaves_a_record_a_line_a_document_and_a_job(people):
    number = facade.report(people.actor("claire"), {"title": "Mail is slow"})
    record = Record.objects.get(number=number)
    entry = Entry.objects.get(record=record)
    assert (entry.verb, entry.public, entry.version, entry.actor) == ("open", True, 1, people.claire)
    assert Document.objects.filter(record=record).exists()
    assert ProcrastinateJob.objects.filter(task_name="notify.announce", args={"entry_id": entry.pk}).count() == 1


@pytest.mark.parametrize("broken", ["write", "enqueue"])
def test_a_fault_in_the_middle_leaves_nothing(people, monkeypatch, broken):
    number = facade.report(people.actor("claire"), {"title": "Mail is slow"})

    def fail(*args, **kwargs):
        raise DatabaseError("pulled the plug")

    monkeypatch.setattr(funnel, broken, fail)
    with pytest.raises(DatabaseError):
        facade.act(people.actor("amira"), "comment", number, {"body": "half", "visibility": "public"})
    record = Record.objects.get(number=number)
    assert (record.version, record.owner_id) == (1, None)
    assert Entry.objects.filter(record=record).count() == 1
    assert facade.timeline(people.actor("amira"), facade.ticket(people.actor("amira"), number))[-1]["verb"] == "open"


@pytest.mark.parametrize("change", ["UPDATE journal_entry SET verb = 'x'", "DELETE FROM journal_entry"])
def test_the_journal_cannot_be_rewritten(people, change):
    facade.report(people.actor("claire"), {"title": "Mail is slow"})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_what_changes_nothing_leaves_no_line(people):
    number = facade.report(people.actor("claire"), {"title": "Mail is slow"})
    amira = people.actor("amira")
    facade.act(amira, "edit", number, {"impact": 2})
    lines = Entry.objects.count()
    facade.act(amira, "edit", number, {"impact": 2})
    assert Entry.objects.count() == lines


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 251}, "title"),
        ({"title": 7}, "title"),
        ({"title": "x", "impact": "1"}, "impact"),
        ({"title": "x", "impact": 5}, "impact"),
        ({"title": "x", "impact": True}, "impact"),
        ({"title": "x", "urgency": 1.5}, "urgency"),
        ({"title": "x", "colour": "red"}, "colour"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\ud800b"}, "title"),
        ({"title": "x", "category": "no/such"}, "category"),
        ({"title": "x", "service": "no-such"}, "service"),
        ({"title": "x", "channel": "pigeon"}, "channel"),
        ({"title": "x", "requester": "sam@elsewhere.example"}, "requester"),
        ({"title": "x", "organisation": "elsewhere"}, "organisation"),
    ],
)
def test_bad_input_names_its_field_and_makes_nothing(people, inputs, field):
    with pytest.raises(Invalid) as refused:
        facade.report(people.actor("claire"), inputs)
    assert refused.value.errors[0].field == field
    assert not Record.objects.exists()


def test_sweeps_resume_and_close_what_is_due(people):
    amira = people.actor("amira")
    waiting = facade.report(people.actor("claire"), {"title": "waits"})
    done = facade.report(people.actor("claire"), {"title": "done"})
    past = datetime.now(UTC) - timedelta(days=30)
    funnel.run("incidents.hold", amira, waiting, {"hold_reason": "part"}, now=past)
    funnel.run("incidents.resolve", amira, done, {"resolution_code": "fixed", "resolution": "x"}, now=past)
    sweep(0)
    sweep(0)
    assert facade.ticket(amira, waiting)["state"] == "in_progress"
    assert facade.ticket(amira, done)["state"] == "closed"
    last = facade.timeline(amira, facade.ticket(amira, done))
    assert [(e["verb"], e["actor"]) for e in last[-1:]] == [("close", None)]


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_lose_nothing_and_lock_nobody_out():
    people = cast()
    number = facade.report(people.actor("claire"), {"title": "busy"})
    other = facade.report(people.actor("claire"), {"title": "parent"})
    refused: list[str] = []

    def write(worker: int) -> None:
        amira = people.actor("amira")
        try:
            for turn in range(5):
                facade.act(amira, "comment", number, {"body": f"{worker}.{turn}", "visibility": "internal"})
                facade.act(amira, "edit", other, {"affected_users": worker * 10 + turn + 2})
        except Refusal as no:
            refused.append(no.sentence)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    record = Record.objects.get(number=number)
    versions = list(Entry.objects.filter(record=record).order_by("id").values_list("version", flat=True))
    assert record.version == 21
    assert sorted(versions) == list(range(1, 22))
