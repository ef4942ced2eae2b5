"""Reporting with answers, deciding what is asked, and both for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Stale
from quell.kernel.journal.models import Entry
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade as incidents
from quell.practices.incidents.models import Category
from quell.practices.intake import facade
from tests.api.conftest import Company

from .conftest import PAPER, WHICH


def ids(people: Cast, text: str = "printer") -> list[int]:
    return [one.id for one in facade.follow_up(people.actor("claire"), text).questions]


def answers(people: Cast, *given: str) -> list[dict[str, Any]]:
    return [{"question": one, "answer": said} for one, said in zip(ids(people), given, strict=False)]


def test_the_words_decide_what_is_asked(people: Cast, printers: int) -> None:
    found = facade.follow_up(people.actor("claire"), "My printer is silent")
    assert (found.category, found.confidence) == ("printers", 1)
    assert [(one.question, one.kind, one.required) for one in found.questions] == [
        ("Which printer?", "text", True), ("What happens?", "choice", False),
        ("Does it print for colleagues?", "yes_no", False),
    ]  # fmt: skip
    assert facade.follow_up(people.actor("claire"), "Coffee").questions == []
    with translation.override("da"):
        danish = facade.follow_up(people.actor("claire"), "printer").questions
        assert (danish[0].question, danish[1].choices) == ("Hvilken printer?", ["Ingenting", "Papirstop"])


def test_another_companys_topics_are_not_asked(people: Cast, printers: int) -> None:
    assert facade.follow_up(people.actor("sam"), "printer").category == "hardware/printer"  # everybody's


def test_answers_stand_in_the_description_and_as_data(people: Cast, printers: int) -> None:
    claire = people.actor("claire")
    with translation.override("da"):
        number = facade.report(
            claire,
            {"title": "Printer dead", "description": "Since noon", "answers": answers(people, "P7", "papirstop", "JA")},
            channel="portal",
        )
    row = incidents.ticket(people.actor("amira"), number)
    assert row["description"] == (
        "Since noon\n\nHvilken printer? P7\nHvad sker der? Papirstop\nDoes it print for colleagues? Ja"
    )
    assert (row["category"], row["channel"]) == ("printers", "portal")
    kept = facade.answers(people.actor("amira"), number)
    assert (kept["guess"], [one["value"] for one in kept["items"]]) == ("printers", ["P7", "Paper jam", "yes"])
    assert facade.answers(claire, number)["guess"] == ""
    with pytest.raises(NotFound):
        facade.answers(people.actor("sam"), number)


@pytest.mark.parametrize(
    ("given", "fault"),
    [((), "answers.0"), (("P7", "On fire"), "answers.1"), (("P7", "Nothing", "perhaps"), "answers.2")],
)
def test_a_missing_or_strange_answer_is_refused_and_nothing_is_made(
    people: Cast, printers: int, given: tuple[str, ...], fault: str
) -> None:
    before = Record.objects.count()
    with pytest.raises(Invalid) as refused:
        facade.report(people.actor("claire"), {"title": "Printer dead", "answers": answers(people, *given)})
    at = int(fault.rpartition(".")[2])
    assert [error.field for error in refused.value.errors] == [f"answers.{ids(people)[at]}"]
    assert Record.objects.count() == before


def test_a_report_about_nothing_known_is_just_a_report(people: Cast, printers: int) -> None:
    number = facade.report(people.actor("claire"), {"title": "Coffee is cold"})
    row = incidents.ticket(people.actor("claire"), number)
    assert (row["description"], row["category"]) == ("", None)
    assert facade.answers(people.actor("amira"), number)["items"] == []
    with pytest.raises(Invalid, match="not asked"):
        facade.report(people.actor("claire"), {"title": "Coffee", "answers": answers(people, "P7")})


@pytest.mark.parametrize("name", ["claire", "amira", "mia", "stella"])
def test_only_administrators_decide_what_is_asked(people: Cast, printers: int, name: str) -> None:
    with pytest.raises((Forbidden, NotFound)):
        facade.ask(people.actor(name), printers, {"words": ["coffee"]})


def test_everybodys_categories_are_asked_about_by_those_who_run_the_instance(people: Cast) -> None:
    shared = Category.objects.create(code="shared", path="shared", name="Shared")
    with pytest.raises(Forbidden):
        facade.ask(people.actor("ann"), shared.pk, {"words": ["coffee"]})
    facade.ask(people.actor("root"), shared.pk, {"words": ["  Coffee  machine ", "coffee machine"]})
    assert facade.asked_about(people.actor("claire"), shared.pk).words == ["coffee machine"]
    assert facade.follow_up(people.actor("sam"), "The coffee machine leaks").category == "shared"


@pytest.mark.parametrize(
    "questions",
    [
        [WHICH, WHICH, WHICH, WHICH],
        [{**PAPER, "choices": ["Only one"]}],
        [{**PAPER, "translations": {"da": {"question": "?", "choices": ["En"]}}}],
        [{**WHICH, "translations": {"xx": {"question": "?"}}}],
        [{"question": ""}],
        [{"question": "x", "kind": "script"}],
    ],
)
def test_what_cannot_be_asked_is_refused(people: Cast, printers: int, questions: list[Any]) -> None:
    before = facade.asked_about(people.actor("ann"), printers)
    with pytest.raises(Invalid):
        facade.ask(people.actor("ann"), printers, {"questions": questions})
    assert facade.asked_about(people.actor("ann"), printers) == before


def test_deciding_is_journalled_and_versioned(people: Cast, printers: int) -> None:
    ann = people.actor("ann")
    facade.ask(ann, printers, {"questions": []}, version=2)
    with pytest.raises(Stale):
        facade.ask(ann, printers, {"words": ["x1"]}, version=2)
    assert Entry.objects.filter(subject="intake", subject_id=printers, verb="ask").count() == 2


def test_programs_do_the_same(db: None) -> None:
    from quell.kernel.testing.cast import cast

    company = Company(cast())
    category = company.ann.post("/categories", {"code": "printers", "name": "Printers", "organisation": "gungun"})
    path = f"/categories/{category.json()['id']}/intake"
    kept = company.ann.patch(path, {"words": ["printer"], "questions": [WHICH]}, If_Match='"1"')
    assert (kept.status_code, kept.json()["version"]) == (200, 2)
    assert company.ann.patch(path, {"words": []}, If_Match='"1"').status_code == 412
    assert company.claire.patch(path, {"words": []}).status_code == 403
    assert company.sam.get(path).status_code == 404
    asked = company.claire.get("/intake?text=printer%20dead").json()
    assert asked["category"] == "printers"
    refused = company.claire.post("/intake", {"title": "Printer dead"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == f"answers.{asked['questions'][0]['id']}"
    said = [{"question": asked["questions"][0]["id"], "answer": "P7"}]
    made = company.claire.post("/intake", {"title": "Printer dead", "answers": said}, Idempotency_Key="one")
    again = company.claire.post("/intake", {"title": "Printer dead", "answers": said}, Idempotency_Key="one")
    assert (made.status_code, made.json()) == (201, again.json())
    number = made.json()["number"]
    assert company.amira.get(f"/incidents/{number}/answers").json()["items"][0]["answer"] == "P7"
    assert company.sam.get(f"/incidents/{number}/answers").status_code == 404
