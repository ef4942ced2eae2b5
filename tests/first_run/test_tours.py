"""Who is shown round, when, and when never again."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast
from quell.kernel.ui.tours import SHOW_ROUND, Mark
from quell.workspaces.desk.tour import ADMINISTRATOR, AGENT, LEAD
from quell.workspaces.portal.tour import REQUESTER

from .conftest import Door

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough word"
TOURS = {"claire": REQUESTER, "amira": AGENT, "mia": LEAD, "root": ADMINISTRATOR}
NOTE = 'id="tour"'


def entered(person: Person) -> Client:
    """By the sign-in page, as people come."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    client = Client()
    assert client.post("/sign-in", {"login": person.email, "password": PASSWORD}).status_code == 302
    return client


def home(client: Client, asked: str = "") -> str:
    return client.get(f"/{asked}", follow=True).content.decode()


@pytest.mark.parametrize("name", list(TOURS))
def test_everybody_is_shown_what_they_need_at_their_first_sign_in(name: str, folk: Cast) -> None:
    client = entered(getattr(folk, name))
    page = home(client)
    assert NOTE in page and "tour.js" in page
    assert page.count("data-mark=") == len(TOURS[name]) == 5
    assert str(TOURS[name][0].title) in page
    # It waits on the home page until it is closed, and stands nowhere else.
    assert NOTE in home(client)
    assert NOTE not in client.get("/inbox" if name != "claire" else "/portal/requests").content.decode()
    assert client.post("/tour/end").status_code == 302
    assert NOTE not in home(client)
    assert NOTE not in home(entered(getattr(folk, name)))


def test_it_comes_back_when_it_is_asked_for(folk: Cast, as_: Door) -> None:
    for name, at in (("amira", "/"), ("claire", "/portal/")):
        client = as_(name)
        page = client.get(at).content.decode()
        assert NOTE not in page and f'href="{at}?tour=again"' in page
        assert NOTE in client.get(f"{at}?tour=again").content.decode()
        assert NOTE not in client.get(f"{at}?tour=nonsense").content.decode()


def test_only_the_first_sign_in_counts(folk: Cast) -> None:
    client = Client()
    client.force_login(folk.amira, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert NOTE not in home(client)
    folk.amira.refresh_from_db()
    assert NOTE not in home(entered(folk.amira))


def test_an_administrator_can_turn_it_off(folk: Cast) -> None:
    SHOW_ROUND.put(False)
    assert NOTE not in home(entered(folk.amira))
    # The notes are still there for whoever asks.
    client = entered(folk.claire)
    assert NOTE in client.get("/portal/?tour=again").content.decode()


def test_nobody_ends_it_for_somebody_else(folk: Cast, as_: Door) -> None:
    client = entered(folk.amira)
    as_("claire").post("/tour/end")
    assert NOTE in home(client)
    assert Client().post("/tour/end").status_code == 302  # to the sign-in page
    assert NOTE in home(client)


def test_who_looks_with_other_eyes_sees_no_notes(folk: Cast, as_: Door) -> None:
    entered(folk.claire)
    client = as_("root")
    assert client.post(f"/admin/people/{folk.claire.pk}/view-as", {"reason": "She asked for help"}).status_code == 302
    page = client.get("/portal/").content.decode()
    assert "You look with the eyes of" in page and NOTE not in page


@pytest.mark.parametrize("tour", TOURS.values(), ids=TOURS)
def test_a_note_is_short_and_points_somewhere(tour: tuple[Mark, ...]) -> None:
    for mark in tour:
        assert 0 < len(str(mark.text)) <= 130 and len(str(mark.title)) <= 30
        assert mark.at and "|" not in "".join(mark.at)
