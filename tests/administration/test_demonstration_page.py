"""The demonstration goes by one button: for who may, with the word typed, and with the sentence when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from quell.kernel.access.actor import actor_for_person
from quell.kernel.actions.demonstration import TASK, leaving
from quell.kernel.people.models import Organisation, Person, Role, RoleGrant, Team
from quell.kernel.people.tree import create_organisation
from quell.kernel.records.models import Record
from quell.practices.incidents import facade
from quell.project.jobs import leave_for

pytestmark = pytest.mark.django_db
PAGE = "/admin/demonstration"


@pytest.fixture
def own(db: None) -> Person:
    """An administrator of one's own company, beside a demonstration with one person and one incident."""
    demo, mine = create_organisation("gungun", "Gungun Trading"), create_organisation("mine", "Mine")
    visitor = Person.objects.create_user("visitor@gungun.example", "Visitor", demo)
    person = Person.objects.create_user("own@mine.example", "Own", mine)
    RoleGrant.objects.create(person=person, role=Role.objects.get(code="administrator"))
    actor = actor_for_person(visitor.pk)
    assert actor is not None
    facade.report(actor, {"title": "Shown"})
    return person


def enter(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [TASK])
        return int(cursor.fetchone()[0])


def test_it_says_what_goes_and_goes(own: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    client = enter(own)
    assert PAGE in client.get("/admin/").content.decode()
    page = client.get(PAGE).content.decode()
    assert "1 person goes." in page and "1 record goes" in page
    assert client.post(PAGE, {"word": "Gungun"}).status_code == 302
    assert jobs() == 1 and leaving().state == "waiting"
    assert "hx-get" in client.get(f"{PAGE}/progress").content.decode()
    # Asked twice it goes once.
    assert client.post(PAGE, {"word": "gungun"}).status_code == 409 and jobs() == 1
    leave_for(own.pk)
    assert "There is no demonstration here" in client.get(f"{PAGE}/progress").content.decode()
    assert not Organisation.objects.filter(code="gungun").exists() and not Record.objects.exists()
    assert PAGE not in client.get("/admin/").content.decode()
    assert client.post(PAGE, {"word": "gungun"}).status_code == 404


def test_without_the_word_nothing_happens(own: Person) -> None:
    answer = enter(own).post(PAGE, {"word": "yes"})
    assert answer.status_code == 409 and "Type “gungun” to confirm." in answer.content.decode() and jobs() == 0


def test_somebody_of_the_demonstration_is_told_why_not(own: Person) -> None:
    noor = Person.objects.get(email="visitor@gungun.example")
    RoleGrant.objects.create(person=noor, role=Role.objects.get(code="administrator"))
    client = enter(noor)
    page = client.get(PAGE).content.decode()
    assert "Sign in as yourself first." in page and 'name="word"' not in page
    assert client.post(PAGE, {"word": "gungun"}).status_code == 409 and jobs() == 0


def test_what_leans_on_it_stops_it_before_anything_begins(own: Person) -> None:
    record = Record.objects.get()
    record.organisation = own.organisation
    home = Organisation.objects.get(code="gungun")
    record.team = Team.objects.create(code="demo-desk", name="Desk", organisation=home)
    record.save()
    answer = enter(own).post(PAGE, {"word": "gungun"})
    assert answer.status_code == 409 and record.number in answer.content.decode() and jobs() == 0
    assert Person.objects.filter(email="visitor@gungun.example").exists()


def test_only_for_who_manages_the_whole_instance(own: Person) -> None:
    RoleGrant.objects.filter(person=own).update(organisation=own.organisation)
    client = enter(own)
    for path in (PAGE, f"{PAGE}/progress"):
        assert client.get(path).status_code == 404
    assert client.post(PAGE, {"word": "gungun"}).status_code == 404 and jobs() == 0
