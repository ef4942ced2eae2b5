"""Canned replies, macros and reminders for programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from .conftest import Company


def _report(company: Company) -> str:
    return str(company.claire.post("/incidents", {"title": "VPN drops", "service": "mail"}).json()["number"])


def _canned(company: Company, who: str = "amira", **given: Any) -> dict[str, Any]:
    sent = {"name": "Works again", "texts": {"en": "Dear {{ requester.first_name }}"}, **given}
    answer = getattr(company, who).post("/canned-replies", sent)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def test_a_canned_reply_from_making_to_trash(company: Company) -> None:
    number, made = _report(company), _canned(company)
    path = f"/canned-replies/{made['id']}"
    assert (made["reach"], made["uses"], made["version"], made["may_edit"]) == ("personal", 0, 1, True)
    spoken = company.amira.post(f"{path}/fill", {"number": number}).json()
    assert (spoken["text"], spoken["language"], spoken["gaps"]) == ("Dear Claire", "en", [])
    changed = company.amira.patch(path, {"folder": "Mail"}, If_Match='"1"')
    assert changed.json()["folder"] == "Mail" and changed["ETag"] == '"2"'
    assert company.amira.patch(path, {"folder": "X"}, If_Match='"1"').status_code == 412
    assert company.amira.post(f"{path}/trash").json()["trashed_at"]
    assert company.amira.get("/canned-replies").json()["items"] == []
    assert len(company.amira.get("/canned-replies?trashed=true").json()["items"]) == 1
    assert company.amira.post(f"{path}/restore").json()["trashed_at"] is None


def test_what_is_wrong_names_the_place(company: Company) -> None:
    refused = company.amira.post("/canned-replies", {"name": "x", "texts": {"en": "a\n{{ salary }}"}})
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {"field": "texts.en", "message": "Line 2, column 1: there is no variable “salary”."}
    ]
    refused = company.amira.post("/macros", {"name": "x", "steps": [{"verb": "explode", "inputs": {}}]})
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "steps.0.verb"


def test_pages_of_a_list(company: Company) -> None:
    for at in range(3):
        _canned(company, name=f"Text {at}")
    first = company.amira.get("/canned-replies?limit=2").json()
    rest = company.amira.get(f"/canned-replies?limit=2&cursor={first['next_cursor']}").json()
    assert [one["name"] for one in first["items"] + rest["items"]] == ["Text 0", "Text 1", "Text 2"]
    assert rest["next_cursor"] is None
    assert company.amira.get(f"/macros?cursor={first['next_cursor']}").status_code == 422


def test_a_macro_is_shown_before_it_runs(company: Company) -> None:
    number = _report(company)
    steps = [
        {"verb": "assign", "inputs": {"assignee": "{{ agent.email }}"}},
        {"verb": "comment", "inputs": {"body": "Called {{ requester.name }}", "visibility": "internal"}},
    ]
    made = company.amira.post("/macros", {"name": "Called", "steps": steps})
    assert made.status_code == 201 and made.json()["steps"] == steps
    path = f"/macros/{made.json()['id']}"
    seen = company.amira.post(f"{path}/preview", {"number": number}).json()
    assert seen["refused"] is None and seen["sentences"][1] == "Internal note: “Called Claire”"
    assert company.claire.get(f"/incidents/{number}").json()["version"] == 1
    done = company.amira.post(f"{path}/run", {"numbers": [number, "INC-999999"]}).json()["items"]
    assert [(one["number"], one["ok"], one["code"]) for one in done] == [
        (number, True, None), ("INC-999999", False, "not_found")
    ]  # fmt: skip
    assert company.amira.get(f"/incidents/{number}").json()["assignee"] == company.email("amira")


def test_reminders_are_ones_own(company: Company) -> None:
    number = _report(company)
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    made = company.amira.post("/reminders", {"number": number, "at": at, "snooze": True, "text": "call back"})
    assert made.status_code == 201 and made.json()["due"] is False
    path = f"/reminders/{made.json()['id']}"
    assert [one["number"] for one in company.amira.get("/reminders").json()["items"]] == [number]
    assert company.mia.get("/reminders").json()["items"] == [] and company.mia.get(path).status_code == 404
    assert company.amira.post(f"{path}/put-off", {"text": "call them"}).json()["text"] == "call them"
    assert company.amira.post(f"{path}/done").json()["done_at"]
    assert company.amira.get("/reminders").json()["items"] == []
    assert company.amira.post(f"{path}/reopen").json()["done_at"] is None


def test_others_learn_nothing(company: Company) -> None:
    number = _report(company)
    canned = _canned(company, "mia", reach="organisation")
    for name in ("claire", "sam", "stella"):
        caller = getattr(company, name)
        assert caller.get(f"/canned-replies/{canned['id']}").status_code == 404
        assert caller.get("/canned-replies").json()["items"] == []
        assert caller.post(f"/canned-replies/{canned['id']}/fill", {"number": number}).status_code in (403, 404)
    assert company.amira.patch(f"/canned-replies/{canned['id']}", {"name": "x"}).status_code == 403
