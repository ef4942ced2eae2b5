"""One verb to many: each by itself, refusals row by row, everything that matches."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade

from .conftest import HTMX, Enter, Report

pytestmark = pytest.mark.django_db


def states() -> list[str]:
    return list(Record.objects.order_by("pk").values_list("state", flat=True))


def test_the_question_then_the_doing(people: Cast, amira: Client, report: Report) -> None:
    numbers = [report(), report()]
    asked = amira.post("/incidents/bulk", {"verb": "assign", "selected": numbers, "query": "?state=open"})
    shown = asked.content.decode()
    assert (
        asked.status_code == 200
        and "Assign 2 incidents" in shown
        and set(Record.objects.values_list("assignee", flat=True)) == {None}
    )
    done = amira.post(
        "/incidents/bulk", {"verb": "assign", "selected": numbers, "apply": "1", "assignee": people.mia.email}
    )
    assert "2 incidents done" in done.content.decode()
    assert set(Record.objects.values_list("assignee", flat=True)) == {people.mia.pk}


def test_refusals_are_told_row_by_row(people: Cast, amira: Client, report: Report) -> None:
    good, gone = report(), report()
    facade.act(people.actor("amira"), "cancel", gone, {"reason": "Mistake"})
    data = {
        "verb": "resolve",
        "selected": [good, gone, "INC-999999"],
        "apply": "1",
        "resolution_code": "fixed",
        "resolution": "Done",
    }
    shown = amira.post("/incidents/bulk", data, headers=HTMX).content.decode()
    assert "1 incident done, 2 were refused" in shown and gone in shown and "INC-999999" in shown
    assert states() == ["resolved", "cancelled"]


def test_everything_that_matches(amira: Client, report: Report) -> None:
    for n in range(4):
        report(title=f"Printer {n}")
    other = report(title="Badge")
    data = {
        "verb": "cancel",
        "all_matching": "1",
        "selected": [other],
        "query": "?q=printer",
        "apply": "1",
        "reason": "One cause",
    }
    assert "4 incidents done" in amira.post("/incidents/bulk", data).content.decode()
    assert states() == ["cancelled"] * 4 + ["new"]


def test_taking_needs_no_question(people: Cast, amira: Client, report: Report) -> None:
    assert "1 incident done" in amira.post("/incidents/bulk", {"verb": "take", "selected": [report()]}).content.decode()
    assert Record.objects.get().assignee_id == people.amira.pk


def test_facts_of_many(amira: Client, report: Report) -> None:
    numbers = [report(), report()]
    data = {"verb": "edit", "selected": numbers, "apply": "1"}
    assert amira.post("/incidents/bulk", data).status_code == 422
    amira.post("/incidents/bulk", {**data, "impact": "1", "urgency": "1"})
    assert set(Record.objects.values_list("priority", flat=True)) == {1}


def test_faults_keep_the_selection_and_what_was_typed(amira: Client, report: Report) -> None:
    number = report()
    data = {"verb": "transfer", "selected": [number], "apply": "1", "team": "", "reason": "Kept reason"}
    answer = amira.post("/incidents/bulk", data)
    assert answer.status_code == 422 and "Kept reason" in answer.content.decode() and number in answer.content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"verb": "explode"}, {"verb": "take"}, {"verb": "take", "all_matching": "1", "query": "?state=lost"}]
)
def test_nothing_to_do_is_a_sentence(amira: Client, report: Report, data: dict[str, str]) -> None:
    report()
    assert amira.post("/incidents/bulk", data).status_code == 422


def test_others_incidents_stay_untouched(enter: Enter, people: Cast, report: Report) -> None:
    number = report()
    shown = enter(people.stella).post("/incidents/bulk", {"verb": "take", "selected": [number]}).content.decode()
    assert "was refused" in shown and "not yours to see" in shown and Record.objects.get().assignee_id is None
