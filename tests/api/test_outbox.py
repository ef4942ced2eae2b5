"""The outbox for programs: what a page can do with a reply on its way, a program can."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from .conftest import Company


def _send(company: Company, **given: object) -> dict:
    number = company.claire.post("/incidents", {"title": "VPN drops"}).json()["number"]
    answer = company.amira.post(f"/incidents/{number}/outbox", {"body": "Try again.", **given})
    assert answer.status_code == 201, answer.content
    assert answer["Location"].endswith(f"/api/v1/outbox/{answer.json()['id']}")
    return {"number": number, **answer.json()}


def test_send_read_and_undo(company: Company) -> None:
    made = _send(company)
    assert (made["state"], made["scheduled"], made["author"]) == ("waiting", False, company.email("amira"))
    assert [one["id"] for one in company.amira.get("/outbox").json()["items"]] == [made["id"]]
    assert [one["id"] for one in company.mia.get(f"/incidents/{made['number']}/outbox").json()["items"]] == [made["id"]]
    assert company.claire.get(f"/incidents/{made['number']}/outbox").json()["items"] == []
    undone = company.amira.post(f"/outbox/{made['id']}/undo")
    assert undone.json()["state"] == "undone"
    again = company.amira.post(f"/outbox/{made['id']}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "already_undone")


def test_schedule_change_and_send(company: Company) -> None:
    at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    made = _send(company, send_at=at, then={"verb": "hold", "inputs": {"hold_reason": "requester"}})
    assert made["scheduled"] and made["then"] == "hold"
    path = f"/outbox/{made['id']}"
    assert company.amira.post(f"{path}/change", {"body": "Try it again."}).json()["body"] == "Try it again."
    assert company.amira.post(f"{path}/change", {}).status_code == 422
    assert company.mia.post(f"{path}/change", {"body": "x"}).status_code == 403
    assert company.amira.post(f"{path}/send").json()["state"] == "sent"
    timeline = company.claire.get(f"/incidents/{made['number']}/timeline").json()["items"]
    assert [one["body"] for one in timeline if one["verb"] == "reply"] == ["Try it again."]
    assert company.claire.get(f"/incidents/{made['number']}").json()["state"] == "on_hold"


def test_held_by_a_newer_word(company: Company) -> None:
    made = _send(company)
    number = made["number"]
    company.claire.post(f"/incidents/{number}/comment", {"body": "Wait", "visibility": "public"})
    refused = company.amira.post(f"/outbox/{made['id']}/send")
    assert (refused.status_code, refused.json()["code"]) == (409, "newer_message")
    assert company.amira.post(f"/outbox/{made['id']}/send", {"anyway": True}).status_code == 200


def test_nobody_else_learns_of_it(company: Company) -> None:
    made = _send(company)
    for name in ("stella", "sam", "paul", "claire"):
        for call in ("get", "post"):
            path = f"/outbox/{made['id']}" + ("" if call == "get" else "/undo")
            assert getattr(getattr(company, name), call)(path).status_code == 404
    assert company.stella.get("/outbox").json()["items"] == []
