"""Calling people by name: those who may read it hear of it, and nobody else."""

from __future__ import annotations

import pytest

from quell.kernel.journal.models import Entry
from quell.kernel.notify.announce import announce_entry
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import Person
from quell.kernel.records import mentions
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def number(people: Cast) -> str:
    made = facade.report(people.actor("claire"), {"title": "VPN drops"})
    facade.act(people.actor("mia"), "assign", made, {"team": "network"})
    return made


def say(people: Cast, number: str, who: str, body: str, visibility: str = "internal") -> dict[str, str]:
    """Reasons by name of those who hear of it."""
    facade.act(people.actor(who), "comment", number, {"body": body, "visibility": visibility})
    announce_entry(Entry.objects.filter(record__number=number).latest("id").pk)
    entry = Entry.objects.latest("id")
    return {one.person.name: one.reason for one in Notification.objects.filter(entry=entry).select_related("person")}


def test_who_is_called_hears_of_it(people: Cast, number: str) -> None:
    assert say(people, number, "mia", "@Jonas can you look, @amira@gungun.example?") == {
        "Jonas": "mentioned",
        "Amira": "mentioned",
    }


@pytest.mark.parametrize(
    "body", ["@Raj please", "@Stella please", "@Claire please", "jonas@gungun.example", "@ @@ @nobody"]
)
def test_a_note_calls_nobody_who_may_not_read_it(people: Cast, number: str, body: str) -> None:
    assert "mentioned" not in say(people, number, "mia", body).values()


def test_a_reply_may_call_its_requester_and_watchers(people: Cast, number: str) -> None:
    facade.act(people.actor("mia"), "watch", number, {"person": "paul@gungun.example"})
    told = say(people, number, "mia", "@Paul and @Claire, try again. @Sam too", "public")
    assert told["Paul"] == told["Claire"] == "mentioned" and "Sam" not in told


def test_requesters_call_nobody(people: Cast, number: str) -> None:
    assert "mentioned" not in say(people, number, "claire", "@Jonas help", "public").values()


def test_names_of_several_words_in_any_case(people: Cast, number: str) -> None:
    Person.objects.filter(pk=people.jonas.pk).update(name="Jonas von Berg")
    assert say(people, number, "mia", "see @jonas Von berg, thanks")["Jonas von Berg"] == "mentioned"


def test_the_inbox_says_so(people: Cast, number: str) -> None:
    from quell.kernel.notify import inbox

    say(people, number, "mia", "@Jonas look")
    lines, _next = inbox.page(people.jonas.pk)
    assert "mentioned you" in lines[0].sentence


def test_whom_one_is_offered(people: Cast, number: str) -> None:
    record = Record.objects.get(number=number)

    def names(who: str, text: str, *, internal: bool) -> list[str]:
        return [one["name"] for one in mentions.offered(people.actor(who), record, text, internal=internal)]

    assert names("mia", "jo", internal=True) == ["Jonas"]
    everybody = names("mia", "", internal=True)
    assert "Raj" not in everybody and "Claire" not in everybody and "Amira" in everybody
    assert "Claire" in names("mia", "cl", internal=False)
    assert names("claire", "jo", internal=False) == names("stella", "jo", internal=True) == []
    assert names("mia", "100%_", internal=True) == []
