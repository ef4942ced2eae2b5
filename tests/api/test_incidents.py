"""Incidents end to end through the API: report, read, list, change, verbs, links, watchers, history."""

from __future__ import annotations

import re
from typing import Any

import pytest
from psycopg import Cursor

from quell.kernel.journal.models import Entry
from quell.kernel.records.models import Record

from .conftest import Company

CONTRACT = [
    "number", "version", "url", "title", "description", "organisation", "state", "state_category", "impact", "urgency",
    "priority", "priority_reasons", "requester", "owner", "assignee", "team", "service", "items", "channel", "category",
    "opened_at", "responded_at", "resolved_at", "closed_at", "resolution", "transfer_count", "reopen_count", "major",
]  # fmt: skip
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture
def number(company: Company) -> str:
    """An incident of Claire's."""
    made: str = company.claire.post("/incidents", {"title": "No mail", "service": "mail"}).json()["number"]
    return made


def fields(response: Any) -> list[str]:
    """The fields a refusal names."""
    assert response.status_code == 422, response.content
    return [error["field"] for error in response.json()["errors"]]


def test_report_and_read(company: Company) -> None:
    made = company.claire.post("/incidents", {"title": " Printer on fire ", "impact": 1, "urgency": 2})
    assert made.status_code == 201, made.content
    shown = made.json()
    assert [name for name in CONTRACT if name not in shown] == []
    assert made["Location"] == shown["url"]
    assert made["Location"].endswith(f"/api/v1/incidents/{shown['number']}")
    assert (made["ETag"], shown["version"]) == ('"1"', 1)
    assert (shown["requester"], shown["organisation"]) == (company.email("claire"), "gungun")
    assert (shown["title"], shown["state"], shown["state_category"]) == ("Printer on fire", "new", "new")
    assert (shown["channel"], shown["items"], shown["major"]) == ("api", [], False)
    assert TIME.fullmatch(shown["opened_at"]) and shown["resolved_at"] is None and shown["resolution"] is None
    assert {"factor", "value", "points", "why"} == set(shown["priority_reasons"][0])
    again = company.claire.get(f"/incidents/{shown['number'].lower()}")
    assert (again.status_code, again.json(), again["ETag"]) == (200, shown, '"1"')


def test_on_behalf(company: Company) -> None:
    claire = company.email("claire")
    shown = company.amira.post("/incidents", {"title": "x", "requester": claire, "channel": "phone"}).json()
    assert (shown["requester"], shown["owner"], shown["channel"]) == (claire, company.email("amira"), "phone")
    assert company.claire.post("/incidents", {"title": "x", "requester": company.email("paul")}).status_code == 403
    assert company.claire.post("/incidents", {"title": "x", "team": "network"}).status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": None}, "title"),
        ({"title": ""}, "title"),
        ({"title": " \t "}, "title"),
        ({"title": 5}, "title"),
        ({"title": ["x"]}, "title"),
        ({"title": "x" * 251}, "title"),
        ({"description": "x" * 100_001}, "description"),
        ({"impact": 0}, "impact"),
        ({"impact": 5}, "impact"),
        ({"impact": "2"}, "impact"),
        ({"impact": 2.5}, "impact"),
        ({"impact": True}, "impact"),
        ({"urgency": 2**63}, "urgency"),
        ({"urgency": -(2**63)}, "urgency"),
        ({"requester": "sam@elsewhere.example"}, "requester"),
        ({"requester": "nobody"}, "requester"),
        ({"organisation": "elsewhere"}, "organisation"),
        ({"service": "nothing"}, "service"),
        ({"team": "foreign"}, "team"),
        ({"category": "no/such"}, "category"),
        ({"channel": "pigeon"}, "channel"),
        ({"state": "closed"}, "state"),
        ({"number": "INC-000001"}, "number"),
        ({"version": 3}, "version"),
        ({"opened_at": "2020-01-01T00:00:00Z"}, "opened_at"),
    ],
)
def test_bad_reports(company: Company, change: dict[str, Any], field: str) -> None:
    refused = company.amira.post("/incidents", {"title": "x", **change})
    if "organisation" in change or "requester" in change:
        assert refused.status_code in (403, 422), refused.content
    else:
        assert fields(refused) == [field]
    assert not Record.objects.exists()


def test_every_fault_is_named_at_once(company: Company) -> None:
    assert sorted(fields(company.claire.post("/incidents", {"impact": 9, "colour": 1}))) == [
        "colour",
        "impact",
        "title",
    ]


def test_the_whole_way(company: Company, number: str) -> None:
    amira, claire, path = company.amira, company.claire, f"/incidents/{number}"
    done = amira.post(f"{path}/assign", {"team": "network"})
    assert (done.status_code, done.json()["state"], done["ETag"]) == (200, "assigned", '"2"')
    assert amira.post(f"{path}/transfer", {"team": "service-desk", "reason": "Ours"}).json()["transfer_count"] == 1
    assert amira.post(f"{path}/assign", {"assignee": company.email("amira")}).status_code == 200
    assert amira.post(f"{path}/start").json()["state"] == "in_progress"
    held = amira.post(f"{path}/hold", {"hold_reason": "supplier", "resume_at": "2027-01-04T08:00:00+01:00"})
    assert (held.json()["hold_reason"], held.json()["resume_at"]) == ("supplier", "2027-01-04T07:00:00Z")
    assert amira.post(f"{path}/resume").json()["state"] == "in_progress"
    assert amira.post(f"{path}/escalate", {"kind": "hierarchical", "reason": "Too slow"}).status_code == 200
    assert amira.post(f"{path}/comment", {"body": "Seen.", "visibility": "public"}).status_code == 200
    assert amira.post(f"{path}/comment", {"body": "Cable?", "visibility": "internal"}).status_code == 200
    assert amira.patch(path, {"impact": 1, "urgency": 1}).json()["priority"] == 1
    done = amira.post(
        f"{path}/resolve", {"resolution_code": "fixed", "resolution": "New cable.", "cause_code": "hardware"}
    )
    assert (done.json()["state"], done.json()["resolution"]) == ("resolved", "New cable.")
    assert claire.post(f"{path}/reopen", {"reason": "Again"}).json()["reopen_count"] == 1
    amira.post(f"{path}/resolve", {"resolution_code": "fixed", "resolution": "Two cables."})
    assert claire("POST", f"{path}/close").json()["state"] == "closed"
    seen = claire.get(f"{path}/timeline").json()["items"]
    assert (seen[0]["verb"], seen[-1]["verb"]) == ("open", "close")
    assert "Cable?" not in str(seen) and "hardware" not in str(seen)
    assert claire.get(path).json()["cause_code"] is None
    whole = amira.get(f"{path}/timeline").json()["items"]
    assert "Cable?" in str(whole) and len(whole) > len(seen)
    assert [entry["at"] for entry in whole] == sorted(entry["at"] for entry in whole)
    assert all(TIME.fullmatch(entry["at"]) for entry in whole)


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("assign", {}, 422),
        ("assign", {"assignee": "claire@gungun.example"}, 422),
        ("assign", {"team": "foreign"}, 422),
        ("transfer", {"team": "network"}, 422),
        ("hold", {"hold_reason": "bored"}, 422),
        ("hold", {"hold_reason": "part", "resume_at": "2001-01-01T00:00:00Z"}, 422),
        ("hold", {"hold_reason": "part", "resume_at": "9999-12-31T23:59:59Z"}, 422),
        ("hold", {"hold_reason": "part", "resume_at": "2027-02-30T00:00:00Z"}, 422),
        ("hold", {"hold_reason": "part", "resume_at": "2027-02-03"}, 422),
        ("hold", {"hold_reason": "part", "resume_at": 1830000000}, 422),
        ("resume", {}, 409),
        ("resolve", {"resolution_code": "fixed"}, 422),
        ("resolve", {"resolution_code": "magic", "resolution": "x"}, 422),
        ("reopen", {"reason": "x"}, 409),
        ("close", {}, 409),
        ("close", {"now": True}, 422),
        ("cancel", {}, 422),
        ("comment", {"body": "x"}, 422),
        ("comment", {"body": "", "visibility": "public"}, 422),
        ("comment", {"body": "x", "visibility": "secret"}, 422),
        ("comment", {"body": "x", "visibility": "public", "attachments": [999]}, 422),
        ("escalate", {"kind": "sideways", "reason": "x"}, 422),
        ("link", {"to": "INC-999999", "kind": "related_to"}, 422),
        ("link", {"to": "x", "kind": "related_to"}, 422),
        ("unlink", {"to": "INC-999999", "kind": "related_to"}, 422),
        ("watch", {"person": "sam@elsewhere.example"}, 422),
    ],
)
def test_refused_verbs_change_nothing(
    company: Company, number: str, verb: str, body: dict[str, Any], status: int
) -> None:
    before = company.amira.get(f"/incidents/{number}").json()
    refused = company.amira.post(f"/incidents/{number}/{verb}", body)
    assert refused.status_code == status, refused.content
    assert company.amira.get(f"/incidents/{number}").json() == before
    assert Entry.objects.filter(record__number=number).count() == 1


@pytest.mark.parametrize(
    ("header", "status"),
    [('"1"', 200), ("1", 200), ('W/"1"', 200), ("*", 200), ('"2"', 412), ("0", 412), ("one", 422), ('"1", "2"', 422),
     ("", 422), ("-1", 422), ('"99999999999"', 422)],
)  # fmt: skip
def test_if_match(company: Company, number: str, header: str, status: int) -> None:
    refused = company.amira.patch(f"/incidents/{number}", {"title": "New title"}, If_Match=header)
    assert refused.status_code == status, refused.content
    if status == 412:
        assert (refused.json()["code"], refused.json()["version"], refused["ETag"]) == ("stale", 1, '"1"')


def test_version_in_the_body(company: Company, number: str) -> None:
    path = f"/incidents/{number}"
    assert company.amira.patch(path, {"title": "A", "version": 1}).json()["version"] == 2
    assert company.amira.patch(path, {"title": "B", "version": 1}).status_code == 412
    assert company.amira.post(f"{path}/start", {"version": 1}).status_code == 412
    assert fields(company.amira.patch(path, {"title": "B", "version": "2"})) == ["version"]
    assert fields(company.amira.patch(path, {"title": "B", "version": 2}, If_Match='"1"')) == ["version"]


@pytest.mark.parametrize(
    "body", [{}, {"state": "closed"}, {"assignee": "x"}, {"title": ""}, {"priority": 1}, {"major": "maybe"}]
)
def test_bad_changes(company: Company, number: str, body: dict[str, Any]) -> None:
    assert company.amira.patch(f"/incidents/{number}", body).status_code == 422
    assert company.claire.patch(f"/incidents/{number}", {"title": "Mine"}).status_code == 403


def test_verbs_say_why_not(company: Company, number: str) -> None:
    found = {one["verb"]: one for one in company.claire.get(f"/incidents/{number}/verbs").json()["items"]}
    assert found["cancel"]["allowed"] is True and found["cancel"]["reason"] is None
    assert found["resolve"]["allowed"] is False and found["resolve"]["reason"].endswith(".")
    assert company.claire.post(f"/incidents/{number}/resolve", {"resolution_code": "fixed", "resolution": "x"}).json()[
        "detail"
    ] == found["resolve"]["reason"]  # fmt: skip
    mine = {one["verb"] for one in company.amira.get(f"/incidents/{number}/verbs").json()["items"] if one["allowed"]}
    assert {"assign", "hold", "resolve", "comment", "attach", "edit"} <= mine and "reopen" not in mine


def test_links_and_watchers(company: Company, number: str) -> None:
    other = company.paul.post("/incidents", {"title": "No mail either"}).json()["number"]
    done = company.amira.post(f"/incidents/{number}/link", {"to": other, "kind": "parent_of"})
    assert done.status_code in (200, 422), done.content
    done = company.amira.post(f"/incidents/{other}/link", {"to": number, "kind": "child_of"})
    assert (done.status_code, done.json()["parent"]) == (200, number)
    here = company.amira.get(f"/incidents/{number}/links").json()["items"]
    there = company.amira.get(f"/incidents/{other}/links").json()["items"]
    assert [(one["kind"], one["to"]) for one in here] == [("parent_of", other)]
    assert [(one["kind"], one["to"]) for one in there] == [("child_of", number)]
    assert company.claire.get(f"/incidents/{number}/links").json()["items"] == []
    assert [one["number"] for one in company.amira.get(f"/incidents?parent={number}").json()["items"]] == [other]
    assert company.claire.get(f"/incidents/{other}").status_code == 404
    assert company.paul.post(f"/incidents/{other}/watch", {"person": company.email("claire")}).status_code == 200
    assert company.claire.get(f"/incidents/{other}").status_code == 200
    assert [one["name"] for one in company.paul.get(f"/incidents/{other}/watchers").json()["items"]] == ["Claire"]
    company.paul.post(f"/incidents/{other}/unwatch", {"person": company.email("claire")})
    assert company.claire.get(f"/incidents/{other}").status_code == 404


def test_lists(company: Company) -> None:
    numbers = [company.claire.post("/incidents", {"title": f"Number {n}"}).json()["number"] for n in range(7)]
    company.sam.post("/incidents", {"title": "Elsewhere"})
    found, cursor = [], ""
    while True:
        page = company.amira.get(f"/incidents?limit=3&sort=-opened_at{cursor}").json()
        found += [one["number"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == numbers[::-1]
    assert company.paul.get("/incidents").json() == {"items": [], "next_cursor": None}
    assert len(company.claire.get("/incidents?requester=@me&priority=1,2,3,4,5").json()["items"]) == 7
    assert len(company.amira.get("/incidents?q=number").json()["items"]) == 7
    assert len(company.amira.get("/incidents?q=elsewhere").json()["items"]) == 0
    assert company.amira.get(f"/incidents?limit=3&sort=priority{cursor}").status_code == 422
    assert company.amira.get("/incidents?opened_after=2000-01-01T00:00:00Z&team=none&assignee=none").status_code == 200


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Everything the database is asked from here on."""
    asked: list[Any] = []
    execute = Cursor.execute
    monkeypatch.setattr(
        Cursor, "execute", lambda self, query, *a, **k: asked.append(query) or execute(self, query, *a, **k)
    )
    return asked


def test_creating_asks_only_what_it_needs(company: Company, statements: list[Any]) -> None:
    def cost(**more: Any) -> int:
        statements.clear()
        assert company.claire.post("/incidents", {"title": "No mail", **more}).status_code == 201
        return sum("SAVEPOINT" not in str(one) for one in statements)

    cost()  # the token's first use is noted, once a minute
    usual = cost()
    assert cost() == usual <= 6, statements
    assert cost(impact=1, urgency=1) == usual


def test_a_list_costs_the_same_for_one_and_for_fifty(company: Company, statements: list[Any]) -> None:
    def cost() -> int:
        statements.clear()
        assert company.amira.get("/incidents?limit=50&state=open").status_code == 200
        return len(statements)

    company.claire.post("/incidents", {"title": "One"})
    cost()  # the token's first use is noted, once a minute
    one = cost()
    for n in range(49):
        company.claire.post("/incidents", {"title": f"{n}"})
    assert 0 < cost() == one <= 4


def test_search(company: Company, number: str) -> None:
    company.amira.post(f"/incidents/{number}/comment", {"body": "suspect zebrafish", "visibility": "internal"})
    hit = company.claire.get("/search?q=mail").json()["items"][0]
    assert (hit["kind"], hit["number"], hit["title"]) == ("incident", number, "No mail")
    assert company.claire.get(f"/search?q={number.lower()}").json()["items"][0]["number"] == number
    assert company.amira.get("/search?q=zebrafish&kind=incident&limit=1").json()["items"][0]["number"] == number
    for outsider in (company.claire, company.paul, company.sam, company.stella):
        assert outsider.get("/search?q=zebrafish").json()["items"] == []
    for stranger in (company.paul, company.stella):
        assert stranger.get(f"/search?q={number}").json()["items"] == []
    for query in ("", "?q=", "?q=%20", "?q=x&kind=nothing", "?q=x&limit=0", "?q=x&cursor=a", "?q=" + "x" * 401):
        assert company.claire.get(f"/search{query}").status_code == 422, query
    for query in ("%27%22%3B--", "a%26%7C%21", "%28%28", "%3A%2A", "%5C", "-", "%F0%9F%94%A5", "or", "%C3%28"):
        assert company.amira.get(f"/search?q={query}").status_code == 200, query
