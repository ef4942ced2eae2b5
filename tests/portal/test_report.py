"""Reporting: one needed field, all or nothing, nothing typed is lost, and a second post changes nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quell.kernel.records.models import Attachment, Record
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade as incidents

from .conftest import Enter

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
WHOLE = {
    "title": "The VPN keeps dropping",
    "affected": "site",
    "severity": "stopped",
    "detail": "Since nine o’clock.",
    "place": "Lyon, 2nd floor",
    "phone": "4711",
}


def token(client: Client) -> str:
    page = client.get("/portal/report").content.decode()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def file(name: str = "screen.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def post(client: Client, **data: Any) -> Any:
    return client.post("/portal/report", {**WHOLE, **data})


def test_a_title_is_enough(people: Cast, enter: Enter) -> None:
    client = enter(people.claire)
    answer = client.post("/portal/report", {"title": "  The mouse is\tdead "})
    record = Record.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/portal/requests/{record.number}/reported"
    assert (record.title, record.requester, record.channel) == ("The mouse is dead", people.claire, "portal")
    page = client.get(answer["Location"]).content.decode()
    assert record.number in page and "What happens next" in page


def test_plain_answers_become_impact_and_urgency_and_facts_become_lines(people: Cast, enter: Enter) -> None:
    post(enter(people.claire), files=[file(), file("log.txt", b"one line")])
    row = incidents.ticket(people.actor("amira"), Record.objects.get().number)
    assert (row["impact"], row["urgency"]) == (2, 2)
    assert row["description"] == "Since nine o’clock.\n\nWhere: Lyon, 2nd floor\nPhone: 4711"
    assert sorted(Attachment.objects.values_list("name", "content_type", "public")) == [
        ("log.txt", "text/plain; charset=utf-8", True),
        ("screen.png", "image/png", True),
    ]


def test_priority_is_neither_asked_nor_shown(people: Cast, enter: Enter) -> None:
    page = enter(people.claire).get("/portal/report").content.decode().lower()
    for word in ("priority", "impact", "urgency"):
        assert word not in page


def test_nothing_said_gives_the_sentence_and_keeps_the_rest(people: Cast, enter: Enter) -> None:
    answer = post(enter(people.claire), title="   ")
    page = answer.content.decode()
    assert answer.status_code == 422 and "Tell us what is wrong" in page
    assert "Since nine o’clock." in page and "Lyon, 2nd floor" in page
    assert re.search(r'value="stopped"[^>]*checked', page) and not Record.objects.exists()


def test_a_file_of_30_mb_is_refused_with_a_sentence_and_everything_stays(people: Cast, enter: Enter) -> None:
    answer = post(enter(people.claire), files=[file("holiday.mp4", b"x" * 30_000_000), file()])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "holiday.mp4 is 29 MB; the limit is 25 MB. Share a link instead." in page
    for typed in ("The VPN keeps dropping", "Since nine o’clock.", "Lyon, 2nd floor", "4711"):
        assert typed in page
    assert not Record.objects.exists() and not Attachment.objects.exists()


def test_an_empty_file_is_refused_with_a_sentence(people: Cast, enter: Enter) -> None:
    answer = post(enter(people.claire), files=[SimpleUploadedFile("empty.log", b"")])
    assert answer.status_code == 422 and "empty.log is empty." in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "C:\\temp\\a.exe",
        "<img src=x onerror=alert(1)>.png",
        "a\x00b.png",
        "\u202egnp.exe",
        "x" * 400 + ".png",
    ],
)
def test_hostile_names_are_only_names(people: Cast, enter: Enter, name: str) -> None:
    client = enter(people.claire)
    upload = file()
    upload._name = name  # past the library's own cleaning: what a program could send
    answer = post(client, files=[upload])
    assert answer.status_code in (302, 422)
    for kept in Attachment.objects.values_list("name", flat=True):
        assert "/" not in kept and "\\" not in kept and "\x00" not in kept and "\u202e" not in kept and len(kept) <= 200
    if answer.status_code == 302:
        number = Record.objects.get().number
        assert "<img src=x" not in client.get(f"/portal/requests/{number}").content.decode()


@pytest.mark.parametrize(
    "odd",
    [
        {"title": "a\x00b"},
        {"title": "x" * 5000},
        {"title": "\ud83d\ude00 ok".encode("utf-16", "surrogatepass").decode("utf-16")},
        {"affected": "everybody"},
        {"severity": "-1"},
        {"detail": "y" * 200_000},
        {"phone": "1" * 500},
        {"token": "t" * 5000},
        {"unknown": "field"},
        {"title": "<script>alert(1)</script>"},
    ],
)
def test_odd_input_is_answered_in_words(people: Cast, enter: Enter, odd: dict[str, str]) -> None:
    client = enter(people.claire)
    answer = post(client, **odd)
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        assert "<script>alert" not in client.get(answer["Location"]).content.decode()


def test_a_second_post_shows_the_first_result(people: Cast, enter: Enter) -> None:
    client = enter(people.claire)
    one = token(client)
    first, second = post(client, token=one, files=[file()]), post(client, token=one, files=[file()])
    assert first["Location"] == second["Location"]
    assert Record.objects.count() == 1 and Attachment.objects.count() == 1


def test_the_same_form_with_other_words_is_another_report(people: Cast, enter: Enter) -> None:
    client = enter(people.claire)
    one = token(client)
    assert post(client, token=one)["Location"] != post(client, token=one, title="Something else")["Location"]


def test_anothers_token_gives_nothing_away(people: Cast, enter: Enter) -> None:
    one = token(enter(people.claire))
    post(enter(people.claire), token=one)
    post(enter(people.paul), token=one)
    assert set(Record.objects.values_list("requester", flat=True)) == {people.claire.pk, people.paul.pk}


def test_a_file_that_fails_leaves_no_report(people: Cast, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr("quell.workspaces.portal.sending.incidents.attach", broken)
    client = enter(people.claire)
    client.raise_request_exception = False
    one = token(client)
    assert post(client, token=one, files=[file()]).status_code == 500
    assert not Record.objects.exists()
    monkeypatch.undo()
    assert post(client, token=one, files=[file()]).status_code == 302


def test_without_the_token_of_the_page_nothing_is_sent(people: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.claire)
    assert strict.post("/portal/report", WHOLE).status_code == 403
    assert not Record.objects.exists()


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client: Client, people: Cast) -> None:
    answer = client.post("/portal/report", WHOLE)
    assert answer.status_code == 302 and answer["Location"] == "/sign-in?next=/portal/report"


def test_words_of_a_search_are_carried_into_the_form(people: Cast, enter: Enter) -> None:
    page = enter(people.claire).get("/portal/report", {"title": 'VPN "x" <b>'}).content.decode()
    assert 'value="VPN &#34;x&#34; &lt;b&gt;"' in page


def test_report_again_begins_with_the_old_words(people: Cast, enter: Enter, number: str) -> None:
    page = enter(people.claire).get("/portal/report", {"again": number}).content.decode()
    assert 'value="VPN drops"' in page and number in page
    assert enter(people.paul).get("/portal/report", {"again": number}).status_code == 404
