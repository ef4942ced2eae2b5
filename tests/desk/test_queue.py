"""The queue: its address says everything, and what cannot be read is said and kept."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade
from quell.workspaces.desk import condition

from .conftest import HTMX, Enter, Report

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
    assert (
        "Without “Team: Network”" in shown and "?query=team%3Anetwork" in shown and "?query=state%3Acancelled" in shown
    )


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


def test_a_condition_is_edited_in_its_place(amira: Client, report: Report) -> None:
    report(title="Here")
    shown = page(amira, "/incidents/?state=open&priority=1,2")
    assert "Priority: P1, P2" in shown and "/incidents/condition?at=1&amp;list=" in shown
    part = amira.get(
        "/incidents/condition", {"at": "1", "list": "state=open&priority=1,2"}, headers=HTMX
    ).content.decode()
    assert part.count("checked") == 2 and "<!doctype" not in part
    went = amira.get(
        "/incidents/narrow", {"at": "1", "list": "state=open&priority=1,2", "field": "priority", "value": ["3", "4"]}
    )
    assert went["Location"] == "/incidents/?query=state%3Aopen+priority%3A3%2C4"
    gone = amira.get("/incidents/narrow", {"at": "1", "list": "state=open&priority=1,2", "field": "priority"})
    assert gone["Location"] == "/incidents/?query=state%3Aopen"
    added = amira.get("/incidents/narrow", {"list": "view=mine", "field": "opened", "operator": ">", "text": "-7d"})
    assert added["Location"] == "/incidents/?view=mine&query=state%3Aopen+assignee%3A%40me+opened%3E-7d"
    assert page(amira, added["Location"])


@pytest.mark.parametrize("field", condition.OFFERED)
def test_every_condition_has_its_editor(amira: Client, number: str, field: str) -> None:
    assert amira.get("/incidents/condition", {"field": field}).status_code == 200
    assert amira.get("/incidents/condition", {"field": field}, headers=HTMX).status_code == 200


def test_others_names_stand_in_no_editor(enter: Enter, people: Cast, number: str) -> None:
    stella = enter(people.stella)
    for field in condition.OFFERED:
        shown = stella.get("/incidents/condition", {"field": field}).content.decode()
        assert "service-desk" not in shown and "gungun" not in shown, field
    for text in ("team:", "assignee:", "service:", "requester:cl"):
        assert "gungun" not in stella.get("/incidents/complete", {"text": text}).content.decode()


def test_completion_knows_names(amira: Client) -> None:
    found = amira.get("/incidents/complete", {"text": "state:open team:net", "caret": "19"}).json()
    assert found == {"start": 16, "end": 19, "choices": [{"text": "network", "label": "Network"}]}
    assert amira.get("/incidents/complete", {"text": '"a', "caret": "x"}).json()["choices"] == []


def test_a_query_that_cannot_be_read_says_where(amira: Client, number: str) -> None:
    answer = amira.get("/incidents/?query=state:open+prio<2")
    assert answer.status_code == 422
    assert "At character 12: there is no field “prio”; did you mean “priority”?" in answer.content.decode()


def test_a_view_is_saved_shown_changed_put_away_and_taken_back(amira: Client, report: Report) -> None:
    report(title="Here")
    assert "Save as a view" in page(amira, "/incidents/?query=state:new")
    said = {"name": "Fresh", "query": "state:new", "reach": "personal", "pin": "on"}
    kept = amira.post("/views/new", {"list": "query=state:new&columns=number,title", **said})
    shown = page(amira, kept["Location"])
    key = kept["Location"].rpartition("=")[2]
    assert "<h1" in shown and "Fresh" in shown and "Requester" not in shown.split("<thead>")[1].split("</thead>")[0]
    changed = page(amira, f"/incidents/?view={key}&query=state:open")
    assert "Save “Fresh”" in changed
    amira.post(f"/views/{key}/keep", {"list": f"view={key}&query=state:open"})
    assert "Save “Fresh”" not in page(amira, f"/incidents/?view={key}")
    assert amira.post(f"/views/{key}", {"name": "", "query": "x"}).status_code == 422
    assert amira.post(f"/views/{key}", {"name": "Fresh", "query": "prio<2"}).status_code == 422
    amira.post(f"/views/{key}/trash")
    assert amira.get(f"/incidents/?view={key}").status_code == 200  # still there for who has the link
    assert "Take back" in page(amira, "/views") and "Fresh" not in page(amira, "/incidents/")
    amira.post(f"/views/{key}/restore")
    assert "Fresh" in page(amira, "/incidents/")


def test_arranging_by_buttons(amira: Client) -> None:
    amira.post("/views/arrange/home", {"put": "open"})
    amira.post("/views/arrange/home", {"up": "open"})
    amira.post("/views/arrange/home", {"drop": "unassigned"})
    shown = page(amira, "/")
    assert shown.index("My waiting") < shown.index('id="card-open"') < shown.index('id="card-my-resolved"')
    assert 'id="card-unassigned"' not in shown
    assert amira.post("/views/arrange/nowhere", {"put": "open"}).status_code == 404


def test_a_board_and_a_split(amira: Client, people: Cast, report: Report) -> None:
    first = report(title="On the board")
    shown = page(amira, "/incidents/?state=open&layout=board")
    assert f'data-card="{first}"' in shown and 'data-verb="start"' in shown
    assert amira.get("/incidents/?state=open&layout=split")["Location"].startswith(f"/incidents/{first}?")
    moved = amira.post(
        "/incidents/bulk", {"verb": "start", "selected": first, "query": "?layout=board", "from": "board"}
    )
    assert "1 incident done" in moved.content.decode()


def test_an_export_is_asked_for_and_fetched(amira: Client, enter: Enter, people: Cast, report: Report) -> None:
    from quell.practices.servicedesk.actions import export
    from quell.practices.servicedesk.models import Export

    report(title="Written")
    assert amira.post("/exports", {"list": "?query=written", "format": "csv"})["Location"] == "/exports"
    made = Export.objects.get()
    assert "<progress" in page(amira, "/exports")
    export.write(made.pk)
    assert f"/exports/{made.pk}/file" in page(amira, "/exports") and f"/exports/{made.pk}/file" in page(amira, "/inbox")
    answer = amira.get(f"/exports/{made.pk}/file")
    assert b"Written" in b"".join(answer.streaming_content) and answer["Content-Disposition"].startswith("attachment")
    assert enter(people.mia).get(f"/exports/{made.pk}/file").status_code == 404
    assert amira.post("/exports", {"list": "?query=prio<2", "format": "csv"}).status_code == 422


def test_columns_and_density_are_chosen(amira: Client, number: str) -> None:
    part = amira.get("/incidents/look", {"list": "view=mine&columns=title,number"}, headers=HTMX).content.decode()
    assert part.index('value="title"') < part.index('value="number"') < part.index('value="priority"')
    assert 'name="view" value="mine"' in part and "<!doctype" not in part
    assert "/exports" in page(amira, "/incidents/look?part=export&list=view%3Dmine")
    shown = page(amira, "/incidents/?columns=number&columns=service&density=compact")
    head = shown.split("<thead>")[1].split("</thead>")[0]
    assert head.index("Number") < head.index("Service") < head.index("Subject") and 'data-density="compact"' in shown
