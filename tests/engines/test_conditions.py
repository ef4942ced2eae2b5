"""Conditions over the facts of a record, in the language of queries."""

from __future__ import annotations

import pytest

from quell.engines.conditions import FIELDS, compiled, fields_of
from quell.engines.query.faults import QueryFault

ON_HOLD = {"state": "on_hold", "hold_reason": "requester", "priority": 2, "team": 7, "assignee": None, "major": False}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("state:on_hold", True),
        ("state:resolved,closed", False),
        ("state:on_hold hold_reason:requester", True),
        ("state:on_hold hold_reason:supplier or priority<=2", True),
        ("state:on_hold (hold_reason:supplier or priority>2)", False),
        ("not state:resolved", True),
        ("state!=resolved", True),
        ("assignee:none", True),
        ("owner:none", True),
        ("team:none", False),
        ("team!=none", True),
        ("team:network", True),
        ("team:desk", False),
        ("major:false", True),
        ("impact<3", False),
        ("said:reply_by_desk", False),
        ("", False),
    ],
)
def test_a_condition_holds_or_not(text: str, holds: bool) -> None:
    codes = {("team", "network"): 7, ("team", "desk"): 8}
    assert compiled(text, lambda field, code: codes[field, code])(ON_HOLD) is holds


def test_what_happens_holds_for_its_instant() -> None:
    said = compiled("said:reply_by_desk or verb:start")
    assert said({"said": "reply_by_desk"}) and said({"verb": "start"}) and not said({"verb": "hold"})


@pytest.mark.parametrize(
    ("text", "code"),
    [("printer", "words_in_condition"), ("statue:new", "unknown_field_near"), ("priority:9", "not_a_number")],
)
def test_what_is_no_condition_is_refused_with_its_place(text: str, code: str) -> None:
    with pytest.raises(QueryFault) as refused:
        compiled(f"state:new {text}")
    assert (refused.value.code, refused.value.at) == (code, 10 if code != "not_a_number" else 19)


def test_the_facts_a_condition_asks_about_are_known() -> None:
    assert fields_of("state:new -priority:1", "(team:none or category:mail)") == {
        "state",
        "priority",
        "team",
        "category",
    }
    assert {field.name for field in FIELDS.known} >= fields_of("said:note verb:open")
