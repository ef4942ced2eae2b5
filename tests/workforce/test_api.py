"""Everything a page can do about the workforce, a program can."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quell.kernel.people.tokens import issue
from quell.practices.incidents import facade as incidents


@pytest.fixture
def call(people, client):
    """Calls the API as one of the cast; checks the status and gives the document."""

    def do(name, method, path, body=None, status=200):
        _token, secret = issue(getattr(people, name), "tests")
        response = getattr(client, method)(
            f"/api/v1{path}",
            *([body] if body is not None else []),
            **({"content_type": "application/json"} if body is not None else {}),
            headers={"Authorization": f"Bearer {secret}"},
        )
        assert response.status_code == status, response.content
        return response.json() if response.content else None

    return do


def test_a_day_of_a_lead(people, call):
    call("mia", "post", "/skills", {"code": "vpn", "name": "VPN", "organisation": "gungun"}, 201)
    rated = call("mia", "put", "/people/jonas@gungun.example/skills", {"skills": {"vpn": {"level": 4}}})
    assert rated["skills"] == {"vpn": 4}
    assert call("jonas", "get", "/skills?organisation=gungun")["items"][0]["alone"] == "Jonas"
    own = call("jonas", "patch", "/people/jonas@gungun.example/availability", {"hours": {}, "capacity": 9})
    assert own["capacity"] == 9
    rules = {
        "organisation": "gungun",
        "rules": [{"name": "VPN", "team": "network", "policy": "skill", "needs": {"vpn": 3}}],
    }
    kept = call("mia", "put", "/assignment-rules", rules)
    assert (kept["version"], kept["rules"][0]["needs"]) == (2, {"vpn": 3})
    number = incidents.report(people.actor("claire"), {"title": "VPN"})
    tried = call("mia", "post", "/assignment-rules/try", {"organisation": "gungun"})
    assert (tried["tried"], tried["differing"], tried["items"][0]["person"]) == (1, 1, "Jonas")
    assert call("mia", "get", f"/incidents/{number}/assignment") == {"items": []}
    call("claire", "put", "/assignment-rules", rules, 403)
    stale = {**rules, "version": 1}
    call("mia", "put", "/assignment-rules", stale, 412)


def test_absences(people, call):
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    wanted = {
        "person": "amira@gungun.example",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(days=2)).isoformat(),
        "kind": "sick",
        "substitute": "mia@gungun.example",
        "hands_over": "work",
    }
    made = call("amira", "post", "/absences", wanted, 201)
    assert (made["kind"], made["substitute"]) == ("sick", "mia@gungun.example")
    seen = call("jonas", "get", f"/absences/{made['id']}")
    assert (seen["kind"], seen["note"]) == (None, None)
    assert [one["id"] for one in call("jonas", "get", "/absences?limit=1")["items"]] == [made["id"]]
    call("stella", "get", f"/absences/{made['id']}", status=404)
    call("stella", "post", f"/absences/{made['id']}/cancel", {}, 404)
    call("jonas", "post", f"/absences/{made['id']}/cancel", {}, 403)
    call("amira", "post", f"/absences/{made['id']}/cancel", {}, 204)
    assert call("amira", "get", "/absences")["items"] == []


def test_a_list_of_people_needs_to_be_ones_own(call):
    assert len(call("amira", "get", "/workforce?organisation=gungun")["items"]) == 6
    call("stella", "get", "/workforce?organisation=gungun", status=422)
    call("claire", "get", "/workforce?organisation=gungun", status=403)
