"""A new password by mail: the same answer for everybody, a link that works once and ends, and no trace of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast
from quell.kernel.ui.jobs import send_password_link

from .conftest import Enter

pytestmark = pytest.mark.django_db
NEW = "a quite different one"


@pytest.fixture(autouse=True)
def _with_mail(settings: Any) -> Iterator[None]:
    settings.EMAIL_HOST = "mail.invalid"
    settings.PUBLIC_URL = "https://help.example"
    cache.clear()
    yield


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses for which a job was left."""
    addresses: list[str] = []
    monkeypatch.setattr(
        "quell.kernel.ui.password_reset.enqueue", lambda _task, *, queue, email: addresses.append(email)
    )
    return addresses


def link(person: Person) -> str:
    send_password_link(person.email)
    found = re.search(r"https://help\.example(/sign-in/new-password/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_the_answer_is_the_same_for_everybody(client: Client, people: Cast, asked: list[str]) -> None:
    pages = [client.post("/sign-in/forgot", {"email": e}) for e in (people.claire.email, "nobody@gungun.example")]
    assert [page.status_code for page in pages] == [200, 200]
    assert len({page.content.decode().split("<main")[1].split("</main>")[0] for page in pages}) == 1
    assert asked == [people.claire.email, "nobody@gungun.example"]


def test_only_active_people_get_a_mail(people: Cast) -> None:
    send_password_link("nobody@gungun.example")
    Person.objects.filter(pk=people.claire.pk).update(is_active=False)
    send_password_link(people.claire.email)
    assert mail.outbox == []


def test_the_link_works_once_and_ends_every_session(client: Client, people: Cast, enter: Enter) -> None:
    there, address = enter(people.claire), link(people.claire)
    page = client.get(address, follow=True)
    assert page.status_code == 200 and address.rsplit("/", 1)[1] not in page.content.decode()
    assert page.redirect_chain[-1][0].endswith("/set-password")
    assert client.post(page.redirect_chain[-1][0], {"new_password": NEW})["Location"] == "/sign-in"
    people.claire.refresh_from_db()
    assert people.claire.check_password(NEW)
    assert there.get("/profile").status_code == 302
    again = Client().get(address, follow=True).content.decode()
    assert "This link no longer works" in again


def test_a_weak_password_is_refused_with_the_reason(client: Client, people: Cast) -> None:
    there = client.get(link(people.claire), follow=True).redirect_chain[-1][0]
    for weak in ("", "short", "password123456", "1" * 5000):
        answer = client.post(there, {"new_password": weak})
        assert answer.status_code in (302, 422)
        if len(weak) < 20:
            assert answer.status_code == 422


def test_the_link_ends_within_the_hour(client: Client, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    address = link(people.claire)
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=26)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _self: later)
    assert "This link no longer works" in client.get(address, follow=True).content.decode()


@pytest.mark.parametrize("keys", ["MQ/x-y", "%00/%00", "x/set-password", "OTk5OTk5/abc-def", "..%2F/a"])
def test_made_up_links_do_not_work(client: Client, people: Cast, keys: str) -> None:
    answer = client.get(f"/sign-in/new-password/{keys}", follow=True)
    assert answer.status_code in (200, 404)
    assert "new_password" not in answer.content.decode()


def test_the_link_leads_to_our_own_address_whatever_the_request_said(
    client: Client, people: Cast, asked: list[str]
) -> None:
    client.post("/sign-in/forgot", {"email": people.claire.email}, headers={"host": "localhost:9"})
    assert link(people.claire).startswith("/sign-in/new-password/")


def test_asking_too_often_says_when_to_come_back(client: Client, people: Cast, asked: list[str]) -> None:
    for _ in range(3):
        client.post("/sign-in/forgot", {"email": people.claire.email})
    answer = client.post("/sign-in/forgot", {"email": people.claire.email})
    assert answer.status_code == 429 and "Try again in" in answer.content.decode() and len(asked) == 3


def test_without_a_mail_server_nothing_is_offered(client: Client, people: Cast, settings: Any) -> None:
    assert "/sign-in/forgot" in client.get("/sign-in").content.decode()
    settings.EMAIL_HOST = ""
    assert "/sign-in/forgot" not in client.get("/sign-in").content.decode()
    assert client.get("/sign-in/forgot").status_code == 404
