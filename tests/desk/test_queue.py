"""The queue: its address says everything, and what cannot be read is said and kept."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade

from .conftest import HTMX, Report

pytestmark = pytest.mark.django_db


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_rows_carry_the_list_along(amira: Client, number: str) -> None:
    shown = page(amira, "/incidents/?state=open&sort=priority")
    assert f'href="/incidents/{number}?state=open&amp;sort=priority"' in shown and "VPN drops" in shown
    assert shown.count("<h1") == 1


def test_filters_narrow(people: Cast, amira: Client, report: Report) -> None:
    one, two = report(title="Printer"), report(title="Badge")
    facade.act(people.actor("amira"), "assign", one, {"assignee": people.amira.email, "team": "network"})
    for query, there in (
        ("assignee=@me", one), ("team=network", one), ("assignee=none", two), ("state=new", two), ("q=badge", two),
        ("state=assigned,in_progress", one), ("state=assigned&state=in_progress", one),
        (f"requester={people.claire.email}&assignee={people.amira.email}", one),
    ):  # fmt: skip
        shown = page(amira, f"/incidents/?{query}")
        assert there in shown and ({one, two} - {there}).pop() not in shown, query


def test_days_are_days_of_the_reader(amira: Client, number: str) -> None:
    assert number in page(amira, "/incidents/?opened_after=2020-01-01")
    assert number not in page(amira, "/incidents/?opened_before=2020-01-01")


@pytest.mark.parametrize(
    "query",
    ["state=lost", "priority=9", "team=nowhere", "requester=nobody@example.org", "opened_after=soon", "sort=colour",
     "cursor=xyz", "nonsense=1", "q=%00", "opened_after=2026-13-45", "opened_before=0001-01-01"],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_kept(amira: Client, number: str, query: str) -> None:
    shown = page(amira, f"/incidents/?{query}", status=422)
    assert "This list cannot be shown" in shown and 'name="assignee"' in shown
    if query.startswith("requester"):
        assert 'value="nobody@example.org"' in shown


def test_empty_fields_of_the_form_leave_the_address(amira: Client) -> None:
    answer = amira.get("/incidents/?q=&state=open&requester=")
    assert answer.status_code == 302 and answer["Location"] == "/incidents/?state=open"


def test_paging_goes_on_where_it_stopped(amira: Client, report: Report) -> None:
    numbers = {report(title=f"Number {n}") for n in range(5)}
    first = amira.get("/incidents/?sort=number&limit=3")
    cursor = first.context["page"].next_cursor
    second = page(amira, f"/incidents/?sort=number&limit=3&cursor={cursor}")
    shown = first.content.decode() + second
    assert all(f'value="{one}"' in shown for one in numbers) and "First page" in second


def test_an_empty_list_shows_a_way_out(amira: Client, number: str) -> None:
    shown = page(amira, "/incidents/?state=cancelled&team=network")
    assert "No incident matches this list" in shown
    assert "Without “Team: Network”" in shown and "?query=team%3Anetwork" in shown and "?query=state%3Acancelled" in shown


def test_an_empty_house_offers_the_first_step(amira: Client) -> None:
    assert 'href="/incidents/new"' in page(amira, "/incidents/")


def test_the_filter_form_is_a_page_and_a_fragment(amira: Client) -> None:
    whole = page(amira, "/incidents/filters?state=new")
    part = amira.get("/incidents/filters?state=new", headers=HTMX).content.decode()
    assert "<!doctype html>" in whole and "<!doctype" not in part and "checked" in part


def test_titles_are_escaped(amira: Client, report: Report) -> None:
    report(title='<script>alert("x")</script>')
    for path in ("/incidents/", "/", "/search?q=alert"):
        assert "<script>alert" not in page(amira, path)
