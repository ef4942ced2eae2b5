"""Tasks, time, merging and splitting on the desk's pages."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade
from quell.practices.tasks import facade as tasks
from quell.practices.worklog import facade as worklog

from .conftest import HTMX, Report

pytestmark = pytest.mark.django_db


def test_a_task_is_added_done_and_opened_again_on_the_tab(people: Cast, amira: Client, number: str) -> None:
    answer = amira.post(f"/incidents/{number}/tasks?tab=tasks", {"title": "Pull the logs"}, follow=True)
    assert answer.redirect_chain[0][0].endswith("?tab=tasks")
    page = answer.content.decode()
    assert "Pull the logs" in page
    assert "0/1" in page
    task = tasks.work(people.actor("amira"), number).tasks[0]["number"]
    for verb, state in (("complete", "done"), ("reopen", "open")):
        amira.post(f"/incidents/{number}/tasks/{task}/{verb}?tab=tasks")
        assert tasks.task(people.actor("amira"), task)["state"] == state
    amira.post(f"/incidents/{number}/tasks/{task}/skip?tab=tasks", {"reason": "not needed"})
    assert "not needed" in amira.get(f"/incidents/{number}?tab=tasks&open={task}").content.decode()


def test_a_task_is_edited_given_and_moved(people: Cast, amira: Client, number: str) -> None:
    actor = people.actor("amira")
    first, second = (tasks.add(actor, number, {"title": title}) for title in ("one", "two"))
    given = {
        "title": "two b",
        "assignee": "mia@gungun.example",
        "due_at": "2031-01-01T09:00",
        "team": "",
        "required": "1",
    }
    amira.post(f"/incidents/{number}/tasks/{second}/edit?tab=tasks", given)
    row = tasks.task(actor, second)
    assert (row["title"], row["assignee"], row["required"]) == ("two b", "mia@gungun.example", True)
    assert row["due_at"] is not None
    amira.post(f"/incidents/{number}/tasks/{second}/place?tab=tasks", {"position": "1"})
    assert [one["number"] for one in tasks.work(actor, number).tasks] == [second, first]
    assert amira.get(f"/tasks/{second}").headers["Location"] == f"/incidents/{number}?tab=tasks#{second}"


def test_the_inside_of_a_task_is_fetched_and_stays_open(people: Cast, amira: Client, number: str) -> None:
    task = tasks.add(people.actor("amira"), number, {"title": "one"})
    line = tasks.add_line(people.actor("amira"), task, {"text": "Router"})
    for headers in (HTMX, {}):
        shown = amira.get(f"/incidents/{number}/tasks/{task}/inside", headers=headers).content.decode()
        assert "Router" in shown
        assert f"/incidents/{number}/lines/{line}/tick?tab=tasks&amp;open={task}" in shown
    assert "Router" in amira.get(f"/incidents/{number}?tab=tasks&open={task}").content.decode()
    assert "Router" not in amira.get(f"/incidents/{number}?tab=tasks").content.decode()


def test_lines_are_added_and_ticked(people: Cast, amira: Client, number: str) -> None:
    amira.post(f"/incidents/{number}/tasks?tab=tasks", {"what": "line", "title": "Photo", "required": "1"})
    line = tasks.work(people.actor("amira"), number).lines[0]
    for verb, ticked in (("tick", True), ("untick", False)):
        amira.post(f"/incidents/{number}/lines/{line['id']}/{verb}?tab=tasks")
        assert bool(tasks.line(people.actor("amira"), line["id"])["ticked_at"]) is ticked
    assert "Photo" in amira.get(f"/incidents/{number}?tab=tasks").content.decode()
    amira.post(f"/incidents/{number}/lines/{line['id']}/remove?tab=tasks")
    assert tasks.work(people.actor("amira"), number).lines == []


def test_a_template_is_added_by_hand(people: Cast, amira: Client, number: str) -> None:
    lines = [{"title": "Collect laptop"}, {"kind": "check", "title": "Badge"}]
    made = tasks.create_template(people.actor("ann"), {"name": "Leaver", "organisation": "gungun", "lines": lines})
    assert "Leaver" in amira.get(f"/incidents/{number}?tab=tasks").content.decode()
    amira.post(f"/incidents/{number}/tasks?tab=tasks", {"what": "template", "template": str(made)})
    assert tasks.work(people.actor("amira"), number).all == 2


def test_a_refusal_says_why(people: Cast, amira: Client, number: str) -> None:
    answer = amira.post(f"/incidents/{number}/tasks?tab=tasks", {"title": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert "Say what is to be done." in answer.content.decode()


def test_the_clock_in_the_head(people: Cast, amira: Client, number: str, report: Report) -> None:
    other = report()
    amira.post(f"/incidents/{number}/time/start")
    assert "data-left" in amira.get(f"/incidents/{number}").content.decode()
    amira.post(f"/incidents/{other}/time/start")
    running = worklog.running(people.actor("amira"))
    assert running is not None
    assert running.number == other
    amira.post(f"/incidents/{other}/time/stop")
    assert worklog.running(people.actor("amira")) is None
    amira.post(f"/incidents/{number}/time", {"duration": "1:30", "work_type": "repair"})
    assert "1:3" in amira.get(f"/incidents/{number}").content.decode()
    wrong = amira.post(f"/incidents/{number}/time", {"duration": "soon", "work_type": "repair"}, headers=HTMX)
    assert wrong.status_code == 422


def test_my_week_by_page_and_as_a_table(people: Cast, amira: Client, number: str, enter) -> None:
    amira.post("/time", {"record": number, "duration": "45", "work_type": "talking", "note": "called"})
    page = amira.get("/time").content.decode()
    assert number in page
    assert "0:45" in page
    assert "called" in amira.get("/time.csv").content.decode()
    entry = worklog.page(people.actor("amira"))[0]["id"]
    amira.post(f"/time/{entry}/correct", {"duration": "0:30", "note": "called", "reason": "lunch"})
    assert worklog.entry(people.actor("amira"), entry)["seconds"] == 1800
    mia = enter(people.mia)
    assert "amira%40gungun.example" in mia.get("/time").content.decode()
    assert "0:30" in mia.get("/time?person=amira@gungun.example").content.decode()
    assert enter(people.jonas).get("/time?person=amira@gungun.example").status_code == 422
    amira.post(f"/time/{entry}/correct", {"remove": "1", "note": "", "reason": "twice"})
    assert worklog.entry(people.actor("amira"), entry)["removed"]


def test_merging_shows_what_will_be_and_can_be_undone(people: Cast, amira: Client, number: str, report: Report) -> None:
    other, third = report(), report()
    dialog = amira.get(f"/incidents/{number}/merge", headers=HTMX).content.decode()
    assert other in dialog
    assert third in dialog
    foreseen = amira.get(f"/incidents/{number}/merge/preview?numbers={other}&more={third}", headers=HTMX)
    assert "24 hours" in foreseen.content.decode()
    done = amira.post(f"/incidents/{number}/merge", {"numbers": [other, third]}, headers=HTMX).content.decode()
    assert "/unmerge?numbers=" in done
    assert number in amira.get(f"/incidents/{other}").content.decode()
    amira.post(f"/incidents/{number}/unmerge?numbers={other},{third}")
    assert facade.ticket(people.actor("amira"), other)["state"] == "new"
    assert amira.post(f"/incidents/{number}/merge", {}, headers=HTMX).status_code == 422
    unknown = amira.get(f"/incidents/{number}/merge/preview?numbers=INC-999999", headers=HTMX)
    assert "INC-999999" in unknown.content.decode()


def test_a_selection_merges_into_the_oldest(amira: Client, number: str, report: Report) -> None:
    other = report()
    answer = amira.get(f"/incidents/merge?selected={other}&selected={number}")
    assert answer.headers["Location"] == f"/incidents/{number}/merge?numbers={other}"


def test_messages_are_split_off(people: Cast, amira: Client, number: str) -> None:
    facade.act(people.actor("claire"), "comment", number, {"body": "And my chair.", "visibility": "public"})
    assert "And my chair." in amira.get(f"/incidents/{number}/split", headers=HTMX).content.decode()
    entry = next(
        e
        for e in facade.timeline(people.actor("amira"), facade.ticket(people.actor("amira"), number))
        if e["verb"] == "reply"
    )
    answer = amira.post(f"/incidents/{number}/split", {"entries": [entry["id"]], "title": "Chair", "inform": "1"})
    made = answer.headers["Location"].rsplit("/", 1)[-1]
    assert facade.ticket(people.actor("amira"), made)["title"] == "Chair"
    assert made in amira.get(f"/incidents/{number}").content.decode()
    assert amira.post(f"/incidents/{number}/split", {}, headers=HTMX).status_code == 422


def test_what_resembles_it_can_be_tied(people: Cast, amira: Client, number: str, report: Report) -> None:
    other = report()
    assert other in amira.get(f"/incidents/{number}/similar", headers=HTMX).content.decode()
    assert other in amira.get(f"/incidents/{number}/similar").content.decode()
    amira.post(f"/incidents/{number}/do/tie", {"to": other, "kind": "child_of"})
    assert facade.ticket(people.actor("amira"), number)["parent"] == other


@pytest.mark.parametrize("path", ["tasks", "merge", "split", "similar", "time", "unmerge"])
def test_requesters_are_sent_to_their_own_page(people: Cast, enter, number: str, path: str) -> None:
    claire = enter(people.claire)
    for answer in (claire.get(f"/incidents/{number}/{path}"), claire.post(f"/incidents/{number}/{path}")):
        assert answer.status_code in (302, 405)
    assert claire.get("/time").status_code == 302
