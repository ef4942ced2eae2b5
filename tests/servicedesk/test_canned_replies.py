"""Canned replies: for whom, in which language, with which gaps, and never beyond their reader's rights."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext

from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Refusal, Stale
from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade as incidents
from quell.practices.servicedesk import facade

pytestmark = pytest.mark.django_db
TEXTS = {"en": "Dear {{ requester.first_name }}, {{ service }} works again.", "da": "Kære {{ requester.first_name }}"}


def make(people: Cast, who: str = "amira", **given: object) -> int:
    return facade.create_canned(people.actor(who), {"name": "Works again", "texts": TEXTS, **given})


@pytest.mark.parametrize(
    ("language", "text", "fallback"),
    [
        ("da", "Kære Claire", False),
        ("en", "Dear Claire, Mail works again.", False),
        ("zh-hans", "Dear Claire, Mail works again.", True),
        ("", "Dear Claire, Mail works again.", False),
    ],
)
def test_the_requesters_language_comes_first(
    people: Cast, number: str, language: str, text: str, fallback: bool
) -> None:
    Person.objects.filter(pk=people.claire.pk).update(language=language)
    spoken = facade.speak(people.actor("amira"), make(people), number)
    assert (spoken.text, spoken.fallback) == (text, fallback)


def test_what_is_missing_is_a_gap(people: Cast) -> None:
    number = incidents.report(people.actor("claire"), {"title": "No service here"})
    spoken = facade.speak(people.actor("amira"), make(people), number)
    assert spoken.gaps == ("service",) and "⟦service⟧" in spoken.text
    assert facade.gaps(spoken.text) == ("service",)


def test_each_use_is_counted(people: Cast, number: str) -> None:
    made = make(people)
    for _ in range(3):
        facade.speak(people.actor("amira"), made, number)
    facade.speak(people.actor("amira"), made, number, use=False)
    assert facade.canned(people.actor("amira"), made).uses == 3


@pytest.mark.parametrize(
    ("texts", "field", "words"),
    [
        ({}, "texts", "at least one language"),
        ({"en": "{{ requester.salary }}"}, "texts.en", "“requester.salary”"),
        ({"en": "ok", "xx": "no"}, "texts.xx", "zh-hans"),
        ({"en": "a\nb {{ number"}, "texts.en", "Line 2, column 3"),
        ({"en": " "}, "texts.en", ""),
    ],
)
def test_what_is_wrong_is_said_where(people: Cast, texts: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(people, texts=texts)
    assert refused.value.errors[0].field == field and words in refused.value.errors[0].message


def test_who_sees_which(people: Cast) -> None:
    own = make(people, "jonas")
    of_team = make(people, "mia", reach="team", team="network")
    of_all = make(people, "mia", reach="organisation")
    seen = {
        name: {row.id for row in facade.canned_replies(people.actor(name))}
        for name in ("jonas", "amira", "raj", "mia", "claire", "stella", "sam", "otto")
    }
    assert seen["jonas"] == {own, of_team, of_all}
    assert seen["amira"] == seen["raj"] == {of_all}
    assert seen["mia"] == {of_team, of_all}
    assert seen["claire"] == seen["stella"] == seen["sam"] == set()
    assert seen["otto"] == {of_all}


@pytest.mark.parametrize(
    ("who", "given", "refusal"),
    [
        ("jonas", {"reach": "team", "team": "network"}, Forbidden),
        ("jonas", {"reach": "organisation"}, Forbidden),
        ("mia", {"reach": "team"}, Invalid),
        ("mia", {"reach": "team", "team": "foreign"}, Invalid),
        ("mia", {"reach": "organisation", "organisation": "elsewhere"}, Invalid),
        ("claire", {}, Forbidden),
        ("otto", {}, Forbidden),
    ],
)
def test_who_may_make_which(people: Cast, who: str, given: dict[str, str], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        make(people, who, **given)


def test_changing_needs_the_right_before_and_after(people: Cast) -> None:
    of_all = make(people, "mia", reach="organisation")
    with pytest.raises(Forbidden):
        facade.edit_canned(people.actor("amira"), of_all, {"name": "Mine now"})
    own = make(people)
    with pytest.raises(Forbidden):
        facade.edit_canned(people.actor("amira"), own, {"reach": "organisation"})
    with pytest.raises(NotFound):
        facade.edit_canned(people.actor("mia"), own, {"name": "Not mine"})
    facade.edit_canned(people.actor("amira"), own, {"name": "Better", "folder": "Mail"}, version=1)
    with pytest.raises(Stale):
        facade.edit_canned(people.actor("amira"), own, {"name": "Late"}, version=1)
    shown = facade.canned(people.actor("amira"), own)
    assert (shown.name, shown.folder, shown.version, shown.may_edit) == ("Better", "Mail", 2, True)
    assert facade.canned(people.actor("amira"), of_all).may_edit is False


def test_the_trash_gives_back(people: Cast, number: str) -> None:
    amira, made = people.actor("amira"), make(people)
    facade.trash_canned(amira, made)
    assert facade.canned_replies(amira) == [] and [row.id for row in facade.canned_replies(amira, trashed=True)]
    with pytest.raises(NotFound):
        facade.speak(amira, made, number)
    with pytest.raises(Refusal):
        facade.edit_canned(amira, made, {"name": "x"})
    facade.restore_canned(amira, made)
    assert [row.id for row in facade.canned_replies(amira)] == [made]


def test_it_tells_nothing_of_records_out_of_sight(people: Cast, number: str) -> None:
    of_all = make(people, "mia", reach="organisation")
    incidents.act(people.actor("mia"), "assign", number, {"team": "network"})
    for who in ("raj", "stella", "claire"):
        with pytest.raises(Refusal):
            facade.speak(people.actor(who), of_all, number)


def test_searching_finds_in_name_folder_and_text_the_most_used_first(people: Cast, number: str) -> None:
    amira = people.actor("amira")
    first = make(people, name="Password reset", folder="Accounts", texts={"en": "Your new password"})
    second = make(people, name="Locked out", folder="Accounts", texts={"da": "Din adgangskode på ny"})
    facade.speak(amira, second, number)
    assert [row.id for row in facade.canned_replies(amira, "accounts")] == [second, first]
    assert [row.id for row in facade.canned_replies(amira, "adgangskode på")] == [second]
    assert [row.id for row in facade.canned_replies(amira, "reset pass")] == [first]
    assert facade.canned_replies(amira, "100% _nothing_") == []


def test_the_list_costs_the_same_for_many(people: Cast) -> None:
    from django.db import connection

    amira = people.actor("amira")
    counts = []
    for _ in range(2):
        for at in range(5):
            make(people, name=f"Text {at}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            facade.canned_replies(amira)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_a_text_being_written_shows_what_it_will_say(people: Cast, number: str) -> None:
    amira = people.actor("amira")
    assert facade.sample(amira, TEXTS, "en", number).text == "Dear Claire, Mail works again."
    assert facade.sample(amira, {"en": "{{ number }}"}, "en").text == "INC-001042"
    with pytest.raises(NotFound):
        facade.sample(people.actor("stella"), TEXTS, "en", number)
