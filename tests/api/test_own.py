"""What people keep for themselves, through the API: preferences and keyboard."""

from __future__ import annotations

import pytest

from quell.kernel.people.tokens import issue

from .conftest import Caller, Company


def test_preferences_change_one_by_one(company: Company) -> None:
    me = company.claire
    first = me.get("/me/preferences").json()
    assert set(first) == {"language", "timezone", "theme", "single_key_shortcuts", "version"}
    changed = me.patch("/me/preferences", {"language": "da"})
    assert (changed.status_code, changed.json()["language"], changed.json()["theme"]) == (200, "da", first["theme"])
    me.patch("/me/preferences", {"theme": "dark"})
    found = me.get("/me/preferences").json()
    assert (found["language"], found["theme"], found["single_key_shortcuts"]) == ("da", "dark", True)
    stale = me.patch("/me/preferences", {"theme": "light"}, If_Match='"1"')
    assert stale.status_code == 412
    assert me.patch("/me/preferences", {"theme": "pink"}).status_code == 422
    assert me.patch("/me/preferences", {"email": "x@y.dk"}).status_code == 422


def test_own_keys_and_back(company: Company) -> None:
    me = company.amira
    made = me.patch("/me/keyboard", {"keys": {"a": "Q", "m": "shift + x"}})
    assert made.status_code == 200, made.content
    assert made.json()["own"] == {"a": "q", "m": "Shift+x"}
    assert {"key": "q", "default": "a", "label": "Assign", "where": "On a ticket"} in made.json()["commands"]
    back = me.patch("/me/keyboard", {"keys": {"a": None}, "single_key_shortcuts": False}).json()
    assert (back["own"], back["single_key_shortcuts"]) == ({"m": "Shift+x"}, False)
    assert me.get("/me/keyboard").json() == back
    assert company.mia.get("/me/keyboard").json()["own"] == {}


@pytest.mark.parametrize(
    ("keys", "field"), [({"a": "r"}, "keys."), ({"a": "Enter"}, "keys.a"), ({"nonsense": "q"}, "keys.nonsense")]
)
def test_two_never_share_a_key(keys: dict[str, str], field: str, company: Company) -> None:
    answer = company.amira.patch("/me/keyboard", {"keys": keys})
    assert answer.status_code == 422
    assert all(error["field"].startswith(field) for error in answer.json()["errors"])
    assert company.amira.get("/me/keyboard").json()["own"] == {}


def test_a_reading_token_changes_nothing(company: Company) -> None:
    _token, secret = issue(company.cast.amira, "reads", read_only=True)
    reads = Caller(secret)
    assert reads.get("/me/keyboard").status_code == 200
    assert reads.patch("/me/keyboard", {"keys": {"a": "q"}}).status_code == 403
    assert reads.patch("/me/preferences", {"theme": "dark"}).status_code == 403
    assert Caller("").get("/me/keyboard").status_code == 401
