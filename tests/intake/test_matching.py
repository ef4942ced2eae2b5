"""Words find their topic, and can be explained."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.practices.intake.rules.matching import best, score
from quell.practices.intake.rules.texts import text_for

TOPICS = {1: ["print", "paper jam"], 2: ["vpn", "remote access"], 3: ["打印机", "密码"], 4: ["netværk"]}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("The printer on floor 2 is silent", 1),
        ("PRINTING fails", 1),
        ("Blueprint is missing", None),
        ("vpn drops", 2),
        ("Remote   access is slow", 2),
        ("二楼的打印机坏了", 3),
        ("Netværket er nede", 4),
        ("I cannot print over the VPN: paper jam", 1),
        ("Coffee is cold", None),
        ("", None),
    ],
)
def test_the_topic_of_a_text(text: str, topic: int | None) -> None:
    found = best(TOPICS, text)
    assert (found.topic if found else None) == topic


def test_how_surely() -> None:
    alone, torn = best(TOPICS, "vpn"), best({1: ["abc"], 2: ["xyz"]}, "abc xyz")
    assert alone is not None and alone.confidence == 1
    assert torn is not None and (torn.topic, torn.confidence) == (1, 0.5)


@given(st.lists(st.text(max_size=12), max_size=6), st.text(max_size=60))
def test_any_phrase_is_only_a_phrase(phrases: list[str], text: str) -> None:
    """Signs that mean something to a pattern mean themselves."""
    assert score(phrases, text) >= 0
    assert score([".*", "(", "[a"], "nothing of it") == 0


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("da", ("Hvor?", ["Her", "Der"])),
        ("en", ("Where?", ["Here", "There"])),
        ("zh-hant", ("哪里？", ["Here", "There"])),
        ("fr", ("Where?", ["Here", "There"])),
    ],
)
def test_the_readers_language(wanted: str, expected: tuple[str, list[str]]) -> None:
    texts = {
        "en": {"question": "Where?", "choices": ["Here", "There"]},
        "da": {"question": "Hvor?", "choices": ["Her", "Der"]},
        "zh-hans": {"question": "哪里？", "choices": []},
    }
    assert text_for(wanted, "en", texts) == expected
