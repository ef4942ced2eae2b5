"""Streams at the product's own server: everybody hears at once, who does not read delays nobody, and a stream ends
with its session."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from quell.kernel.live.hints import CHANNEL
from quell.kernel.people.models import Person, Role, RoleGrant
from quell.kernel.testing.cast import cast
from quell.practices.incidents import facade
from quell.project.live_streams import STREAMS_EACH
from quell.project.testing_database import another_copy

from .serving import Ear, Served, answer, serving

pytestmark = pytest.mark.slow
CROWD = 200


@pytest.fixture(scope="module")
def served(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Served]:
    """The product with two web processes."""
    with django_db_blocker.unblock(), another_copy("live"):
        with serving(cast(), 2) as found:
            yield found
        connections.close_all()


@pytest.fixture(scope="module")
def alone(served: Served) -> Iterator[Served]:
    """The same with a single web process, so that there is no second one to hide behind."""
    with serving(served.people, 1) as found:
        yield found


def report(served: Served, by: str = "claire") -> str:
    """By a process without streams: this one. It says so as the background worker does."""
    return facade.report(served.people.actor(by), {"title": "VPN drops"})


def heard(number: str) -> str:
    return f'"record":"{number}"'


def verbs(ear: Ear, number: str) -> list[str]:
    return [one["verb"] for one in ear.events("change") if one["record"] == number]


def opened(served: Served, name: str, count: int = 1) -> list[Ear]:
    ears = [Ear(served, served.session(name)) for _ in range(count)]
    for ear in ears:
        assert "retry: " in ear.listen(lambda text: "retry: " in text)
    time.sleep(0.3)  # the last of them is among the listeners
    return ears


def test_a_change_in_another_process_is_heard_in_all(served: Served) -> None:
    ears = opened(served, "amira", 8)
    number = report(served)
    for ear in ears:
        assert heard(number) in ear.listen(lambda text: heard(number) in text)
        assert ear.events("change")[-1]["verb"] == "open"
        ear.close()


def test_two_hundred_hear_and_twenty_who_never_read_delay_nobody(alone: Served) -> None:
    sessions = [alone.session_of(one) for one in crowd(alone, (CROWD + 20) // STREAMS_EACH + 1)]
    ears = [Ear(alone, sessions[at % len(sessions)]) for at in range(CROWD)]
    for ear in ears:
        ear.listen(lambda text: "retry: " in text)
    deaf = [Ear(alone, sessions[at % len(sessions)]) for at in range(20)]
    time.sleep(1.0)
    number = report(alone)
    begun = time.monotonic()
    late = [ear for ear in ears if heard(number) not in ear.listen(lambda text: heard(number) in text, 5)]
    assert time.monotonic() - begun < 5
    assert not late
    assert not any(ear.ended for ear in ears)
    (worker,) = alone.workers()
    status = Path(f"/proc/{worker}/status").read_text()
    print(f"web process with {CROWD + 20} streams:", next(line for line in status.splitlines() if "VmRSS" in line))
    assert answer(alone.port, "/readyz") == 200
    for ear in [*ears, *deaf]:
        ear.close()


def crowd(served: Served, size: int) -> list[Person]:
    """More agents of the company."""
    made = []
    for at in range(size):
        person = Person.objects.create_user(f"agent{at}@gungun.example", f"Agent {at}", served.people.gungun)
        RoleGrant.objects.create(person=person, role=Role.objects.get(code="agent"), organisation=served.people.gungun)
        made.append(person)
    return made


def test_one_person_keeps_so_many_streams(alone: Served) -> None:
    ears = opened(alone, "amira", STREAMS_EACH + 1)
    assert '{"reason":"again"}' in ears[0].listen(lambda text: "bye" in text)
    assert not ears[1].ended
    for ear in ears:
        ear.close()


def test_strangers_and_requesters_hear_what_is_theirs(served: Served) -> None:
    amira, claire, stella, paul = (opened(served, name)[0] for name in ("amira", "claire", "stella", "paul"))
    number = report(served)
    facade.act(served.people.actor("amira"), "comment", number, {"body": "hush", "visibility": "internal"})
    facade.act(served.people.actor("amira"), "comment", number, {"body": "Hello", "visibility": "public"})
    amira.listen(lambda text: '"verb":"reply"' in text)
    claire.listen(lambda text: '"verb":"reply"' in text)
    assert verbs(amira, number) == ["open", "note", "reply"]
    assert verbs(claire, number) == ["open", "reply"]
    for ear in (stella, paul):
        assert heard(number) not in ear.listen(lambda text: heard(number) in text, 0.5)
    assert "hush" not in amira.text + claire.text
    for ear in (amira, claire, stella, paul):
        ear.close()


def test_nothing_is_said_before_the_commit(served: Served) -> None:
    with psycopg.connect(**connection_of(), autocommit=True) as ear:
        ear.execute(f"LISTEN {CHANNEL}")
        with transaction.atomic():
            report(served)
            assert list(ear.notifies(timeout=0.3)) == []
        (said,) = list(ear.notifies(timeout=5, stop_after=1))
        assert said.payload == '{"j":1}'


def connection_of() -> dict[str, Any]:
    given = connections["default"].get_connection_params()
    return {name: given[name] for name in ("host", "port", "user", "password", "dbname") if given.get(name)}


def test_a_stream_ends_with_its_session(served: Served) -> None:
    session = served.new_session("mia")
    gone, stays = Ear(served, session), opened(served, "mia")[0]
    gone.listen(lambda text: "retry: " in text)
    SessionStore(session).delete()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, '{"r":1}'])  # as signing out says
    assert '{"reason":"over"}' in gone.listen(lambda text: "bye" in text, 8)
    gone.listen(lambda text: False, 2)
    assert gone.ended
    assert not stays.ended
    stays.close()


def test_a_right_taken_away_is_not_heard_any_more(served: Served) -> None:
    ear = opened(served, "raj")[0]
    first = report(served)
    assert heard(first) in ear.listen(lambda text: heard(first) in text)
    grant = RoleGrant.objects.get(person=served.people.raj)
    grant.delete()
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, '{"r":1}'])
    time.sleep(1.0)
    second = report(served)
    assert heard(second) not in ear.listen(lambda text: heard(second) in text, 0.7)
    RoleGrant.objects.create(
        person=served.people.raj, role=grant.role, organisation=grant.organisation, team=grant.team
    )
    ear.close()


def test_who_comes_back_is_told_what_was_missed(served: Served) -> None:
    ear = opened(served, "amira")[0]
    first = report(served)
    ear.listen(lambda text: heard(first) in text)
    last = ear.events("change")[-1]["id"]
    ear.close()
    second = report(served)
    again = Ear(served, served.session("amira"), headers=f"Last-Event-ID: {last}\r\n")
    assert heard(second) in again.listen(lambda text: heard(second) in text)
    again.close()


def test_streams_do_not_hold_up_a_stop(served: Served) -> None:
    with serving(served.people, 1) as short:
        ears = opened(short, "amira", 5)
        begun = time.monotonic()
        os.kill(short.process.pid, 15)
        short.process.wait(10)
        assert time.monotonic() - begun < 6
        for ear in ears:
            ear.close()
