"""A reply waits before it goes out: it can be undone, is sent once, as its author, and is held when somebody else has
written meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from quell.kernel.actions import outbox, outbox_jobs
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Refusal, WrongState
from quell.kernel.files.models import Blob
from quell.kernel.journal.models import Entry
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import RoleGrant
from quell.kernel.records import drafts
from quell.kernel.records import outbox as reading
from quell.kernel.records.models import Attachment, Enclosure, Outgoing, Record, Reply
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade

pytestmark = pytest.mark.django_db


def later(seconds: int = 60) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def state(number: str) -> str:
    return Record.objects.get(number=number).state


def test_nothing_goes_out_before_its_time(people: Cast, number: str) -> None:
    made = facade.send(people.actor("amira"), number, {"body": "Try again now."})
    assert made.state == "waiting" and not Reply.objects.exists() and state(number) == "new"
    assert 8 < (made.due_at - made.created_at).total_seconds() <= 10
    outbox.send_due(made.id)
    assert not Reply.objects.exists()
    outbox.send_due(made.id, later())
    outbox.send_due(made.id, later())
    reply = Reply.objects.get()
    assert (reply.body, reply.author) == ("Try again now.", people.amira)
    assert Entry.objects.filter(verb="reply", actor=people.amira).count() == 1


def test_a_job_is_left_for_it_and_the_sweep_finds_it_too(people: Cast, number: str) -> None:
    made = facade.send(people.actor("amira"), number, {"body": "Try again now."})
    job = ProcrastinateJob.objects.get(task_name="outbox.send")
    assert job.args == {"message_id": made.id} and job.scheduled_at >= made.due_at
    Outgoing.objects.filter(pk=made.id).update(due_at=datetime.now(UTC))
    outbox_jobs.sweep(0)
    assert Reply.objects.count() == 1


def test_undo_gives_the_text_back_before_what_was_typed_since(people: Cast, number: str) -> None:
    amira = people.actor("amira")
    made = facade.send(amira, number, {"body": "Try again now."})
    record = Record.objects.get(number=number)
    drafts.keep(people.amira.pk, record.pk, "public", "And one more thing")
    outbox.take_back(amira, made.id)
    assert drafts.read(people.amira.pk, record.pk)["public"][0] == "Try again now.\n\nAnd one more thing"
    outbox.send_due(made.id, later())
    assert not Reply.objects.exists()
    with pytest.raises(WrongState):
        outbox.take_back(amira, made.id)


@pytest.mark.parametrize(
    ("then", "after"),
    [
        ({"verb": "hold", "inputs": {"hold_reason": "requester"}}, "on_hold"),
        ({"verb": "resolve", "inputs": {"resolution_code": "fixed"}}, "resolved"),
    ],
)
def test_what_follows_is_undone_with_it(people: Cast, number: str, then: dict, after: str) -> None:
    amira = people.actor("amira")
    first = facade.send(amira, number, {"body": "Cable replaced.", "then": then})
    assert state(number) == "new"
    outbox.take_back(amira, first.id)
    outbox.send_due(first.id, later())
    assert state(number) == "new"
    second = facade.send(amira, number, {"body": "Cable replaced.", "then": then})
    outbox.send_due(second.id, later())
    assert state(number) == after


def test_what_would_be_refused_is_refused_while_the_text_is_in_hand(people: Cast, number: str) -> None:
    amira = people.actor("amira")
    for given in (
        {"body": "  "},
        {"body": "x", "then": {"verb": "resolve", "inputs": {"resolution_code": "nonsense"}}},
        {"body": "x", "send_at": "2020-01-01T00:00:00Z"},
        {"body": "x", "send_at": "2999-01-01T00:00:00Z"},
        {"body": "x", "then": {"verb": "assign", "inputs": {}}},
    ):
        with pytest.raises(Invalid):
            facade.send(amira, number, given)
    assert not Outgoing.objects.exists()
    before = Record.objects.get(number=number).version
    facade.send(amira, number, {"body": "x"})
    assert Record.objects.get(number=number).version == before and not Reply.objects.exists()


def test_somebody_else_was_quicker_so_it_is_held_and_its_author_told(people: Cast, number: str) -> None:
    made = facade.send(people.actor("amira"), number, {"body": "Restart it."})
    facade.act(people.actor("claire"), "comment", number, {"body": "It works again.", "visibility": "public"})
    outbox.send_due(made.id, later())
    row = Outgoing.objects.get(pk=made.id)
    assert (row.state, row.held_code) == ("held", "newer_message") and "Claire" in row.held_because
    assert [reply.body for reply in Reply.objects.all()] == ["It works again."]
    told = Notification.objects.get(person=people.amira, reason="held")
    assert told.record.number == number
    with pytest.raises(WrongState) as refused:
        outbox.send_now(people.actor("amira"), made.id)
    assert refused.value.code == "newer_message"
    outbox.send_now(people.actor("amira"), made.id, anyway=True)
    assert Reply.objects.count() == 2


def test_ones_own_word_and_internal_notes_hold_nothing(people: Cast, number: str) -> None:
    made = facade.send(people.actor("amira"), number, {"body": "Restart it."})
    facade.act(people.actor("amira"), "comment", number, {"body": "First of all", "visibility": "public"})
    facade.act(people.actor("mia"), "comment", number, {"body": "hm", "visibility": "internal"})
    outbox.send_due(made.id, later())
    assert Outgoing.objects.get(pk=made.id).state == "sent"


def test_a_record_that_closed_meanwhile_holds_it(people: Cast, number: str) -> None:
    made = facade.send(people.actor("amira"), number, {"body": "Restart it."})
    facade.act(people.actor("amira"), "cancel", number, {"reason": "raised twice"})
    outbox.send_due(made.id, later())
    row = Outgoing.objects.get(pk=made.id)
    assert row.state == "held" and "closed" in row.held_because and not Reply.objects.exists()


def test_rights_are_those_of_the_moment_it_goes_out(people: Cast, number: str) -> None:
    made = facade.send(people.actor("amira"), number, {"body": "Restart it."})
    RoleGrant.objects.filter(person=people.amira).delete()
    outbox.send_due(made.id, later())
    assert Outgoing.objects.get(pk=made.id).state == "held" and not Reply.objects.exists()


def test_an_author_who_left_sends_nothing(people: Cast, number: str) -> None:
    made = facade.send(people.actor("amira"), number, {"body": "Restart it."})
    people.amira.is_active = False
    people.amira.save()
    outbox.send_due(made.id, later())
    assert Outgoing.objects.get(pk=made.id).state == "held"


def test_who_may_touch_it(people: Cast, number: str) -> None:
    made = facade.send(people.actor("amira"), number, {"body": "Restart it."})
    for stranger in ("stella", "claire", "sam"):
        with pytest.raises(NotFound):
            outbox.take_back(people.actor(stranger), made.id)
    with pytest.raises(Forbidden):
        outbox.send_now(people.actor("mia"), made.id)
    with pytest.raises(Forbidden):
        outbox.change(people.actor("mia"), made.id, body="Other words")
    with pytest.raises(Refusal):
        facade.send(people.actor("stella"), number, {"body": "Hello"})
    with pytest.raises(Forbidden):
        facade.send(people.actor("otto"), number, {"body": "Hello"})
    outbox.take_back(people.actor("mia"), made.id)
    record = Record.objects.get(number=number)
    assert drafts.read(people.amira.pk, record.pk)["public"][0] == "Restart it."
    assert drafts.read(people.mia.pk, record.pk) == {}


def test_scheduled_changed_and_sent_at_once(people: Cast, number: str) -> None:
    amira = people.actor("amira")
    made = facade.send(amira, number, {"body": "Good morning.", "send_at": later(3600)})
    assert made.scheduled
    changed = outbox.change(amira, made.id, body="Good evening.", send_at=later(7200))
    assert changed.body == "Good evening." and changed.due_at > later(7000)
    outbox.send_now(amira, made.id)
    assert Reply.objects.get().body == "Good evening."
    with pytest.raises(WrongState):
        outbox.change(amira, made.id, body="Too late")


def test_the_setting_of_no_seconds_sends_at_once(people: Cast, number: str) -> None:
    outbox.UNDO_SECONDS.put(0)
    assert facade.send(people.actor("amira"), number, {"body": "Now."}).state == "sent"
    assert Reply.objects.get().body == "Now."
    seen = Entry.objects.filter(record__number=number).order_by("id").values_list("pk", flat=True)[0]
    facade.act(people.actor("claire"), "comment", number, {"body": "Wait", "visibility": "public"})
    with pytest.raises(WrongState) as refused:
        facade.send(people.actor("amira"), number, {"body": "Now again.", "if_last_seen": seen})
    assert refused.value.code == "newer_message" and Outgoing.objects.count() == 1


def test_files_come_with_it_and_go_back_with_it(people: Cast, number: str) -> None:
    amira, record = people.actor("amira"), Record.objects.get(number=number)
    blob = Blob.objects.create(sha256="a" * 64, size=3, content_type="image/png")
    file = Enclosure.objects.create(
        person=people.amira, record=record, mode="public", blob=blob, name="shot.png", created_at=datetime.now(UTC)
    )
    body = f"See ![shot.png](file:{file.pk})"
    made = facade.send(amira, number, {"body": body}, files=[file.pk])
    assert not Attachment.objects.exists()
    outbox.take_back(amira, made.id)
    file.refresh_from_db()
    assert file.outgoing is None
    made = facade.send(amira, number, {"body": body}, files=[file.pk])
    outbox.send_due(made.id, later())
    attached = Attachment.objects.get()
    assert attached.public and attached.reply_id == Reply.objects.get().pk and not Enclosure.objects.exists()
    assert f"/attachments/{attached.pk})" in Reply.objects.get().body
    with pytest.raises(Invalid):
        facade.send(people.actor("mia"), number, {"body": "x"}, files=[file.pk])


def test_what_was_settled_long_ago_is_forgotten(people: Cast, number: str) -> None:
    made = facade.send(people.actor("amira"), number, {"body": "Restart it."})
    outbox.send_due(made.id, later())
    assert outbox.forget_old(later()) == 0 and outbox.forget_old(later(86400 * 40)) == 1
    assert Reply.objects.count() == 1


def test_a_note_takes_its_files_along(people: Cast, number: str) -> None:
    amira, record = people.actor("amira"), Record.objects.get(number=number)
    blob = Blob.objects.create(sha256="b" * 64, size=3, content_type="image/png")
    now = datetime.now(UTC)
    mine = reading.put_in(people.amira.pk, record.pk, "internal", blob.pk, "shot.png", now)
    other = reading.put_in(people.mia.pk, record.pk, "internal", blob.pk, "hers.png", now)
    facade.note(amira, number, "Look", [mine, other])
    attached = Attachment.objects.get()
    assert (attached.name, attached.public, attached.note_id is not None) == ("shot.png", False, True)
    assert reading.enclosures(people.amira.pk, record.pk) == [] and reading.enclosures(people.mia.pk, record.pk)
    assert reading.take_out(people.amira.pk, other) is None and reading.take_out(people.mia.pk, other) == number
    with pytest.raises(Invalid):
        facade.note(amira, number, " ")
