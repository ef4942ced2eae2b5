"""Teams, organisations, roles, services, categories and tokens: made, changed, taken out of use, and hidden from
strangers."""

from __future__ import annotations

from typing import Any

import pytest

from quell.kernel.people.models import Organisation

from .conftest import Company

PLACES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("teams", {"code": "night", "name": "Night", "organisation": "gungun"}, {"name": "Night shift"}),
    ("services", {"code": "till", "name": "Till", "organisation": "gungun", "criticality": 1}, {"criticality": 2}),
    ("organisations", {"code": "branch", "name": "Branch", "parent": "gungun"}, {"name": "Branch office"}),
]


@pytest.mark.parametrize(("kind", "facts", "change"), PLACES)
def test_a_life(company: Company, kind: str, facts: dict[str, Any], change: dict[str, Any]) -> None:
    made = company.ann.post(f"/{kind}", facts)
    assert made.status_code == 201, made.content
    shown = made.json()
    path = f"/{kind}/{facts['code']}"
    assert made["Location"].endswith("/api/v1" + path)
    assert {name: shown[name] for name in facts} == facts
    assert (shown["version"], shown["active"]) == (1, True)
    assert company.ann.get(path).json() == shown
    assert facts["code"] in [one["code"] for one in company.ann.get(f"/{kind}?limit=200").json()["items"]]
    again = company.ann.post(f"/{kind}", facts)
    assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "code")
    changed = company.ann.patch(path, change, If_Match='"1"')
    assert changed.status_code == 200, changed.content
    assert changed.json()["version"] == 2
    assert company.ann.patch(path, change, If_Match='"1"').status_code == 412
    assert company.ann.patch(path, {}).status_code == 422
    assert company.ann.patch(path, {"code": "other"}).status_code == 422
    assert company.ann.post(f"{path}/deactivate", {"version": 1}).status_code == 412
    assert company.ann.post(f"{path}/deactivate").json()["active"] is False
    assert facts["code"] not in [o["code"] for o in company.ann.get(f"/{kind}?active=true&limit=200").json()["items"]]
    assert company.ann.post(f"{path}/activate").json()["active"] is True
    assert company.ann("DELETE", path).status_code == 405


@pytest.mark.parametrize(("kind", "facts", "change"), PLACES)
@pytest.mark.parametrize("name", ["claire", "amira", "mia", "otto"])
def test_only_administrators(
    company: Company, kind: str, facts: dict[str, Any], change: dict[str, Any], name: str
) -> None:
    caller = getattr(company, name)
    refused = caller.post(f"/{kind}", facts)
    assert refused.status_code == 403, refused.content
    company.ann.post(f"/{kind}", facts)
    path = f"/{kind}/{facts['code']}"
    for response in (caller.patch(path, change), caller.post(f"{path}/deactivate")):
        assert response.status_code in (403, 404), response.content


@pytest.mark.parametrize(("kind", "facts", "change"), PLACES)
@pytest.mark.parametrize("name", ["sam", "stella"])
def test_strangers_learn_nothing(
    company: Company, kind: str, facts: dict[str, Any], change: dict[str, Any], name: str
) -> None:
    company.ann.post(f"/{kind}", facts)
    caller, path = getattr(company, name), f"/{kind}/{facts['code']}"
    unknown = caller.get(f"/{kind}/nothing-like-it")
    assert unknown.status_code == 404
    for response in (caller.get(path), caller.patch(path, change), caller.post(f"{path}/deactivate")):
        assert response.status_code == 404
        assert response.json()["detail"] == unknown.json()["detail"].replace("nothing-like-it", facts["code"])
    listed = caller.get(f"/{kind}?limit=200")
    assert listed.status_code == 403 or facts["code"] not in [one["code"] for one in listed.json()["items"]]


@pytest.mark.parametrize("code", ["", "with space", "a/b", "-first", "ü", "x" * 61, "a\x00b", 7, None])
@pytest.mark.parametrize("kind", ["teams", "services", "organisations"])
def test_bad_codes(company: Company, kind: str, code: Any) -> None:
    facts = next(facts for name, facts, _change in PLACES if name == kind)
    assert company.ann.post(f"/{kind}", {**facts, "code": code}).status_code == 422


def test_members_and_leads(company: Company) -> None:
    claire, paul, jonas = (company.email(name) for name in ("claire", "paul", "jonas"))
    facts = {"code": "night", "name": "Night", "organisation": "gungun", "members": [paul, claire], "leads": [jonas]}
    shown = company.ann.post("/teams", facts).json()
    assert (shown["members"], shown["leads"]) == (sorted([claire, paul, jonas]), [jonas])
    shown = company.ann.patch("/teams/night", {"members": [claire]}).json()
    assert (shown["members"], shown["leads"]) == ([claire], [])
    refused = company.ann.patch("/teams/night", {"members": [company.email("sam")]})
    assert refused.json()["errors"][0]["field"] == "members"
    assert company.ann.post("/teams", {**facts, "code": "n2", "organisation": "elsewhere"}).status_code == 422


def test_the_tree(company: Company) -> None:
    assert company.ann.post("/organisations", {"code": "own", "name": "Own root"}).status_code == 403
    assert company.root.post("/organisations", {"code": "own", "name": "Own root"}).status_code == 201
    company.ann.post("/organisations", {"code": "a", "name": "A", "parent": "gungun"})
    company.ann.post("/organisations", {"code": "b", "name": "B", "parent": "a"})
    circle = company.ann.patch("/organisations/a", {"parent": "b"})
    assert (circle.status_code, circle.json()["errors"][0]["field"]) == (422, "parent")
    assert company.ann.patch("/organisations/b", {"parent": "gungun"}).json()["parent"] == "gungun"
    assert company.ann.patch("/organisations/b", {"parent": None}).status_code == 403
    assert company.ann.patch("/organisations/gungun", {"parent": "own"}).status_code in (403, 422)
    assert Organisation.objects.get(code="b").path[0] == company.cast.gungun.pk
    assert company.ann.post("/organisations/gungun/deactivate").status_code == 409
    assert [o["code"] for o in company.claire.get("/organisations").json()["items"]] == ["gungun"]


def test_roles(company: Company) -> None:
    facts = {"code": "dispatcher", "name": "Dispatcher", "capabilities": ["records.work", "records.view"]}
    assert company.ann.post("/roles", facts).status_code == 403
    made = company.root.post("/roles", facts)
    assert made.json()["capabilities"] == ["records.view", "records.work"]
    assert company.root.post("/roles", facts).status_code == 409
    assert company.root.post("/roles", {**facts, "code": "x", "capabilities": ["all"]}).status_code == 422
    assert company.root.patch("/roles/dispatcher", {"capabilities": ["records.view"]}).json()["version"] == 2
    assert company.root.patch("/roles/administrator", {"capabilities": []}).status_code == 409
    assert company.root.patch("/roles/agent", {"name": "Fixer"}).json()["name"] == "Fixer"
    assert company.claire.get("/roles").status_code == 403
    assert company.claire.get("/roles/agent").status_code == 404
    assert len(company.amira.get("/roles").json()["items"]) == 6


def test_a_role_taken_away_is_gone_with_the_next_call(company: Company) -> None:
    assert company.amira.get("/people").status_code == 200
    company.ann.patch(f"/people/{company.email('amira')}", {"roles": []})
    assert company.amira.get("/people").status_code == 403


def test_tokens(company: Company) -> None:
    made = company.claire.post("/tokens", {"name": "script", "expires_at": "2099-01-01T00:00:00Z"})
    shown = made.json()
    assert made.status_code == 201 and shown["token"].startswith("quell_")
    listed = company.claire.get("/tokens")
    assert shown["token"] not in listed.content.decode()
    assert company.paul.get(f"/tokens/{shown['id']}").status_code == 404
    assert company.paul.post(f"/tokens/{shown['id']}/revoke").status_code == 404
    assert company.claire.post(f"/tokens/{shown['id']}/revoke").json()["revoked_at"]
    assert company.claire("GET", "/me", Authorization=f"Bearer {shown['token']}").status_code == 401
    assert company.claire.post("/tokens", {"name": ""}).status_code == 422
    assert company.claire.post("/tokens", {"name": "x", "scopes": ["everything"]}).status_code == 422
    for time in ("2001-01-01T00:00:00Z", "2099-01-01", "2099-01-01T00:00:00", 4102444800, True):
        assert company.claire.post("/tokens", {"name": "x", "expires_at": time}).status_code == 422, time


def test_service_owner(company: Company) -> None:
    shown = company.ann.patch("/services/mail", {"owner": company.email("mia")}).json()
    assert (shown["owner"], shown["version"]) == (company.email("mia"), 2)
    assert company.ann.patch("/services/mail", {"owner": company.email("sam")}).status_code == 422
    assert company.ann.patch("/services/mail", {"owner": None}).json()["owner"] is None
    assert company.claire.get("/services/mail").status_code == 200
    for bad in ({"criticality": 0}, {"criticality": 5}, {"criticality": "1"}, {"status": "gone"}):
        assert company.ann.patch("/services/mail", bad).status_code == 422


def test_categories(company: Company) -> None:
    made = company.root.post("/categories", {"code": "Till", "name": "Tills"})
    assert made.json()["path"] == "till", made.content
    child = company.ann.post(
        "/categories", {"code": "drawer", "name": "Drawer", "parent": "till", "organisation": "gungun"}
    )
    assert child.json()["path"] == "till/drawer", child.content
    path = f"/categories/{child.json()['id']}"
    assert company.ann.post("/categories", {"code": "global", "name": "Global"}).status_code == 403
    assert company.ann.patch(f"/categories/{made.json()['id']}", {"name": "x"}).status_code == 403
    assert company.stella.get(path).status_code == 404
    assert company.amira.patch(path, {"name": "x"}).status_code == 403
    assert company.ann.patch(path, {"name": "Cash drawer"}).json()["version"] == 2
    assert company.ann.post(f"{path}/deactivate").json()["active"] is False
    refused = company.claire.post("/incidents", {"title": "x", "category": "till/drawer"})
    assert refused.json()["errors"][0]["field"] == "category"
    assert company.ann.post(f"{path}/activate").json()["active"] is True
    assert company.claire.post("/incidents", {"title": "x", "category": "till/drawer"}).status_code == 201
    paths = [one["path"] for one in company.ann.get("/categories?q=till").json()["items"]]
    assert paths == ["till", "till/drawer"]
    deep = company.root.post("/categories", {"code": "c", "name": "c", "parent": "till"}).json()["path"]
    deeper = company.root.post("/categories", {"code": "d", "name": "d", "parent": deep}).json()["path"]
    assert company.root.post("/categories", {"code": "e", "name": "e", "parent": deeper}).status_code == 422
