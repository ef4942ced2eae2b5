"""Variables: a closed list, replaced once, with a gap where a value is missing and a place where a name is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.practices.servicedesk.rules.languages import choose
from quell.practices.servicedesk.rules.variables import NAMES, Fault, Filled, faults, fill, first_name, gaps


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Dear {{ requester.first_name }},", {"requester.first_name": "Claire"}, Filled("Dear Claire,", ())),
        ("{{number}}/{{  number }}", {"number": "INC-1"}, Filled("INC-1/INC-1", ())),
        ("About {{ service }}", {}, Filled("About ⟦service⟧", ("service",))),
        ("About {{ service }}", {"service": "  "}, Filled("About ⟦service⟧", ("service",))),
        ("{{ title }}", {"title": "{{ number }}", "number": "no"}, Filled("{{ number }}", ())),
        ("{{ os.system }}", {"os.system": "x"}, Filled("{{ os.system }}", ())),
        ("no variables { at } all", {}, Filled("no variables { at } all", ())),
    ],
)
def test_filling(text: str, values: dict[str, str], expected: Filled) -> None:
    assert fill(text, values) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ requester.name }}", []),
        ("Hello\n  {{ requester.salary }}", [Fault("requester.salary", 2, 3)]),
        ("{{ __class__ }} {{ number }}", [Fault("__class__", 1, 1)]),
        ("{% include x %} {{ }}", [Fault("", 1, 17)]),
        ("open {{ number", [Fault("{{", 1, 6)]),
        ("close number }}", [Fault("}}", 1, 14)]),
    ],
)
def test_faults_say_where(text: str, expected: list[Fault]) -> None:
    assert faults(text) == expected


@given(st.text(max_size=200), st.dictionaries(st.sampled_from(NAMES), st.text(max_size=20)))
def test_whatever_is_written_only_the_list_is_replaced(text: str, values: dict[str, str]) -> None:
    filled = fill(text, values)
    if "{{" not in text:
        assert filled == Filled(text, ())
    for name in filled.gaps:
        assert name in NAMES and f"⟦{name}⟧" in filled.text and name in gaps(filled.text)


def test_gaps_are_only_ours() -> None:
    assert gaps("⟦service⟧ ⟦x⟧ ⟦team⟧ ⟦service⟧") == ("service", "team")


@pytest.mark.parametrize(("name", "first"), [("Claire Martin", "Claire"), ("王小明", "王小明"), ("", "")])
def test_first_names(name: str, first: str) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    ("wanted", "others", "language", "fallback"),
    [
        ("da", (), "da", False),
        ("zh-hans", ("en",), "zh-hant", True),
        ("fr", ("en",), "en", True),
        ("fr", ("xx",), "da", True),
        ("", ("en",), "en", False),
    ],
)
def test_languages(wanted: str, others: tuple[str, ...], language: str, fallback: bool) -> None:
    found = choose({"en": "E", "da": "D", "zh-hant": "Z"}, wanted, *others)
    assert (found.language, found.fallback) == (language, fallback)
