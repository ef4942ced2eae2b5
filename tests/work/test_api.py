"""Tasks, checklists, templates and time at the API's door."""

from __future__ import annotations

import pytest

from tests.api.conftest import Company, company  # noqa: F401 - the fixture is used by name


@pytest.fixture
def number(company: Company) -> str:  # noqa: F811
    return company.claire.post("/incidents", {"title": "VPN drops"}).json()["number"]


def test_tasks_from_adding_to_done(company, number):  # noqa: F811
    made = company.amira.post(f"/incidents/{number}/tasks", {"title": "Logs"}, Idempotency_Key="one")
    task = made.json()
    assert (made.status_code, task["parent"], task["state"]) == (201, number, "open")
    assert made.headers["Location"].endswith(f"/tasks/{task['number']}")
    again = company.amira.post(f"/incidents/{number}/tasks", {"title": "Logs"}, Idempotency_Key="one")
    assert again.json()["number"] == task["number"]
    assert (
        company.amira.patch(f"/tasks/{task['number']}", {"due_at": "2031-01-01T00:00:00Z"}, If_Match='"1"')
        .json()["due_at"]
        .startswith("2031-01-01T00:00:00")
    )
    assert company.amira.patch(f"/tasks/{task['number']}", {"title": "x"}, If_Match='"1"').status_code == 412
    line = company.amira.post(f"/tasks/{task['number']}/checklist", {"text": "Router", "required": True}).json()
    assert company.amira.post(f"/tasks/{task['number']}/complete").status_code == 409
    assert company.amira.post(f"/checklist-lines/{line['id']}/tick").json()["ticked_by"] == "amira@gungun.example"
    assert company.amira.post(f"/tasks/{task['number']}/complete").json()["state"] == "done"
    assert [t["number"] for t in company.amira.get(f"/incidents/{number}/tasks").json()["items"]] == [task["number"]]
    assert [t["number"] for t in company.amira.get("/tasks?state=done&assignee=@me").json()["items"]] == [
        task["number"]
    ]
    assert company.amira.get("/tasks?assignee=mia@gungun.example").status_code == 422
    assert company.amira.get(f"/tasks/{task['number']}/timeline").json()["items"][0]["verb"] == "open"
    verbs = {v["verb"]: v["allowed"] for v in company.amira.get(f"/tasks/{task['number']}/verbs").json()["items"]}
    assert verbs["reopen"]
    assert not verbs["complete"]


def test_a_task_is_unknown_to_the_requester_and_to_strangers(company, number):  # noqa: F811
    task = company.amira.post(f"/incidents/{number}/tasks", {"title": "Logs"}).json()["number"]
    for who in (company.claire, company.sam, company.stella):
        assert who.get(f"/tasks/{task}").status_code == 404
        assert who.get(f"/incidents/{number}/tasks").status_code == 404
        assert who.post(f"/tasks/{task}/complete").status_code == 404
        assert who.get("/tasks").json()["items"] == []


def test_templates_are_made_used_and_trashed(company, number):  # noqa: F811
    lines = [{"title": "Collect laptop"}, {"kind": "check", "title": "Badge"}]
    body = {"name": "Leaver", "organisation": "gungun", "lines": lines}
    assert company.amira.post("/task-templates", body).status_code == 403
    made = company.ann.post("/task-templates", body)
    template = made.json()
    assert made.status_code == 201
    assert company.ann.post("/task-templates", body).status_code == 409
    applied = company.amira.post(f"/incidents/{number}/tasks/from-template", {"template": template["id"]})
    assert [t["title"] for t in applied.json()["items"]] == ["Collect laptop"]
    assert [one["text"] for one in company.amira.get(f"/incidents/{number}/checklist").json()["items"]] == ["Badge"]
    assert company.ann.post(f"/task-templates/{template['id']}/trash").json()["trashed"]
    assert company.amira.get("/task-templates").json()["items"] == []
    assert company.ann.post(f"/task-templates/{template['id']}/restore").json()["trashed"] is False
    assert company.stella.get(f"/task-templates/{template['id']}").status_code == 404


def test_time_by_clock_and_by_hand(company, number):  # noqa: F811
    assert company.amira.get("/timer").json()["record"] is None
    started = company.amira.post("/timer/start", {"record": number}).json()
    assert (started["record"], started["stopped"]) == (number, None)
    stopped = company.amira.post("/timer/stop", {"seconds": 600}).json()
    assert stopped["duration_seconds"] == 600
    made = company.amira.post("/time-entries", {"record": number, "seconds": 300, "work_type": "talking"})
    assert made.status_code == 201
    entry = made.json()
    corrected = company.amira.patch(f"/time-entries/{entry['id']}", {"seconds": 240, "reason": "lunch"}).json()
    assert (corrected["duration_seconds"], corrected["corrections"][0]["reason"]) == (240, "lunch")
    assert company.amira.get(f"/incidents/{number}/time").json()["total_seconds"] == 840
    assert company.claire.get(f"/incidents/{number}/time").status_code == 404
    assert company.amira.get("/timesheet").json()["total_seconds"] == 840
    assert company.amira.get("/timesheet?week=2026-W99").status_code == 422
    assert [m["person"] for m in company.mia.get("/timesheet/team").json()["items"] if m["total_seconds"]] == [
        "amira@gungun.example"
    ]
    assert company.jonas.get("/time-entries?person=amira@gungun.example").status_code == 422
    assert len(company.mia.get("/time-entries?person=amira@gungun.example").json()["items"]) == 2
    removed = company.amira.post(f"/time-entries/{entry['id']}/remove", {"reason": "twice"}).json()
    assert removed["removed"]
    assert company.amira.post("/timer/stop").status_code == 409
