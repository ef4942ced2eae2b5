"""One's own preferences, password and tokens; nobody else's."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from quell.kernel.access.actor import actor_for_token
from quell.kernel.people.models import ApiToken, Person
from quell.kernel.testing.cast import Cast

from .conftest import Enter

pytestmark = pytest.mark.django_db
OLD, NEW = "the present password", "a quite different one"


@pytest.fixture(autouse=True)
def _no_old_tries() -> None:
    cache.clear()


@pytest.fixture
def claire(people: Cast) -> Person:
    people.claire.set_password(OLD)
    people.claire.save()
    return people.claire


def test_preferences_are_kept_and_obeyed(claire: Person, enter: Enter) -> None:
    client = enter(claire)
    chosen = {"language": "da", "timezone": "Europe/Copenhagen", "theme": "dark"}
    assert client.post("/profile", chosen).status_code == 302
    claire.refresh_from_db()
    assert (claire.language, claire.timezone, claire.theme) == ("da", "Europe/Copenhagen", "dark")
    assert claire.single_key_shortcuts is True, "who never sees a desk is not asked, and it stays as it is"
    page = client.get("/profile")
    assert page["Content-Language"] == "da" and 'data-theme="dark"' in page.content.decode()


@pytest.mark.parametrize(
    "odd", [{"language": "tlh"}, {"timezone": "Mars/Olympus"}, {"theme": "pink"}, {"timezone": "\x00"}]
)
def test_other_values_are_refused(claire: Person, enter: Enter, odd: dict[str, str]) -> None:
    sound = {"language": "en", "timezone": "auto", "theme": "auto"}
    assert enter(claire).post("/profile", {**sound, **odd}).status_code == 422


def test_nothing_else_of_a_person_can_be_changed_here(claire: Person, enter: Enter) -> None:
    auto = {"language": "auto", "timezone": "auto", "theme": "auto"}
    answer = enter(claire).post(
        "/profile", {**auto, "name": "Root", "email": "root@x.example", "is_active": "", "vip": "on"}
    )
    assert answer.status_code == 302
    claire.refresh_from_db()
    assert (claire.name, claire.email, claire.vip, claire.is_active) == ("Claire", "claire@gungun.example", False, True)


def test_a_new_password_ends_the_other_sessions(claire: Person, enter: Enter) -> None:
    here, there = enter(claire), enter(claire)
    assert here.post("/profile/password", {"old": OLD, "new": NEW}).status_code == 302
    assert here.get("/profile").status_code == 200
    assert there.get("/profile").status_code == 302
    assert Client().post("/sign-in", {"login": claire.email, "password": NEW}).status_code == 302


def test_a_wrong_or_weak_password_is_answered_beside_its_field(claire: Person, enter: Enter) -> None:
    client = enter(claire)
    wrong = client.post("/profile/password", {"old": "not it", "new": NEW})
    assert wrong.status_code == 422 and "not your present password" in wrong.content.decode()
    weak = client.post("/profile/password", {"old": OLD, "new": "short"})
    assert weak.status_code == 422 and OLD not in weak.content.decode()
    claire.refresh_from_db()
    assert claire.check_password(OLD)


def test_guessing_the_present_password_is_limited(claire: Person, enter: Enter) -> None:
    client = enter(claire)
    for _ in range(5):
        client.post("/profile/password", {"old": "not it", "new": NEW})
    answer = client.post("/profile/password", {"old": OLD, "new": NEW})
    assert answer.status_code == 429 and "Try again in" in answer.content.decode() and answer["Retry-After"]


def test_a_token_is_shown_once_and_can_be_revoked(claire: Person, enter: Enter) -> None:
    client = enter(claire)
    page = client.post("/profile/tokens", {"name": "my script", "days": "30", "read_only": "on"}).content.decode()
    secret = re.search(r">(quell_[\w-]+)<", page)
    assert secret
    actor = actor_for_token(secret[1])
    assert actor is not None and actor.person_id == claire.pk and actor.read_only
    later = client.get("/profile/tokens").content.decode()
    assert "my script" in later and secret[1] not in later
    assert client.post(f"/profile/tokens/{actor.token_id}/revoke").status_code == 302
    assert actor_for_token(secret[1]) is None
    assert "my script" not in client.get("/profile/tokens").content.decode()


def test_another_persons_token_does_not_exist(people: Cast, claire: Person, enter: Enter) -> None:
    enter(people.paul).post("/profile/tokens", {"name": "Paul’s", "days": "30"})
    token = ApiToken.objects.get()
    assert enter(claire).post(f"/profile/tokens/{token.pk}/revoke").status_code == 404
    assert "Paul’s" not in enter(claire).get("/profile/tokens").content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None


@pytest.mark.parametrize(
    "odd", [{"name": "", "days": "30"}, {"name": "x", "days": "9999"}, {"name": "x" * 500, "days": "30"}]
)
def test_odd_tokens_are_not_made(claire: Person, enter: Enter, odd: dict[str, str]) -> None:
    assert enter(claire).post("/profile/tokens", odd).status_code == 422
    assert not ApiToken.objects.exists()


def test_shortcuts_switched_off_stay_off_in_every_browser(people: Cast, enter: Enter) -> None:
    enter(people.amira).post("/profile", {"language": "auto", "timezone": "auto", "theme": "auto"})
    elsewhere = enter(people.amira).get("/profile").context
    assert elsewhere["shortcuts"] is False
