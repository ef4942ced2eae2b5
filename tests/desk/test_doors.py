"""Who gets into the desk, and what those learn who do not."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade

from .conftest import HTMX, Enter

pytestmark = pytest.mark.django_db
PAGES = (
    "/",
    "/incidents/",
    "/incidents/new",
    "/incidents/filters",
    "/search",
    "/search?q=vpn",
    "/people/suggest?q=cla",
)


@pytest.mark.parametrize("path", PAGES)
def test_requesters_are_sent_to_their_portal(people: Cast, enter: Enter, path: str) -> None:
    answer = enter(people.claire).get(path)
    assert answer.status_code == 302 and answer["Location"] == "/portal/"


@pytest.mark.parametrize("path", [*PAGES, "/inbox", "/incidents/INC-000001"])
def test_visitors_sign_in_first(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in")


def test_a_partial_request_of_a_signed_out_browser_is_not_answered_with_a_page(db: None) -> None:
    assert Client().get("/incidents/INC-000001", headers=HTMX).status_code == 401


def test_a_requester_sees_the_portal_page_of_their_own(people: Cast, enter: Enter, number: str) -> None:
    answer = enter(people.claire).get(f"/incidents/{number}")
    assert answer.status_code == 302 and answer["Location"].endswith(number) and "/portal/" in answer["Location"]


@pytest.mark.parametrize("who", ["paul", "sam", "stella"])
def test_strangers_find_nothing(people: Cast, enter: Enter, number: str, who: str) -> None:
    client = enter(getattr(people, who))
    for path in ("", "/do/resolve", "/do/assign", "/edit/title"):
        answer = client.get(f"/incidents/{number}{path}")
        assert answer.status_code == 404 or answer["Location"].startswith("/portal/"), path
        assert b"VPN" not in answer.content


def test_an_agent_of_another_team_cannot_touch_it(people: Cast, enter: Enter, number: str) -> None:
    facade.act(people.actor("amira"), "assign", number, {"team": "network", "assignee": None})
    raj = enter(people.raj)
    assert raj.get(f"/incidents/{number}").status_code == 404
    for path in ("say", "draft", "do/take", "do/cancel", "edit/title"):
        assert raj.post(f"/incidents/{number}/{path}", {"body": "x", "visibility": "public"}).status_code == 404
    assert number not in raj.get("/incidents/").content.decode()


def test_an_auditor_reads_and_cannot_act(people: Cast, enter: Enter, number: str) -> None:
    otto = enter(people.otto)
    page = otto.get(f"/incidents/{number}").content.decode()
    assert "Only those who work on this incident can do this." in page and 'id="composer"' not in page
    assert otto.post(f"/incidents/{number}/do/take").status_code == 403


def test_suggestions_stay_within_reach(people: Cast, enter: Enter) -> None:
    assert "claire" in enter(people.amira).get("/people/suggest", {"q": "cla"}).content.decode()
    assert "sam" not in enter(people.amira).get("/people/suggest", {"q": "sam"}).content.decode()
    assert enter(people.amira).get("/people/suggest", {"q": "%"}).content.strip() == b""
    assert enter(people.amira).get("/people/suggest", {"q": "%%%"}).content.strip() == b""


def test_an_unknown_number_and_lower_case(people: Cast, amira: Client, number: str) -> None:
    assert amira.get("/incidents/INC-999999").status_code == 404
    answer = amira.get(f"/incidents/{number.lower()}")
    assert answer.status_code == 302 and answer["Location"] == f"/incidents/{number}"
