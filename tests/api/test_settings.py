"""Settings by the API: the same as on the page, for those who look after the place and for nobody else."""

from __future__ import annotations

import pytest

from quell.kernel.journal.models import Entry

from .conftest import Company

REOPEN = "incidents.reopen_window_days"


def test_a_setting_says_its_value_and_where_it_comes_from(company: Company) -> None:
    found = company.root.get("/settings?q=reopen").json()["items"]
    assert [(one["key"], one["value"], one["default"], one["source"]) for one in found] == [(REOPEN, 14, 14, "default")]
    answer = company.root("PUT", f"/settings/{REOPEN}", {"value": 30})
    assert (answer.status_code, answer.json()["source"], answer.json()["changed_by"]) == (200, "instance", "Root")
    answer = company.root("PUT", f"/settings/{REOPEN}?organisation=gungun", {"value": 7})
    assert (answer.json()["value"], answer.json()["source"]) == (7, "organisation")
    answer = company.root("PUT", f"/settings/{REOPEN}?organisation=gungun", {"value": None})
    assert (answer.json()["value"], answer.json()["source"]) == (30, "instance")
    assert Entry.objects.filter(subject="option").count() == 3


def test_the_same_value_again_leaves_no_second_line(company: Company) -> None:
    for _turn in range(2):
        company.root("PUT", f"/settings/{REOPEN}", {"value": 30})
    assert Entry.objects.filter(subject="option").count() == 1


@pytest.mark.parametrize("value", [-1, 366, "30", True, 1.5, [], {}])
def test_what_does_not_fit_is_refused(value: object, company: Company) -> None:
    assert company.root("PUT", f"/settings/{REOPEN}", {"value": value}).status_code == 422
    assert not Entry.objects.filter(subject="option").exists()


def test_an_unknown_setting_or_place(company: Company) -> None:
    assert company.root("PUT", "/settings/no.such", {"value": 1}).status_code == 404
    assert company.root("PUT", f"/settings/{REOPEN}?organisation=nowhere", {"value": 1}).status_code == 422


def test_only_for_who_looks_after_the_place(company: Company) -> None:
    for caller in (company.amira, company.claire):
        for place in ("", "?organisation=gungun"):
            assert caller.get(f"/settings{place}").status_code == 403
            assert caller("PUT", f"/settings/{REOPEN}{place}", {"value": 30}).status_code == 403
    assert not Entry.objects.filter(subject="option").exists()
