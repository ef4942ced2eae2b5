"""People through the API: who may make and change whom, what is shown to whom, and how far a role reaches."""

from __future__ import annotations

from typing import Any

import pytest

from quell.kernel.journal.models import Entry
from quell.kernel.people.models import ApiToken, Person, RoleGrant
from quell.kernel.people.tree import create_organisation

from .conftest import Caller, Company

NEW = {"email": "Nora@Gungun.example", "name": "Nora", "organisation": "gungun"}


def fields(response: Any) -> list[str]:
    """The fields a refusal names."""
    assert response.status_code == 422, response.content
    return [error["field"] for error in response.json()["errors"]]


def test_make_read_change(company: Company) -> None:
    made = company.ann.post(
        "/people", {**NEW, "roles": ["agent"], "teams": ["network"], "timezone": "Europe/Copenhagen"}
    )
    assert made.status_code == 201, made.content
    shown = made.json()
    assert made["Location"] == shown["url"]
    assert shown["email"] == "nora@gungun.example"
    assert shown["roles"] == ["agent"]
    assert shown["grants"] == [{"role": "agent", "organisation": "gungun", "team": "network"}]
    assert (shown["teams"], shown["version"], shown["active"]) == (["network"], 1, True)
    path = "/people/nora%40gungun.example"
    assert company.ann.get(path).json() == shown
    changed = company.ann.patch(path, {"name": "Nora N.", "vip": True}, If_Match='"1"')
    assert (changed.json()["name"], changed.json()["version"], changed["ETag"]) == ("Nora N.", 2, '"2"')
    stale = company.ann.patch(path, {"name": "x", "version": 1})
    assert (stale.status_code, stale.json()["version"]) == (412, 2)
    person = Person.objects.get(email="nora@gungun.example")
    history = Entry.objects.filter(subject="person", subject_id=person.pk).order_by("id")
    assert [(entry.verb, entry.actor_id, entry.channel) for entry in history] == [
        ("create", company.cast.ann.pk, "api"),
        ("edit", company.cast.ann.pk, "api"),
    ]
    assert history[1].changes == {"name": ["Nora", "Nora N."], "vip": [False, True]}


def test_the_new_agent_works(company: Company) -> None:
    company.ann.post("/people", {**NEW, "roles": ["agent"], "teams": ["network"]})
    number = company.claire.post("/incidents", {"title": "Switch down"}).json()["number"]
    assert company.amira.post(f"/incidents/{number}/assign", {"team": "network"}).status_code == 200
    done = company.amira.post(f"/incidents/{number}/assign", {"assignee": "nora@gungun.example"})
    assert done.json()["assignee"] == "nora@gungun.example", done.content


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a@b.example\x00"}, "email"),
        ({"email": "x" * 250 + "@b.example"}, "email"),
        ({"email": 7}, "email"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"organisation": "nowhere"}, "organisation"),
        ({"organisation": "elsewhere"}, "organisation"),
        ({"roles": ["king"]}, "roles"),
        ({"roles": "agent"}, "roles"),
        ({"roles": [{"role": "agent", "reach": 1}]}, "roles.0.reach"),
        ({"roles": [{"role": "agent", "team": "foreign"}]}, "roles"),
        ({"teams": ["foreign"]}, "teams"),
        ({"language": "klingon"}, "language"),
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"vip": "yes"}, "vip"),
        ({"password": "short"}, "password"),
        ({"is_active": False}, "is_active"),
        ({"id": 1}, "id"),
    ],
)
def test_bad_facts(company: Company, change: dict[str, Any], field: str) -> None:
    assert fields(company.ann.post("/people", {**NEW, **change})) == [field]
    assert not Person.objects.filter(email="nora@gungun.example").exists()


def test_an_address_is_known_once(company: Company) -> None:
    refused = company.ann.post("/people", {**NEW, "email": company.email("claire").upper()})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    other = company.ann.patch(f"/people/{company.email('paul')}", {"email": company.email("claire")})
    assert other.status_code == 409


@pytest.mark.parametrize("name", ["claire", "amira", "jonas", "mia", "otto", "sam", "stella"])
def test_only_administrators_make_people(company: Company, name: str) -> None:
    caller: Caller = getattr(company, name)
    refused = caller.post("/people", NEW)
    assert refused.status_code in (403, 422), refused.content
    assert caller.patch(f"/people/{company.email('paul')}", {"name": "Mine"}).status_code in (403, 404)
    assert caller.post(f"/people/{company.email('paul')}/deactivate").status_code in (403, 404)
    assert Person.objects.get(pk=company.cast.paul.pk).name == "Paul"


def test_who_sees_whom(company: Company) -> None:
    assert company.claire.get("/people").status_code == 403
    assert company.claire.get(f"/people/{company.email('paul')}").status_code == 404
    assert company.claire.get(f"/people/{company.email('claire')}").json()["name"] == "Claire"
    assert company.claire.get("/me").json()["capabilities"] == []
    seen = company.amira.get("/people?limit=200").json()["items"]
    assert {one["organisation"] for one in seen} == {"gungun"}
    assert company.amira.get(f"/people/{company.email('sam')}").status_code == 404
    everybody = company.root.get("/people?limit=200").json()["items"]
    assert {one["organisation"] for one in everybody} == {"gungun", "elsewhere"}
    assert "password" not in everybody[0]


def test_pages_and_filters(company: Company) -> None:
    emails: list[str] = []
    cursor = ""
    while True:
        page = company.root.get(f"/people?limit=3{cursor}").json()
        emails += [one["email"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert emails == sorted(emails) and len(emails) == len(set(emails)) == Person.objects.count()
    assert [one["email"] for one in company.root.get("/people?q=JON").json()["items"]] == [company.email("jonas")]
    assert [one["email"] for one in company.root.get("/people?q=%25").json()["items"]] == []
    assert [one["email"] for one in company.root.get("/people?team=network").json()["items"]] == [
        company.email("jonas")
    ]
    assert [one["name"] for one in company.root.get("/people?role=desk-lead").json()["items"]] == ["Mia"]
    assert company.amira.get("/people?organisation=elsewhere").json()["items"] == []


def test_nobody_gives_more_than_they_hold(company: Company) -> None:
    """An administrator of one organisation is none of the instance, nor of another organisation."""
    for roles in (
        [{"role": "administrator", "everywhere": True}],
        [{"role": "agent", "everywhere": True}],
        [{"role": "requester", "everywhere": True}],
    ):
        refused = company.ann.post("/people", {**NEW, "roles": roles})
        assert refused.status_code == 403, refused.content
        assert company.ann.patch(f"/people/{company.email('ann')}", {"roles": roles}).status_code == 403
    refused = company.ann.post("/people", {**NEW, "roles": [{"role": "agent", "organisation": "elsewhere"}]})
    assert fields(refused) == ["roles"]
    company.root.post("/roles", {"code": "helper", "name": "Helper", "capabilities": ["people.manage", "people.view"]})
    company.root.post("/people", {**NEW, "roles": ["helper"]})
    helper = Caller(_token("nora@gungun.example"))
    up = helper.post("/people", {**NEW, "email": "n2@gungun.example", "roles": ["agent"]})
    assert up.status_code == 403, up.content
    assert helper.patch("/people/nora@gungun.example", {"roles": ["administrator"]}).status_code == 403
    assert helper.post("/people", {**NEW, "email": "n2@gungun.example", "roles": ["helper"]}).status_code == 201


def test_nobody_touches_those_who_hold_more(company: Company) -> None:
    """Changing the address or the password of somebody stronger would be a way up."""
    path = f"/people/{company.email('root')}"
    for change in (
        {"email": "mine@gungun.example"},
        {"password": "a long enough secret"},
        {"roles": []},
        {"name": "x"},
    ):
        assert company.ann.patch(path, change).status_code == 403, change
    assert company.ann.post(path + "/deactivate").status_code == 403
    assert RoleGrant.objects.filter(person=company.cast.root).exists()


def test_strangers_are_unknown_to_an_administrator(company: Company) -> None:
    path = f"/people/{company.email('sam')}"
    assert company.ann.get(path).status_code == 404
    assert company.ann.patch(path, {"name": "x"}).status_code == 404
    assert company.ann.post(path + "/deactivate").status_code == 404
    assert company.ann.post(path + "/activate").status_code == 404


def test_an_organisation_reaches_down_not_up(company: Company) -> None:
    create_organisation("branch", "Branch", company.cast.gungun)
    made = company.ann.post(
        "/people", {**NEW, "email": "boss@branch.example", "organisation": "branch", "roles": ["administrator"]}
    )
    assert made.status_code == 201, made.content
    boss = Caller(_token("boss@branch.example"))
    assert boss.get(f"/people/{company.email('claire')}").status_code == 404
    assert boss.post("/people", {**NEW, "email": "b2@branch.example", "organisation": "branch"}).status_code == 201
    assert boss.post("/people", NEW).status_code == 403
    assert boss.post("/people", {**NEW, "organisation": "elsewhere"}).status_code == 422
    above = [{"role": "agent", "organisation": "gungun"}]
    facts = {**NEW, "email": "b3@branch.example", "organisation": "branch", "roles": above}
    assert boss.post("/people", facts).status_code == 403


def test_a_read_only_token_reads(company: Company) -> None:
    secret = company.root.post("/tokens", {"name": "looks", "read_only": True}).json()["token"]
    looks = Caller(secret)
    assert looks.get("/people").status_code == 200
    assert looks.post("/people", NEW).status_code == 403
    assert looks.post("/incidents", {"title": "x"}).status_code == 403
    assert looks.post("/tokens", {"name": "more"}).status_code == 403
    assert looks.post("/tokens", {"name": "same", "read_only": True}).status_code == 201


def test_a_token_makes_no_stronger_one(company: Company) -> None:
    secret = company.root.post("/tokens", {"name": "narrow", "scopes": ["people.view"]}).json()["token"]
    narrow = Caller(secret)
    assert narrow.get("/people").status_code == 200
    assert narrow.post("/people", NEW).status_code == 403
    assert narrow.post("/tokens", {"name": "wide"}).status_code == 403
    assert narrow.post("/tokens", {"name": "wide", "scopes": ["people.view", "people.manage"]}).status_code == 403
    assert narrow.post("/tokens", {"name": "same", "scopes": ["people.view"]}).status_code == 201


def test_a_token_makes_none_that_outlives_it(company: Company) -> None:
    day = {"name": "for a day", "expires_at": "2090-01-02T00:00:00Z"}
    lent = Caller(company.amira.post("/tokens", day).json()["token"])
    assert lent.post("/tokens", {"name": "for ever"}).status_code == 403
    assert lent.post("/tokens", {"name": "longer", "expires_at": "2090-01-03T00:00:00Z"}).status_code == 403
    assert lent.post("/tokens", {"name": "as long", "expires_at": "2090-01-02T00:00:00Z"}).status_code == 201


def test_deactivating_ends_everything_at_once(company: Company) -> None:
    company.paul.client.force_login(company.cast.paul)
    assert company.paul.get("/me").status_code == 200
    done = company.ann.post(f"/people/{company.email('paul')}/deactivate")
    assert (done.status_code, done.json()["active"]) == (200, False)
    assert company.paul.get("/me").status_code == 401
    assert not ApiToken.objects.filter(person=company.cast.paul, revoked_at=None).exists()
    from django.contrib.sessions.models import Session

    assert not Session.objects.exists()
    back = company.ann.post(f"/people/{company.email('paul')}/activate")
    assert back.json()["active"] is True
    assert company.paul.get("/me").status_code == 401


def test_nobody_locks_the_house(company: Company) -> None:
    assert company.root.post(f"/people/{company.email('root')}/deactivate").status_code == 409
    alone = company.root.patch(f"/people/{company.email('root')}", {"roles": ["agent"]})
    assert alone.status_code == 409, alone.content
    company.root.patch(f"/people/{company.email('mia')}", {"roles": [{"role": "administrator", "everywhere": True}]})
    assert company.mia.post(f"/people/{company.email('root')}/deactivate").status_code == 200


def test_roles_and_teams_replace(company: Company) -> None:
    path = f"/people/{company.email('jonas')}"
    shown = company.ann.patch(path, {"roles": ["agent"], "teams": ["network", "applications"]}).json()
    assert [grant["team"] for grant in shown["grants"]] == ["applications", "network"]
    assert shown["teams"] == ["applications", "network"]
    shown = company.ann.patch(path, {"roles": ["auditor"]}).json()
    assert (shown["roles"], shown["teams"]) == (["auditor"], ["applications", "network"])
    shown = company.ann.patch(path, {"teams": [], "roles": []}).json()
    assert (shown["roles"], shown["teams"], shown["grants"]) == ([], [], [])


def _token(email: str) -> str:
    from quell.kernel.people.tokens import issue

    return issue(Person.objects.get(email=email), "tests")[1]
