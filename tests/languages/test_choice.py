"""Who is spoken to in which language: the person's choice, else this browser's, else what the browser asks for."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.people.tokens import issue
from quell.kernel.testing.cast import Cast, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def spoken(client: Client, address: str = "/sign-in", **headers: str) -> str:
    answer = client.get(address, headers=headers or None)
    assert f'<html lang="{answer["Content-Language"]}"' in answer.content.decode()
    return answer["Content-Language"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [("da-DK,da;q=0.9", "da"), ("zh-CN", "zh-hans"), ("zh-TW,zh;q=0.8", "zh-hant"), ("zh-HK", "zh-hant"), ("fr", "en")],
)
def test_a_visitor_is_spoken_to_as_the_browser_asks(asked: str, language: str) -> None:
    assert spoken(Client(), **{"Accept-Language": asked}) == language


def test_a_visitor_chooses_another_language_before_signing_in() -> None:
    client = Client(headers={"Accept-Language": "fr"})
    answer = client.post("/preferences", {"language": "zh-hant", "next": "/sign-in"})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in")
    assert spoken(client) == "zh-hant"
    assert "登入" in client.get("/sign-in").content.decode()
    client.post("/preferences", {"language": "klingon", "next": "/sign-in"})
    assert spoken(client) == "en"


def test_a_choice_in_the_menu_is_kept_in_the_profile_and_changes_nothing_else(people: Cast) -> None:
    people.claire.timezone, people.claire.theme = "Europe/Paris", "dark"
    people.claire.save()
    client = Client()
    client.force_login(people.claire)
    assert 'name="language" value="da" lang="da"' in client.get("/portal/").content.decode()
    client.post("/preferences", {"language": "da", "next": "/portal/"})
    people.claire.refresh_from_db()
    assert (people.claire.language, people.claire.timezone, people.claire.theme) == ("da", "Europe/Paris", "dark")
    elsewhere = Client(headers={"Accept-Language": "zh-CN"})
    elsewhere.force_login(people.claire)
    assert spoken(elsewhere, "/portal/") == "da"


def test_somebody_else_at_the_same_browser_keeps_their_own_language(people: Cast) -> None:
    people.claire.language = "zh-hans"
    people.claire.save()
    client = Client()
    client.post("/preferences", {"language": "da"})
    client.force_login(people.claire)
    assert spoken(client, "/portal/") == "zh-hans"


@pytest.mark.parametrize(
    ("own", "asked", "sentence"),
    [
        ("da", None, "Der er intet på denne adresse."),
        ("da", "zh-CN", "这个地址没有内容。"),
        ("", "zh-TW", "這個地址沒有內容。"),
        ("", None, "There is nothing at this address."),
    ],
)
def test_the_api_answers_in_the_language_asked_for_else_in_that_of_the_person(
    people: Cast, own: str, asked: str | None, sentence: str
) -> None:
    people.amira.language = own
    people.amira.save()
    _token, secret = issue(people.amira, "script")
    headers = {"Authorization": f"Bearer {secret}", **({"Accept-Language": asked} if asked else {})}
    answer = Client().get("/api/v1/incidents?nonsense=1", headers=headers)
    there_is_no = {
        "da": "Parameteren findes ikke her.",
        "zh-CN": "这里没有这个参数。",
        "zh-TW": "這裡沒有這個參數。",
    }
    said = there_is_no.get(asked or own or "", "There is no such parameter here.")
    assert said in answer.content.decode()
    nowhere = Client().get("/api/v1/nowhere", headers={"Accept-Language": asked or own or "en"})
    assert sentence in nowhere.content.decode()
