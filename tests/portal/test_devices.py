"""“On this device” on the page of notifications, and what signing in and out do to it."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.notify import push
from quell.kernel.notify.models import Device
from quell.kernel.testing.cast import Cast
from quell.kernel.ui import this_device
from tests.notify.phone import Phone

from .conftest import Enter

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def turn_on(browser: Client, name: str = "one") -> int:
    given = Phone().gives(f"https://updates.push.services.mozilla.com/wpush/v2/{name}")
    answer = browser.post("/profile/devices", given, headers={"User-Agent": "Firefox/150.0 Windows"})
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def test_the_page_offers_it_and_lists_it(people: Cast, enter: Enter) -> None:
    browser = enter(people.claire)
    page = browser.get("/profile/notifications").content.decode()
    assert f'data-push="{push.public_key()}"' in page and "data-here" not in page and "portal/push" in page
    turn_on(browser)
    page = browser.get("/profile/notifications").content.decode()
    assert "data-here" in page and "Firefox · Windows" in page and "This device" in page
    elsewhere = enter(people.claire).get("/profile/notifications").content.decode()
    assert "data-here" not in elsewhere and "Firefox · Windows" in elsewhere


def test_it_is_taken_away_without_a_script(people: Cast, enter: Enter) -> None:
    browser = enter(people.claire)
    number = turn_on(browser)
    answer = browser.post(f"/profile/devices/{number}/remove")
    assert answer.status_code == 302 and answer["Location"] == "/profile/notifications#devices"
    assert not Device.objects.exists()


def test_a_refusal_is_a_sentence(people: Cast, enter: Enter) -> None:
    answer = enter(people.claire).post("/profile/devices", Phone().gives("https://evil.example/"))
    assert answer.status_code == 422 and "push service" in answer.json()["sentence"]


def test_the_cookie_is_for_this_site_alone(people: Cast, enter: Enter) -> None:
    browser = enter(people.claire)
    turn_on(browser)
    cookie = browser.cookies[this_device.NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and len(cookie.value) == 43
    assert Device.objects.get().mark != cookie.value.encode()


def test_signing_out_ends_it_here_and_nowhere_else(people: Cast, enter: Enter) -> None:
    here, there = enter(people.claire), enter(people.claire)
    turn_on(here)
    kept = turn_on(there, "two")
    here.post("/sign-out")
    assert [device.pk for device in Device.objects.all()] == [kept]


def test_somebody_else_signs_in_here(people: Cast, enter: Enter) -> None:
    """Claire's session ran out without a sign-out; Paul takes the same computer."""
    people.paul.set_password(PASSWORD)
    people.paul.save(update_fields=["password"])
    browser = enter(people.claire)
    turn_on(browser)
    del browser.cookies[
        "sessionid" if "sessionid" in browser.cookies else next(k for k in browser.cookies if "session" in k)
    ]
    browser.post("/sign-in", {"login": people.paul.email, "password": PASSWORD})
    assert not Device.objects.exists()


def test_a_password_changed_here_keeps_it_here(people: Cast, enter: Enter) -> None:
    people.claire.set_password(PASSWORD)
    people.claire.save(update_fields=["password"])
    here, there = enter(people.claire), enter(people.claire)
    kept = turn_on(here)
    turn_on(there, "two")
    here.post("/profile/password", {"old": PASSWORD, "new": "another horse battery"})
    people.claire.refresh_from_db()
    stamp = people.claire.get_session_auth_hash()
    assert [device.pk for device in Device.objects.filter(stamp=stamp)] == [kept]


def test_who_is_signed_in_and_their_token(people: Cast, enter: Enter, client: Client) -> None:
    browser = enter(people.claire)
    browser.handler.enforce_csrf_checks = True
    said = browser.get("/profile/standing").json()
    assert said["user"] == str(people.claire.pk)
    given = Phone().gives("https://fcm.googleapis.com/fcm/send/abc")
    assert browser.post("/profile/devices", given).status_code == 403
    assert browser.post("/profile/devices", given, headers={"X-CSRFToken": said["csrf"]}).status_code == 201
    answer = client.get("/profile/standing")
    assert answer.status_code == 401 and answer.json() == {}


def test_a_visitor_turns_nothing_on(client: Client) -> None:
    assert client.post("/profile/devices", Phone().gives("https://fcm.googleapis.com/x")).status_code == 302
    assert not Device.objects.exists()
