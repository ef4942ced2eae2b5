"""Incidents end to end through the API: report, read, list, change, verbs, history."""

from __future__ import annotations

from .conftest import Company


def test_report_and_read(company: Company) -> None:
    made = company.claire.post("/incidents", {"title": "Printer on fire", "impact": 2, "urgency": 2})
    assert made.status_code == 201, made.content
    shown = made.json()
    assert made["Location"].endswith(f"/api/v1/incidents/{shown['number']}")
    assert made["ETag"] == '"1"'
    assert shown["requester"] == company.email("claire")
    assert shown["state"] == "new"
    again = company.claire.get(f"/incidents/{shown['number']}")
    assert again.status_code == 200
    assert again.json() == shown


def test_list_and_verbs(company: Company) -> None:
    number = company.claire.post("/incidents", {"title": "No mail"}).json()["number"]
    done = company.amira.post(f"/incidents/{number}/assign", {"assignee": company.email("amira")})
    assert done.status_code == 200, done.content
    assert done.json()["state"] == "assigned"
    page = company.amira.get("/incidents?state=open&limit=5").json()
    assert [one["number"] for one in page["items"]] == [number]
    held = company.amira.post(f"/incidents/{number}/hold", {"hold_reason": "supplier"}, If_Match='"2"')
    assert held.status_code == 200, held.content
    stale = company.amira.post(f"/incidents/{number}/resume", {"version": 1})
    assert stale.status_code == 412
    assert stale.json()["version"] == 3
    edited = company.amira.patch(f"/incidents/{number}", {"title": "No mail at all"})
    assert edited.status_code == 200, edited.content
    resolved = company.amira.post(
        f"/incidents/{number}/resolve", {"resolution_code": "fixed", "resolution": "Restarted."}
    )
    assert resolved.json()["state"] == "resolved", resolved.content
    closed = company.claire("POST", f"/incidents/{number}/close")
    assert closed.json()["state"] == "closed", closed.content
    history = company.claire.get(f"/incidents/{number}/timeline").json()["items"]
    assert [entry["verb"] for entry in history][0] == "open"
    assert company.amira.get(f"/incidents/{number}/verbs").status_code == 200
