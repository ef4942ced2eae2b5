"""The outbox for programs: what a page can do with a reply on its way, a program can."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from .conftest import ROOT, Caller, Company


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


def _enclose(caller: Caller, number: str, name: str = "log.txt", content: bytes = b"line one") -> Any:
    headers = {"Authorization": f"Bearer {caller.secret}"}
    file = SimpleUploadedFile(name, content, "application/octet-stream")
    return caller.client.post(f"{ROOT}/incidents/{number}/outbox/files", {"file": file}, headers=headers)


def test_a_reply_takes_its_files_along(company: Company) -> None:
    number = company.claire.post("/incidents", {"title": "VPN drops"}).json()["number"]
    made = _enclose(company.amira, number)
    assert made.status_code == 201, made.content
    file = made.json()
    assert made["Location"].endswith(f"/api/v1/outbox/files/{file['id']}")
    assert company.amira.get(f"/outbox/files/{file['id']}").json() == file
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    given = {"body": f"See {file['mark']}", "files": [file["id"]], "send_at": at}
    message = company.amira.post(f"/incidents/{number}/outbox", given).json()
    assert (message["files"], message["scheduled"]) == (["log.txt"], True)
    assert company.claire.get(f"/incidents/{number}/attachments").json()["items"] == []
    assert company.amira.get(f"/incidents/{number}/outbox/files").json()["items"] == []
    company.amira.post(f"/outbox/{message['id']}/send")
    (kept,) = company.claire.get(f"/incidents/{number}/attachments").json()["items"]
    assert (kept["name"], kept["visibility"], kept["sha256"]) == ("log.txt", "public", file["sha256"])
    reply = next(
        one for one in company.claire.get(f"/incidents/{number}/timeline").json()["items"] if one["verb"] == "reply"
    )
    assert f"/attachments/{kept['id']}" in reply["body"]
    assert company.amira.get(f"/outbox/files/{file['id']}").status_code == 404


def test_files_are_their_writers_alone(company: Company) -> None:
    number = company.claire.post("/incidents", {"title": "VPN drops"}).json()["number"]
    file = _enclose(company.amira, number).json()
    taken = company.mia.post(f"/incidents/{number}/outbox", {"body": "Mine", "files": [file["id"]]})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (422, "files")
    for name in ("mia", "claire", "stella"):
        caller = getattr(company, name)
        assert caller.get(f"/outbox/files/{file['id']}").status_code == 404
        assert caller.post(f"/outbox/files/{file['id']}/remove").status_code == 404
    assert _enclose(company.stella, number).status_code == 404
    assert _enclose(company.otto, number).status_code == 403
    assert company.amira.post(f"/outbox/files/{file['id']}/remove").json() == {"items": []}
    assert company.amira.post(f"/outbox/files/{file['id']}/remove").status_code == 404


def test_a_file_waits_with_one_message_only(company: Company) -> None:
    number = company.claire.post("/incidents", {"title": "VPN drops"}).json()["number"]
    file = _enclose(company.amira, number).json()
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    given = {"body": "First", "files": [file["id"]], "send_at": at}
    assert company.amira.post(f"/incidents/{number}/outbox", given).status_code == 201
    assert company.amira.post(f"/incidents/{number}/outbox", given).status_code == 422
    assert company.amira.post(f"/outbox/files/{file['id']}/remove").status_code == 404
