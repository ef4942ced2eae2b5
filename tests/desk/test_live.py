"""What an open page asks for when something changed: its rows, its ticket, its counters; and replies that are held."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from quell.kernel.config.refusal import WrongState
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade
from quell.workspaces.desk.collisions import ago

from .conftest import HTMX, Enter, Report


def test_only_the_rows_that_belong_to_the_list(people: Cast, amira: Client, report: Report) -> None:
    stays, leaves, other = report(), report(), report()
    facade.act(people.actor("amira"), "cancel", leaves, {"reason": "A mistake"})
    asked = {"state": "open", "number": [stays, leaves, "INC-999999", "nonsense"]}
    shown = amira.get("/incidents/fresh", asked).content.decode()
    assert re.findall(r'name="selected" value="([^"]+)"', shown) == [stays]
    assert other not in shown
    assert f"/incidents/{stays}?state=open" in shown  # the row leads where the list's own row does


@pytest.mark.parametrize(("look", "sign"), [({"layout": "board"}, 'data-card="{}"'), ({"beside": "1"}, 'id="q-{}"')])
def test_rows_are_drawn_as_the_page_draws_them(amira: Client, number: str, look: dict[str, str], sign: str) -> None:
    shown = amira.get("/incidents/fresh", {**look, "state": "open", "number": number}).content.decode()
    assert sign.format(number) in shown


def test_no_number_no_rows(amira: Client, number: str) -> None:
    assert number not in amira.get("/incidents/fresh", {"state": "open"}).content.decode()
    assert amira.get("/incidents/fresh", {"state": "sleepy", "number": number}).status_code == 422


def test_rows_of_others_stay_with_them(people: Cast, enter: Enter, report: Report) -> None:
    number = report()
    facade.act(people.actor("amira"), "assign", number, {"team": "network"})
    asked = {"state": "open", "number": number}
    assert number in enter(people.jonas).get("/incidents/fresh", asked).content.decode()
    assert number not in enter(people.raj).get("/incidents/fresh", asked).content.decode()
    assert number not in enter(people.stella).get("/incidents/fresh", asked).content.decode()
    assert enter(people.claire).get("/incidents/fresh", asked).status_code == 302


def test_a_ticket_is_refreshed_without_its_composer(people: Cast, amira: Client, number: str, enter: Enter) -> None:
    facade.act(people.actor("claire"), "comment", number, {"body": "At noon too", "visibility": "public"})
    shown = amira.get(f"/incidents/{number}/fresh", headers=HTMX).content.decode()
    assert "At noon too" in shown
    assert "<textarea" not in shown
    assert 'name="seen"' not in shown
    assert f'data-version="{Record.objects.get(number=number).version}"' in shown
    assert enter(people.stella).get(f"/incidents/{number}/fresh", headers=HTMX).status_code == 404


def test_counters_by_address(amira: Client, report: Report) -> None:
    report()
    found = amira.get("/live/counters").json()
    assert found["/incidents/?state=open&sort=priority"] == ["1", False]
    report()
    assert amira.get("/live/counters").json()["/incidents/?state=open&sort=priority"] == ["2", False]


def test_something_else_that_changed_is_no_collision(people: Cast, amira: Client, number: str) -> None:
    old = Record.objects.get(number=number).version
    facade.act(people.actor("mia"), "edit", number, {"title": "VPN drops at noon"})
    facade.act(people.actor("mia"), "comment", number, {"body": "hush", "visibility": "internal"})
    answer = amira.post(f"/incidents/{number}/edit/urgency", {"urgency": "1", "version": old}, headers=HTMX)
    assert answer.status_code == 200
    assert facade.ticket(people.actor("mia"), number)["urgency"] == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "just now"), (4, "just now"), (5, "5 s ago"), (99, "99 s ago"), (100, "1 min ago"), (3600, "60 min ago")],
)
def test_how_long_since(seconds: int, words: str) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert ago(now, now - timedelta(seconds=seconds)) == words


# A reply is held when somebody was faster


def newest(people: Cast, number: str) -> int:
    actor = people.actor("amira")
    return int(facade.timeline(actor, facade.ticket(actor, number))[-1]["id"])


def say(people: Cast, name: str, number: str, body: str, **more: object) -> None:
    facade.act(people.actor(name), "comment", number, {"body": body, "visibility": "public", **more})


def test_a_reply_to_what_one_has_not_read_is_refused(people: Cast, number: str) -> None:
    seen = newest(people, number)
    say(people, "amira", number, "First", if_last_seen=seen)
    say(people, "amira", number, "My own words hold nothing back", if_last_seen=seen)
    say(people, "claire", number, "At noon too")
    with pytest.raises(WrongState) as held:
        say(people, "mia", number, "Restart it", if_last_seen=seen)
    assert held.value.code == "newer_message"
    say(people, "mia", number, "Restart it", if_last_seen=newest(people, number))
    say(people, "claire", number, "Without the question, nothing is held")


def test_notes_hold_nothing_and_are_not_held(people: Cast, number: str) -> None:
    seen = newest(people, number)
    facade.act(people.actor("mia"), "comment", number, {"body": "hush", "visibility": "internal"})
    say(people, "amira", number, "Hello", if_last_seen=seen)
    given = {"body": "hush", "visibility": "internal", "if_last_seen": seen}
    facade.act(people.actor("mia"), "comment", number, given)


def test_the_composer_keeps_the_text_and_offers_to_send_anyway(people: Cast, amira: Client, number: str) -> None:
    seen = newest(people, number)
    say(people, "mia", number, "Is solved already")
    sent = {"visibility": "public", "body": "Restart it", "then": "hold", "seen": str(seen)}
    answer = amira.post(f"/incidents/{number}/say", sent, headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Mia has written meanwhile" in shown
    assert "Is solved already" in shown
    assert "Restart it</textarea>" in shown
    assert re.search(r'<button [^>]*name="then" value="hold"[^>]*>.{0,200}Send anyway', shown, re.S)
    now = re.search(r'name="seen" id="seen" value="(\d+)"', shown)
    assert now
    again = amira.post(f"/incidents/{number}/say", {**sent, "seen": now[1]}, headers=HTMX)
    assert again.status_code == 200
