"""Calling people on their devices: who is called, with which words, and when no more."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection

from quell.kernel.actions.directory import devices as own_devices
from quell.kernel.actions.directory import notices
from quell.kernel.actions.directory import people as accounts
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound
from quell.kernel.journal.models import Entry
from quell.kernel.notify import devices, jobs
from quell.kernel.notify.models import Device, Notification
from quell.kernel.people.models import Person, RoleGrant
from quell.kernel.testing.cast import cast
from quell.practices.incidents import facade

from .phone import Phone, push_service

NIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
PHONE = (
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0 Mobile Safari/537.36"
)
MARK = "m" * 43


@pytest.fixture
def people(db):
    cache.clear()
    return cast()


@pytest.fixture
def service(settings):
    """The push service, which the operator has opened."""
    with push_service() as made:
        settings.OUTBOUND_OPEN = [made.place]
        yield made


def turn_on(people, service, name="claire", mark=MARK, phone=None):
    given = (phone or service.phone).gives(service.address(name))
    return own_devices.add_device(people.actor(name), given, mark=mark, agent=PHONE)


def announce(number, verb):
    jobs.announce(Entry.objects.filter(record__number=number, verb=verb).latest("id").pk)


def waiting():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'notify.push' AND status = 'todo' ORDER BY id"
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def deliver(attempts=0):
    """Do the calls that wait, as the worker does."""
    for arguments in waiting():
        jobs.push(SimpleNamespace(job=SimpleNamespace(attempts=attempts)), **arguments)


def reply(people, body="The cause is a secret.", visibility="public"):
    """Claire reports, Amira writes."""
    number = facade.report(people.actor("claire"), {"title": "Till"})
    facade.act(people.actor("amira"), "comment", number, {"body": body, "visibility": visibility})
    announce(number, "reply" if visibility == "public" else "note")
    return number


def test_a_line_calls_the_device_with_words_only_it_can_read(people, service):
    device = turn_on(people, service)
    number = reply(people)
    deliver()
    [(path, headers, body)] = service.calls
    assert path == "/push/claire" and headers["urgency"] == "high" and b"Till" not in body
    [said] = service.said()
    assert said == {
        "title": number,
        "body": f"Amira wrote to you about {number}: Till.",
        "url": f"/portal/requests/{number}",
        "tag": number,
    }
    device.refresh_from_db()
    assert device.used_at is not None and device.name == "Chrome · Android"


def test_in_the_persons_language_and_at_their_desk(people, service):
    Person.objects.filter(pk=people.jonas.pk).update(language="da")
    turn_on(people, service, "jonas")
    number = facade.report(people.actor("claire"), {"title": "Till"})
    facade.act(people.actor("amira"), "transfer", number, {"team": "network", "reason": "Yours"})
    facade.act(people.actor("amira"), "assign", number, {"assignee": people.jonas.email})
    announce(number, "assign")
    deliver()
    [said] = service.said()
    assert said["url"] == f"/incidents/{number}" and number in said["body"] and "assigned" not in said["body"]


def test_a_note_from_the_inside_calls_no_requester(people, service):
    turn_on(people, service)
    reply(people, visibility="internal")
    assert waiting() == []


def test_every_device_is_called(people, service):
    for at in range(3):
        given = service.phone.gives(service.address(f"device-{at}"))
        own_devices.add_device(people.actor("claire"), given, mark=str(at) * 43, agent="")
    reply(people)
    deliver()
    assert {path for path, _headers, _body in service.calls} == {f"/push/device-{at}" for at in range(3)}


@pytest.mark.parametrize("channel", ["none", "digest"])
def test_who_wants_no_word_now_is_not_called(people, service, channel):
    Person.objects.filter(pk=people.claire.pk).update(email="claire@gungun.test")
    notices.change_own(people.actor("claire"), {"reasons": {"requester": channel}})
    turn_on(people, service)
    reply(people)
    assert waiting() == []


@pytest.mark.parametrize("channel", ["inbox", "email"])
def test_who_wants_a_line_is(people, service, channel):
    notices.change_own(people.actor("claire"), {"reasons": {"requester": channel}})
    turn_on(people, service)
    reply(people)
    assert len(waiting()) == 1


def test_nobody_is_woken(people, service):
    """Quiet hours drop the call, not the line; also when they begin while it waits."""
    notices.change_own(people.actor("claire"), {"quiet_from": "22:00", "quiet_to": "07:00"})
    turn_on(people, service)
    with time_machine.travel(NIGHT - timedelta(hours=2), tick=False):
        reply(people)
    with time_machine.travel(NIGHT, tick=False):
        reply(people)
        assert len(waiting()) == 1 and Notification.objects.filter(person=people.claire).count() == 2
        deliver()
    assert service.calls == []


def test_what_was_read_meanwhile_is_not_called_out(people, service):
    turn_on(people, service)
    reply(people)
    Notification.objects.update(read_at=datetime.now(UTC))
    deliver()
    assert service.calls == []


def test_what_waited_half_a_day_is_not_called_out(people, service):
    turn_on(people, service)
    reply(people)
    Notification.objects.update(created_at=datetime.now(UTC) - timedelta(hours=13))
    deliver()
    assert service.calls == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_device_that_is_gone_leaves_the_list(people, service, status):
    turn_on(people, service)
    reply(people)
    service.status = status
    deliver()
    assert not Device.objects.exists() and len(service.calls) == 1
    deliver()
    assert len(service.calls) == 1, "what is not in the list is not called"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again(people, service, status):
    turn_on(people, service)
    reply(people)
    service.status = status
    with pytest.raises(jobs.NotTaken):
        deliver()
    assert Device.objects.exists()
    deliver(attempts=5)  # the last try ends without a dead letter
    service.status = 201
    deliver()
    assert len(service.calls) == 3 and Device.objects.get().used_at is not None


def test_a_refusal_is_neither_tried_again_nor_held_against_the_device(people, service):
    turn_on(people, service)
    reply(people)
    service.status = 413
    deliver()
    assert Device.objects.exists()


def test_a_service_that_does_not_answer_is_left_alone_for_a_while(people, service, settings):
    turn_on(people, service)
    reply(people)
    Device.objects.update(endpoint="http://127.0.0.1:9/push")
    settings.OUTBOUND_OPEN = ["127.0.0.1:9"]
    with pytest.raises(jobs.NotTaken, match="ConnectionRefusedError"):
        deliver()
    with pytest.raises(jobs.NotTaken, match="lately"):
        deliver()


def test_a_service_that_is_no_longer_allowed_is_not_called(people, service, settings):
    turn_on(people, service)
    reply(people)
    settings.OUTBOUND_OPEN = []
    deliver()
    assert service.calls == [] and not Device.objects.exists()


def test_who_has_lost_the_role_is_not_told_of_the_inside(people, service):
    turn_on(people, service, "amira")
    number = facade.report(people.actor("claire"), {"title": "Till"})
    facade.act(people.actor("root"), "assign", number, {"assignee": people.amira.email})
    facade.act(people.actor("root"), "comment", number, {"body": "Inside.", "visibility": "internal"})
    announce(number, "note")
    assert len(waiting()) == 1
    RoleGrant.objects.filter(person=people.amira).delete()
    deliver()
    assert service.calls == []


def test_a_closed_account_is_not_called(people, service):
    turn_on(people, service)
    reply(people)
    accounts.deactivate_person(people.actor("ann"), people.claire.email)
    assert not Device.objects.exists()
    deliver()
    assert service.calls == []


def test_a_new_password_ends_it_as_it_ends_sessions(people, service):
    turn_on(people, service)
    reply(people)
    people.claire.set_password("another password 4711")
    people.claire.save(update_fields=["password"])
    deliver()
    assert service.calls == [] and not Device.objects.exists()


def test_where_it_was_changed_it_goes_on(people, service):
    turn_on(people, service)
    reply(people)
    people.claire.set_password("another password 4711")
    people.claire.save(update_fields=["password"])
    devices.still_here(people.claire, MARK)
    deliver()
    assert len(service.calls) == 1


def test_a_browser_has_one_owner(people, service):
    """Somebody else turns it on, or only signs in: the first is called there no more."""
    turn_on(people, service)
    turn_on(people, service, "paul")
    assert [device.person_id for device in Device.objects.all()] == [people.paul.pk]
    devices.still_here(people.claire, MARK)
    assert not Device.objects.exists()


def test_an_address_has_one_owner(people, service):
    """A browser that has lost its cookie keeps its address."""
    turn_on(people, service)
    given = service.phone.gives(service.address("claire"))
    own_devices.add_device(people.actor("paul"), given, mark="p" * 43, agent=PHONE)
    assert [device.person_id for device in Device.objects.all()] == [people.paul.pk]


def test_the_same_browser_again_is_the_same_device(people, service):
    first = turn_on(people, service)
    given = Phone().gives(service.address("moved"))
    again = own_devices.add_device(people.actor("claire"), given, mark=MARK, agent=PHONE)
    assert again.pk == first.pk and Device.objects.get().endpoint.endswith("moved")


def test_at_most_ten(people, service):
    for at in range(devices.MOST):
        given = service.phone.gives(service.address(f"device-{at}"))
        own_devices.add_device(people.actor("claire"), given, mark=f"{at}" * 43, agent="")
    with pytest.raises(Invalid, match="10 devices"):
        own_devices.add_device(
            people.actor("claire"), service.phone.gives(service.address("more")), mark="x" * 43, agent=""
        )
    given = service.phone.gives(service.address("moved"))
    assert own_devices.add_device(people.actor("claire"), given, mark="3" * 43, agent=""), "one of the ten may move"


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://evil.example/push"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "https://169.254.169.254/latest"},
        {"endpoint": "https://fcm.googleapis.com.evil.example/x"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": ""},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 1000},
        {"p256dh": "BAAA"},
        {"p256dh": "!"},
        {"auth": "AAAA"},
        {"auth": "x" * 101},
    ],
)
def test_what_is_no_browser_is_refused(people, wrong):
    given = Phone().gives("https://fcm.googleapis.com/fcm/send/abc")
    with pytest.raises(Invalid):
        own_devices.add_device(people.actor("claire"), given | wrong, mark=MARK, agent=PHONE)
    assert own_devices.add_device(people.actor("claire"), given, mark=MARK, agent=PHONE)


def test_only_ones_own_is_taken_away(people, service):
    device = turn_on(people, service)
    with pytest.raises(NotFound):
        own_devices.remove_device(people.actor("paul"), device.pk)
    own_devices.remove_device(people.actor("claire"), device.pk)
    assert not Device.objects.exists()
    said = Entry.objects.filter(subject="device").order_by("id").values_list("verb", "data")
    assert list(said) == [("create", {"name": "Chrome · Android"}), ("remove", {"name": "Chrome · Android"})]


def test_whoever_only_looks_turns_nothing_on(people, service):
    from dataclasses import replace

    with pytest.raises(Forbidden):
        given = service.phone.gives(service.address())
        own_devices.add_device(replace(people.actor("claire"), read_only=True), given, mark=MARK, agent="")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/151.0 Safari/537.36 Edg/151.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile/15E148 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/19.0 Safari/605.1.15", "Safari · macOS"),
        ("curl/8", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_what_people_call_it(agent, name):
    assert devices.name_of(agent) == name


def test_many_devices_cost_one_statement(people, service):
    """Telling a person with ten devices takes as many statements as telling one with one."""
    turn_on(people, service)
    number = facade.report(people.actor("claire"), {"title": "Till"})
    facade.act(people.actor("amira"), "comment", number, {"body": "One", "visibility": "public"})
    counted = []
    for more in (0, 8):
        for at in range(more):
            given = service.phone.gives(service.address(f"device-{at}"))
            own_devices.add_device(people.actor("claire"), given, mark=f"{at}" * 43, agent="")
        Notification.objects.all().delete()
        counted.append(_statements(lambda: announce(number, "reply")))
    assert counted[0] == counted[1]


def _statements(work):
    from quell.kernel.config import sql

    seen = []
    real = sql._run

    def counting(*args, **more):
        seen.append(args[0])
        return real(*args, **more)

    sql._run = counting
    try:
        work()
    finally:
        sql._run = real
    return len(seen)
