"""One's own keyboard: changed, refused where two would fight for a key, put back, switched off, and obeyed."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from quell.kernel.journal.models import Entry
from quell.kernel.people import keys
from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast, cast

PAGE = "/profile/keyboard"


@pytest.fixture
def folk(db: None) -> Cast:
    return cast()


def enter(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def field(key: str) -> str:
    """The name of a command's field."""
    return next(line.name for line in keys.lines("") if line.command.key == key)


def test_no_two_commands_come_with_one_key() -> None:
    assert len(set(keys.DEFAULTS)) == len(keys.DEFAULTS)
    assert keys.faults({}) == {}


@given(st.dictionaries(st.sampled_from(keys.DEFAULTS), st.sampled_from([*"abcdefghijqwy[].1", "Shift+a", "Shift+q"])))
def test_what_has_no_fault_is_kept_as_it_is_and_no_two_share_a_key(chosen: dict[str, str]) -> None:
    whole = {key: chosen.get(key, key) for key in keys.DEFAULTS}
    shared = len(set(whole.values())) < len(whole)
    assert bool(keys.faults(chosen)) is shared
    assert {line.command.key: line.key for line in keys.lines(keys.write(chosen))} == whole


@pytest.mark.parametrize(("typed", "own"), [("A", "a"), (" q ", "q"), ("shift + m", "Shift+m"), ("§", "§")])
def test_keys_are_read_as_people_type_them(typed: str, own: str) -> None:
    assert keys.tidy(typed) == own


@pytest.mark.parametrize("typed", ["", "ab", "Ctrl+a", "Shift+", "=", "+", "Shift+1", "a=b"])
def test_what_is_no_key_is_refused(typed: str) -> None:
    assert list(keys.faults({"a": keys.tidy(typed)})) == ["a"]


def test_a_key_is_changed_and_pages_know_it(folk: Cast) -> None:
    client = enter(folk.amira)
    assert client.post(PAGE, {field("a"): "q", "on": "on"}).status_code == 302
    folk.amira.refresh_from_db()
    assert folk.amira.keys == "a=q"
    page = client.get("/incidents/").content.decode()
    assert 'data-keys="a=q"' in page
    assert "<kbd>Q</kbd></dt><dd>Assign</dd>" in client.get("/shortcuts").content.decode()
    assert "data-keys" not in enter(folk.jonas).get("/incidents/").content.decode()
    assert Entry.objects.filter(subject="person", subject_id=folk.amira.pk, verb="edit").count() == 1


def test_two_for_one_key_are_refused_with_a_sentence_and_nothing_is_kept(folk: Cast) -> None:
    client = enter(folk.amira)
    answer = client.post(PAGE, {field("a"): "x", field("z"): "q", "on": "on"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "X is taken by “Select the row”. Choose another." in page
    folk.amira.refresh_from_db()
    assert folk.amira.keys == ""


def test_a_swap_is_no_conflict(folk: Cast) -> None:
    enter(folk.amira).post(PAGE, {field("a"): "i", field("i"): "a", "on": "on"})
    folk.amira.refresh_from_db()
    assert folk.amira.keys == "a=i i=a"


def test_back_to_how_it_came_and_off(folk: Cast) -> None:
    client = enter(folk.amira)
    client.post(PAGE, {field("a"): "q"})
    folk.amira.refresh_from_db()
    assert (folk.amira.keys, folk.amira.single_key_shortcuts) == ("a=q", False)
    assert client.cookies["shortcuts"].value == "off"
    client.post(PAGE, {"reset": "all", field("a"): "w"})
    folk.amira.refresh_from_db()
    assert (folk.amira.keys, folk.amira.single_key_shortcuts) == ("", True)
