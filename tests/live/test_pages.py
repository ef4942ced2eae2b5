"""What pages ask: their stream's beginning, what they missed, and who looks at a record."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.test import Client
from django.utils import timezone

import quell.kernel.ui
from quell.kernel.config import sql
from quell.kernel.journal.models import Entry
from quell.kernel.live.changes import BACK_ENTRIES, MOST
from quell.kernel.live.marks import entry_of, mark
from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast
from quell.kernel.ui.live import LISTENERS
from quell.practices.incidents import facade

from .conftest import Report

Enter = Callable[[str], Client]


@pytest.fixture
def enter(people: Cast) -> Enter:
    """Somebody's browser."""

    def signed_in(name: str) -> Client:
        client = Client()
        person = getattr(people, name)
        assert isinstance(person, Person)
        client.force_login(person)
        return client

    return signed_in


def a_moment_ago() -> str:
    return str(int(time.time() * 1000) - 3000)


def told(client: Client, **asked: str) -> dict[str, Any]:
    answer = client.get("/live/changes", asked)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_without_a_server_that_keeps_streams_the_page_is_told_to_ask(enter: Enter) -> None:
    assert enter("amira").get("/live").status_code == 204


def test_visitors_hear_nothing(db: None) -> None:
    for address in ("/live", "/live/changes", "/live/people"):
        assert Client().get(address).status_code == 401
    assert Client().post("/live/here", {"record": "INC-000001"}).status_code == 401


def test_a_listener_is_left_for_the_server(enter: Enter, people: Cast, report: Report) -> None:
    number, amira, found = report(), enter("amira"), []
    answer = amira.get("/live", {"since": a_moment_ago()}, **{LISTENERS: found})
    assert answer["Content-Type"] == "text/event-stream"
    text = answer.content.decode()
    assert text.startswith("retry: ")
    assert f'"record":"{number}"' in text
    (listener,) = found
    assert listener.actor.email == people.amira.email
    assert listener.session == amira.session.session_key
    assert listener.stamp == people.amira.get_session_auth_hash()


def test_what_was_missed_after_the_last_event(enter: Enter, people: Cast, report: Report) -> None:
    amira, number = enter("amira"), report()
    last = told(amira, since=a_moment_ago())["last"]
    facade.act(people.actor("amira"), "comment", number, {"body": "hush", "visibility": "internal"})
    answer = amira.get("/live", headers={"Last-Event-ID": str(last)}, **{LISTENERS: []})
    assert b'"verb":"note"' in answer.content
    assert b"hush" not in answer.content


def test_an_agent_is_told_the_version_a_requester_is_not(enter: Enter, people: Cast, report: Report) -> None:
    number = report()
    facade.act(people.actor("amira"), "comment", number, {"body": "hush", "visibility": "internal"})
    facade.act(people.actor("amira"), "comment", number, {"body": "Hello", "visibility": "public"})
    by_amira = told(enter("amira"), since=a_moment_ago())["changes"]
    assert [(one["verb"], one["version"], one["public"]) for one in by_amira] == [
        ("open", 1, True), ("note", 2, False), ("reply", 3, True),
    ]  # fmt: skip
    by_claire = told(enter("claire"), since=a_moment_ago())["changes"]
    assert [one["verb"] for one in by_claire] == ["open", "reply"]
    assert all(set(one) == {"id", "record", "kind", "verb"} for one in by_claire)


def test_strangers_and_other_teams_are_told_nothing(enter: Enter, people: Cast, report: Report) -> None:
    number = report()
    facade.act(people.actor("amira"), "assign", number, {"team": "network"})
    for name in ("paul", "sam", "stella", "raj"):
        assert told(enter(name), since=a_moment_ago())["changes"] == []
    assert len(told(enter("jonas"), since=a_moment_ago())["changes"]) == 2


@pytest.mark.parametrize("words", [{}, {"after": "x"}, {"since": "tomorrow"}, {"after": "-1"}, {"since": "9" * 18}])
def test_odd_questions_get_an_answer(enter: Enter, report: Report, words: dict[str, str]) -> None:
    report()
    found = told(enter("amira"), **words)
    assert found["changes"] == []
    assert found["reload"] is ("after" in words)  # somebody who stopped at a place that is not there starts anew
    assert entry_of(found["last"]) > 0


def test_too_much_is_not_told_one_by_one(enter: Enter, report: Report, people: Cast) -> None:
    report()
    assert told(enter("amira"), after=mark(987_654_321))["reload"]
    assert told(enter("amira"), since="1000")["reload"]
    assert BACK_ENTRIES > 1000


def busy_elsewhere(people: Cast, entries: int) -> None:
    """A lot happens to records of the house that are nobody else's business."""
    number = facade.report(people.actor("raj"), {"title": "Import"})
    facade.act(people.actor("root"), "assign", number, {"team": "network"})
    kept = Entry.objects.filter(record__number=number).latest("id")
    for entry in (copies := [Entry(**values_of(kept)) for _ in range(entries)]):
        entry.at = timezone.now()
    Entry.objects.bulk_create(copies)


def values_of(entry: Entry) -> dict[str, Any]:
    """All of its columns but the number."""
    return {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields if field.name != "id"}


@pytest.mark.parametrize("name", ["paul", "claire", "stella", "sam"])
@pytest.mark.parametrize("asked", ["since", "after"])
def test_the_answer_is_the_same_however_busy_the_house_is(
    enter: Enter, people: Cast, report: Report, name: str, asked: str
) -> None:
    """No change of others, not how many there were, and not a number from which it could be worked out."""
    report()
    client, moment = enter(name), a_moment_ago()
    words = {"since": moment} if asked == "since" else {"after": told(client, since=moment)["last"]}
    quiet = told(client, **words)
    busy_elsewhere(people, max(BACK_ENTRIES, MOST) + 50)
    busy = told(client, **words)
    for answer in (quiet, busy):
        assert len(answer.pop("last")) == 32
        for change in answer["changes"]:
            assert len(change.pop("id")) == 32
    assert busy == quiet
    assert told(enter("root"), **words)["reload"] is True


def test_what_is_ones_own_is_not_missed_in_a_busy_house(enter: Enter, people: Cast, report: Report) -> None:
    number, moment = report(), a_moment_ago()
    facade.act(people.actor("amira"), "comment", number, {"body": "Hello", "visibility": "public"})
    busy_elsewhere(people, BACK_ENTRIES + 50)
    assert [one["verb"] for one in told(enter("claire"), since=moment)["changes"]] == ["open", "reply"]


def test_marks_say_nothing_and_cannot_be_made_up() -> None:
    assert entry_of(mark(12_345)) == 12_345
    assert mark(12_345) != mark(12_345)
    sealed = mark(7)
    for at in range(len(sealed)):
        other = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
        assert entry_of(other) == -1, other
    for text in ("7", "-1", "x", sealed[:-1], sealed + "A", sealed * 9, "æ" * 32, " " * 32, "\x00" * 32):
        assert entry_of(text) == -1
    assert entry_of("") == 0


# Presence


def say(client: Client, number: str, doing: str, page: str = "tab", field: str = "") -> Any:
    return client.post("/live/here", {"record": number, "doing": doing, "page": page, "field": field})


def test_two_agents_see_each_other(enter: Enter, people: Cast, report: Report) -> None:
    number, amira, mia = report(), enter("amira"), enter("mia")
    assert say(amira, number, "replying").json() == {number: []}  # nobody sees themselves
    (seen,) = say(mia, number, "viewing").json()[number]
    assert (seen["id"], seen["name"], seen["doing"]) == (people.amira.pk, "Amira", "replying")
    assert seen["words"] == "Amira is replying"
    found = mia.get("/live/people", {"record": [number, "INC-999999"]}).json()
    assert found == {number: [seen]}
    say(amira, number, "")
    assert mia.get("/live/people", {"record": number}).json() == {number: []}


def test_requesters_neither_show_nor_see_who_looks(enter: Enter, report: Report) -> None:
    number = report()
    say(enter("amira"), number, "viewing")
    claire = enter("claire")
    assert say(claire, number, "viewing").status_code == 404
    assert claire.get("/live/people", {"record": number}).json() == {}
    assert say(enter("stella"), number, "viewing").status_code == 404
    assert enter("mia").get("/live/people", {"record": number}).json()[number][0]["name"] == "Amira"


def test_what_nobody_does_counts_as_leaving(enter: Enter, report: Report) -> None:
    number, amira = report(), enter("amira")
    say(amira, number, "viewing")
    say(amira, number, "juggling")
    assert enter("mia").get("/live/people", {"record": number}).json() == {number: []}


def test_many_rows_cost_as_much_as_one(enter: Enter, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [report() for _ in range(6)]
    amira, mia = enter("amira"), enter("mia")
    for number in numbers:
        say(amira, number, "viewing", page=number)
    mia.get("/live/people")
    asked: list[str] = []
    run = sql._run
    monkeypatch.setattr(sql, "_run", lambda statement, *rest: asked.append(statement) or run(statement, *rest))  # type: ignore[func-returns-value]
    assert len(mia.get("/live/people", {"record": numbers[:1]}).json()) == 1
    for_one = len(asked)
    assert len(mia.get("/live/people", {"record": numbers}).json()) == 6
    assert len(asked) == 2 * for_one


def test_the_script_stays_small() -> None:
    """Only agents load it; as sent, it is about the size of the extension it is written instead of (ux.md 3.9), and
    counts down the time that is left."""
    script = Path(quell.kernel.ui.__file__).parent / "static" / "quell" / "live.js"
    assert len(brotli.compress(script.read_bytes(), quality=11)) <= 3400
    text = script.read_text()
    assert not any(word in text for word in ("eval(", "new Function", "innerHTML", "insertAdjacentHTML"))
