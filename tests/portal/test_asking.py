"""Questions that follow the words, and what a requester asks of the desk on their own request."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from quell.kernel.records.models import Record, Reply
from quell.kernel.testing.cast import Cast
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents
from quell.practices.incidents.models import Category
from quell.practices.intake import facade as intake

from .conftest import Enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def which(people: Cast) -> int:
    """The id of the required question about printers."""
    category = Category.objects.create(organisation=people.gungun, code="printers", path="printers", name="Printers")
    questions = [{"question": "Which printer?", "required": True}, {"question": "Colour?", "kind": "yes_no"}]
    intake.ask(people.actor("ann"), category.pk, {"words": ["print"], "questions": questions})
    return intake.follow_up(people.actor("claire"), "printer").questions[0].id


def test_questions_appear_with_the_words_and_keep_their_answers(people: Cast, enter: Enter, which: int) -> None:
    client = enter(people.claire)
    assert b"Which printer?" not in client.get("/portal/report").content
    assert b"Which printer?" in client.get("/portal/report", {"title": "printer"}).content
    page = client.post("/portal/report/about", {"title": "Printer", f"answer-{which}": "P7"}).content.decode()
    assert "Which printer?" in page and 'value="P7"' in page and "2 more questions" in page
    coffee = client.post("/portal/report/about", {"title": "Coffee"}).content.decode()
    assert "question" not in coffee and "data-announce" not in coffee
    assert client.get("/portal/report/about").status_code == 405


def test_without_scripts_the_question_comes_with_the_refusal(people: Cast, enter: Enter, which: int) -> None:
    client = enter(people.claire)
    first = client.post("/portal/report", {"title": "Printer is silent"})
    page = first.content.decode()
    assert first.status_code == 422 and "Which printer?" in page and "Answer this one" in page
    assert 'value="Printer is silent"' in page and not Record.objects.exists()
    given = {"title": "Printer is silent", f"answer-{which}": "P7", f"answer-{which + 1}": "no", "place": "Lyon"}
    assert client.post("/portal/report", given).status_code == 302
    row = incidents.ticket(people.actor("amira"), Record.objects.get().number)
    assert row["description"] == "Which printer? P7\nColour? No\n\nWhere: Lyon"
    assert (row["category"], row["channel"]) == ("printers", "portal")


def test_an_answer_to_what_is_not_asked_is_left_out(people: Cast, enter: Enter, which: int) -> None:
    given = {"title": "Coffee is cold", f"answer-{which}": "P7"}
    assert enter(people.claire).post("/portal/report", given).status_code == 302
    assert Record.objects.get().description == ""


def test_a_reminder_a_day(people: Cast, enter: Enter, number: str) -> None:
    cache.clear()
    client = enter(people.claire)
    for _twice in range(2):
        client.post(f"/portal/requests/{number}/remind")
    assert list(Reply.objects.values_list("body", flat=True)) == ["Is there any news?"]
    assert enter(people.sam).post(f"/portal/requests/{number}/remind").status_code == 404


def test_call_me_back_says_the_number(people: Cast, enter: Enter, number: str) -> None:
    client = enter(people.claire)
    client.post(f"/portal/requests/{number}/call", {"phone": " 4711 "})
    client.post(f"/portal/requests/{number}/call", {"phone": ""})
    assert list(Reply.objects.values_list("body", flat=True)) == ["Call me back on 4711."]


def test_rating_on_the_page_of_the_request(people: Cast, enter: Enter, number: str) -> None:
    client, done = enter(people.claire), {"resolution_code": "fixed", "resolution": "Works."}
    assert b"How was our help?" not in client.get(f"/portal/requests/{number}").content
    incidents.act(people.actor("amira"), "resolve", number, done)
    assert b"How was our help?" not in client.get(f"/portal/requests/{number}").content
    client.post(f"/portal/requests/{number}/works")
    assert b"How was our help?" in client.get(f"/portal/requests/{number}").content
    client.post(f"/portal/requests/{number}/rate", {"stars": "5", "comment": "Thanks"})
    client.post(f"/portal/requests/{number}/rate", {"stars": "0"})
    assert [row["stars"] for row in communications.ratings(people.actor("mia"))] == [5]
    assert b"Thanks" not in enter(people.amira).get(f"/incidents/{number}").content


def test_the_next_step_is_named_at_every_stage(people: Cast, enter: Enter, number: str) -> None:
    client, amira = enter(people.claire), people.actor("amira")
    done = {"resolution_code": "fixed", "resolution": "Works."}
    steps = [
        (None, {}, "somebody of the desk begins"),
        ("start", {}, "you hear what was found"),
        ("hold", {"hold_reason": "requester"}, "you answer; then we go on at once"),
        ("resume", {}, "you hear what was found"),
        ("hold", {"hold_reason": "part"}, "we go on by ourselves"),
        ("resolve", done, "If we hear nothing, we close it"),
    ]
    for verb, data, words in steps:
        if verb:
            incidents.act(amira, verb, number, data)
        assert words in client.get(f"/portal/requests/{number}").content.decode(), verb
