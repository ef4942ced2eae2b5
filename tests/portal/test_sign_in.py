"""Signing in: the same answer for strangers and slips, limits that say when to try again, sessions that end."""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache
from django.test import Client

from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Organisation, Person
from quell.kernel.people.tree import create_organisation
from quell.kernel.ui.contact import DESK_HOURS, DESK_PHONE

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough word"


@pytest.fixture(autouse=True)
def _no_old_tries() -> None:
    cache.clear()


@pytest.fixture
def company() -> Organisation:
    return create_organisation("keel", "Keel Shipping")


@pytest.fixture
def claire(company: Organisation) -> Person:
    return Person.objects.create_user("claire@keel.example", "Claire Martin", company, password=PASSWORD)


def attempt(client: Client, email: str, password: str, **more: str) -> object:
    return client.post("/sign-in", {"login": email, "password": password, **more})


def test_the_page_names_its_fields_for_password_managers(client: Client) -> None:
    page = client.get("/sign-in").content.decode()
    assert 'autocomplete="username"' in page and 'autocomplete="current-password"' in page
    assert "sign-up" not in page.lower() and "signup" not in page.lower()


def test_right_words_open_the_door_and_renew_the_session(client: Client, claire: Person) -> None:
    client.get("/sign-in")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    answer = attempt(client, " Claire@Keel.example ", PASSWORD)
    assert answer.status_code == 302
    assert client.session.session_key != before
    assert Entry.objects.filter(verb="sign_in", subject="person", subject_id=claire.pk, actor=claire).count() == 1


def test_a_stranger_and_a_slip_read_the_same(client: Client, claire: Person) -> None:
    wrong = attempt(client, claire.email, "not it")
    unknown = attempt(client, "nobody@keel.example", "not it")
    assert wrong.status_code == unknown.status_code == 422
    neutral = [a.content.decode().replace("claire@", "x@").replace("nobody@", "x@") for a in (wrong, unknown)]
    strip = [page.split("<main")[1].split("csrfmiddlewaretoken")[0] for page in neutral]
    assert strip[0] == strip[1]
    assert "claire@keel.example" in wrong.content.decode()
    assert "not it" not in wrong.content.decode()


def test_a_deactivated_person_reads_the_same_sentence(client: Client, claire: Person) -> None:
    Person.objects.filter(pk=claire.pk).update(is_active=False)
    answer = attempt(client, claire.email, PASSWORD)
    assert answer.status_code == 422 and "do not match" in answer.content.decode()


def test_too_many_tries_say_when_to_come_back(client: Client, claire: Person) -> None:
    for _ in range(5):
        assert attempt(client, claire.email, "not it").status_code == 422
    refused = attempt(client, claire.email, PASSWORD)
    assert refused.status_code == 429
    assert 200 < int(refused["Retry-After"]) <= 301
    page = refused.content.decode()
    assert "Try again in 5 minutes." in page and claire.email in page


def test_another_host_name_does_not_start_the_count_anew(client: Client, claire: Person) -> None:
    for port in range(5):
        client.post("/sign-in", {"login": claire.email, "password": "no"}, headers={"host": f"localhost:{8000 + port}"})
    assert attempt(client, claire.email, PASSWORD).status_code == 429


def test_success_does_not_use_up_tries(client: Client, claire: Person) -> None:
    for _ in range(7):
        assert attempt(Client(), claire.email, PASSWORD).status_code == 302


def test_an_enormous_password_is_refused_without_hashing(client: Client, claire: Person) -> None:
    began = time.perf_counter()
    assert attempt(client, claire.email, "x" * 4_000_000).status_code == 422
    assert attempt(client, claire.email, "x" * 10_000_000).status_code in (400, 413)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/portal/requests?state=open", "/portal/requests?state=open"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/x\x00y", "/"),
    ],
)
def test_next_leads_nowhere_else(client: Client, claire: Person, wanted: str, target: str) -> None:
    answer = client.post("/sign-in?next=ignored", {"login": claire.email, "password": PASSWORD, "next": wanted})
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        assert answer["Location"] == target


@pytest.mark.parametrize("email", ["", "x" * 5000, "a\x00b@keel.example", "no address", "a@b@c"])
def test_odd_addresses_are_sent_back_with_a_sentence(client: Client, email: str) -> None:
    assert attempt(client, email, "whatever").status_code == 422


def test_without_the_token_nobody_is_signed_in(claire: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in", {"login": claire.email, "password": PASSWORD}).status_code == 403


def test_a_session_ends_with_the_person(client: Client, claire: Person) -> None:
    attempt(client, claire.email, PASSWORD)
    assert client.get("/profile").status_code == 200
    Person.objects.filter(pk=claire.pk).update(is_active=False)
    answer = client.get("/profile")
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in?next=")


def test_a_session_ends_after_twelve_hours(client: Client, claire: Person) -> None:
    attempt(client, claire.email, PASSWORD)
    assert 12 * 3600 - 60 < client.session.get_expiry_age() <= 12 * 3600


def test_signing_out_needs_a_post(client: Client, claire: Person) -> None:
    attempt(client, claire.email, PASSWORD)
    assert client.get("/sign-out").status_code == 200
    assert client.get("/profile").status_code == 200
    assert client.post("/sign-out").status_code == 302
    assert client.get("/profile").status_code == 302
    assert "You are signed out." in client.get("/sign-in").content.decode()


def test_the_number_to_call_stands_there_when_it_is_known(client: Client) -> None:
    assert "tel:" not in client.get("/sign-in").content.decode()
    DESK_PHONE.put("+45 12 34 43 57")
    DESK_HOURS.put("Mon–Fri 07–19")
    page = client.get("/sign-in").content.decode()
    assert 'href="tel:+4512344357"' in page and "Mon–Fri 07–19" in page


@pytest.mark.parametrize(
    "path", ["/accounts/signup/", "/accounts/login/", "/signup", "/accounts/email/", "/accounts/password/reset/"]
)
def test_the_librarys_own_pages_do_not_exist(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_only_desk_is_everybodys_desk(client: Client, company: Organisation) -> None:
    DESK_PHONE.put("+45 43 57", organisation_id=company.pk)
    assert 'href="tel:+454357"' in client.get("/sign-in").content.decode()
    other = create_organisation("other", "Other")
    DESK_PHONE.put("99", organisation_id=other.pk)
    assert "tel:" not in client.get("/sign-in").content.decode(), "of two nobody knows which is the visitor's"
    DESK_PHONE.put("4357")
    assert 'href="tel:4357"' in client.get("/sign-in").content.decode()


def test_where_nothing_is_found_the_desk_can_be_called(client: Client, claire: Person, company: Organisation) -> None:
    DESK_PHONE.put("4357", organisation_id=company.pk)
    assert "tel:4357" not in client.get("/nothing/here").content.decode()
    client.force_login(claire, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/portal/requests/INC-99999999")
    assert (answer.status_code, 'href="tel:4357"' in answer.content.decode()) == (404, True)
