"""Announcements, service health and ratings for programs (contract.md conventions)."""

from __future__ import annotations

from typing import Any

from quell.practices.incidents import facade as incidents
from tests.api.conftest import Company, company  # noqa: F401

OUTAGE = {"title": "VPN is unstable", "severity": "outage", "service": "mail", "publish": True}


def write(company: Company, **facts: Any) -> dict[str, Any]:  # noqa: F811
    answer = company.mia.post("/announcements", {**OUTAGE, **facts})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_lead_writes_changes_and_ends(company: Company) -> None:  # noqa: F811
    made = write(company, publish=False)
    path = f"/announcements/{made['id']}"
    assert (made["phase"], made["version"], made["effect"]) == ("draft", 1, "degraded")
    assert company.claire.get(path).status_code == 404
    assert company.mia.post(f"{path}/publish").json()["phase"] == "showing"
    changed = company.mia.patch(path, {"title": "VPN is down", "effect": "down"}, If_Match='"2"')
    assert (changed.status_code, changed.json()["version"]) == (200, 3)
    assert company.mia.patch(path, {"title": "Stale"}, If_Match='"2"').status_code == 412
    assert company.claire.get(path).json()["title"] == "VPN is down"
    assert company.mia.post(f"{path}/end").json()["phase"] == "over"
    assert company.mia.post(f"{path}/end").status_code == 409


def test_the_same_key_writes_once(company: Company) -> None:  # noqa: F811
    first = company.mia.post("/announcements", OUTAGE, Idempotency_Key="one")
    again = company.mia.post("/announcements", OUTAGE, Idempotency_Key="one")
    assert first.json()["id"] == again.json()["id"]


def test_me_too_and_back(company: Company) -> None:  # noqa: F811
    path = f"/announcements/{write(company)['id']}"
    assert company.claire.post(f"{path}/me-too").json()["me_too_count"] == 1
    assert company.claire.post(f"{path}/me-too").json()["me_too_count"] == 1
    assert company.amira.get(path).json()["me_too_count"] == 1
    assert company.claire.post(f"{path}/not-me").json() | {"version": 1} == company.paul.get(path).json()
    assert company.sam.post(f"{path}/me-too").status_code == 404
    assert company.claire.post(f"{path}/dismiss").status_code == 409


def test_others_are_refused(company: Company) -> None:  # noqa: F811
    path = f"/announcements/{write(company)['id']}"
    assert company.claire.post("/announcements", OUTAGE).status_code == 403
    assert company.amira.patch(path, {"title": "Mine"}).status_code == 403
    for verb in ("publish", "end", "me-too", "not-me", "dismiss"):
        assert company.sam.post(f"{path}/{verb}").status_code == 404
    assert company.sam.get(path).status_code == 404


def test_the_list_pages_and_filters(company: Company) -> None:  # noqa: F811
    ids = [write(company, title=f"Number {at}")["id"] for at in range(3)]
    write(company, title="Draft", publish=False)
    first = company.claire.get("/announcements?limit=2").json()
    rest = company.claire.get(f"/announcements?limit=2&cursor={first['next_cursor']}").json()
    assert [one["id"] for one in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next_cursor"] is None
    assert [one["title"] for one in company.mia.get("/announcements?phase=draft").json()["items"]] == ["Draft"]
    assert len(company.mia.get("/announcements?service=mail").json()["items"]) == 4
    assert company.sam.get("/announcements").json()["items"] == []
    assert company.mia.get("/announcements?phase=gone").status_code == 422


def test_health_and_following(company: Company) -> None:  # noqa: F811
    write(company)
    found = company.claire.get("/service-health").json()["items"]
    assert [(one["service"], one["health"], one["following"]) for one in found] == [("mail", "degraded", False)]
    assert company.claire.post("/services/mail/follow").json()["items"][0]["following"] is True
    assert company.claire.post("/services/mail/unfollow").json()["items"][0]["following"] is False
    assert company.sam.post("/services/mail/follow").status_code == 422


def test_rating(company: Company) -> None:  # noqa: F811
    number = incidents.report(company.cast.actor("claire"), {"title": "VPN drops"})
    assert company.claire.post(f"/incidents/{number}/rating", {"stars": 5}).status_code == 409
    done = {"resolution_code": "fixed", "resolution": "Works."}
    incidents.act(company.cast.actor("amira"), "resolve", number, done)
    given = company.claire.post(f"/incidents/{number}/rating", {"stars": 5, "comment": "Thanks"})
    assert (given.status_code, given.json()["stars"]) == (200, 5)
    assert [one["number"] for one in company.mia.get("/ratings").json()["items"]] == [number]
    assert company.claire.get("/ratings").json()["items"] == []
    assert company.paul.post(f"/incidents/{number}/rating", {"stars": 1}).status_code == 404
