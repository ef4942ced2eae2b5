"""The palette finds, goes and does; only what the person may see and do, and as cheaply for much as for little."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from quell.kernel.testing.cast import Cast
from quell.kernel.ui.palette import Entry, best, score, wish

from .conftest import HTMX, Enter, Report
from .test_counted import statements


def lines(client: Client, typed: str, page: str = "") -> list[str]:
    """The words of every line that is offered."""
    answer = client.get("/palette", {"q": typed}, headers={**HTMX, "HX-Current-URL": f"http://testserver{page}"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    found = re.findall(r'role="option".*?</(?:a|button)>', answer.content.decode(), re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", f"<{line}").split()) for line in found]


@pytest.mark.parametrize(
    ("typed", "label", "fits"),
    [
        ("inb", "Inbox", 4),
        ("work my", "My work", 3),
        ("box", "Inbox", 2),
        ("svct", "service types", 1),
        ("xyz", "Inbox", 0),
        ("", "Inbox", 1),
        ("SØREN", "søren sørensen", 4),
        ("moreau", "Claire Moréau", 3),
    ],
)
def test_words_fit_forgivingly(typed: str, label: str, fits: int) -> None:
    assert score(typed, label) == fits


@given(st.text(), st.text())
def test_whatever_is_typed_gives_a_rating(typed: str, label: str) -> None:
    assert 0 <= score(typed, label) <= 4


def test_the_best_comes_first_and_equals_stay_in_order() -> None:
    entries = [Entry("go", label, "/") for label in ("My inbox", "Inbox", "Nothing", "An inbox")]
    assert [entry.label for entry in best("inbox", entries)] == ["Inbox", "My inbox", "An inbox"]


def test_a_first_letter_narrows() -> None:
    assert (wish("@ claire", "").kind, wish("@ claire", "").text) == ("people", "claire")
    assert wish("claire", "").kind == ""
    assert wish(">\x00go", "").text == "go"


@pytest.mark.django_db
def test_it_finds_by_number_and_by_words(amira: Client, report: Report) -> None:
    number = report(title="Label printer prints blanks")
    assert any(number in line for line in lines(amira, number.lstrip("INC-0")))
    assert any(number in line for line in lines(amira, "#blanks"))
    assert not any(number in line for line in lines(amira, "@blanks"))


@pytest.mark.django_db
def test_it_does_what_this_record_allows(people: Cast, amira: Client, number: str) -> None:
    page = f"/incidents/{number}"
    assert any(line.startswith("Assign to me") for line in lines(amira, ">", page))
    assert any(line.startswith("Resolve…") for line in lines(amira, ">resol", page))
    assert not any(line.startswith("Reopen…") for line in lines(amira, ">reop", page))
    assert lines(amira, ">resol", "/incidents/") == []
    assert lines(amira, ">resol", "/incidents/INC-999999") == []


@pytest.mark.django_db
def test_what_others_may_not_see_is_not_found(people: Cast, enter: Enter, number: str) -> None:
    stranger = enter(people.stella)
    assert lines(stranger, f"#{number}") == []
    assert lines(stranger, ">resol", f"/incidents/{number}") == []
    assert not any("Claire" in line for line in lines(stranger, "@claire"))
    assert lines(enter(people.claire), "inbox") == []
    assert Client().get("/palette?q=vpn").status_code == 302


@pytest.mark.django_db
def test_what_people_wrote_is_escaped(amira: Client, report: Report) -> None:
    report(title="<b>vpn</b> & more")
    page = amira.get("/palette", {"q": "vpn"}, headers=HTMX).content.decode()
    assert "&lt;b&gt;vpn&lt;/b&gt; &amp; more" in page
    assert "<b>vpn" not in page


@pytest.mark.django_db
def test_much_costs_as_little_as_one(monkeypatch: pytest.MonkeyPatch, amira: Client, report: Report) -> None:
    report(title="VPN one")
    first = statements(monkeypatch, amira, "/palette?q=vpn")
    for place in range(30):
        report(title=f"VPN {place}")
    assert statements(monkeypatch, amira, "/palette?q=vpn") == first <= 12
