"""Rights taken away are gone with the next call, in every channel: page, API, file, search, bulk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from quell.kernel.actions.directory.people import deactivate_person
from quell.kernel.people.models import ApiToken, Membership, Organisation
from quell.kernel.people.tokens import issue
from quell.kernel.records.models import Watcher
from quell.practices.incidents import facade

from .addresses import fillings, operations, routes, send
from .world import World

pytestmark = pytest.mark.django_db


def looks(world: World, name: str) -> dict[str, int]:
    """What one and the same session and token get, channel by channel."""
    someone, number, file = world[name], world.number, world.ids["public"]
    page = someone.browser.get

    def api(path: str) -> int:
        return int(page(f"/api/v1{path}", headers=someone.bearer).status_code)

    return {
        "page": page(f"/incidents/{number}").status_code,
        "portal": page(f"/portal/requests/{number}").status_code,
        "file": page(f"/attachments/{file}").status_code,
        "api": api(f"/incidents/{number}"),
        "api file": api(f"/attachments/{file}"),
        "timeline": api(f"/incidents/{number}/timeline"),
        "found": 200
        if number in page("/api/v1/search?q=quokkatitle", headers=someone.bearer).content.decode()
        else 404,
        "list": 200 if number in page("/incidents/?state=on_hold").content.decode() else 404,
        "reply": page(f"/api/v1/incidents/{number}/verbs", headers=someone.bearer).status_code,
    }


def test_a_person_deactivated(world: World) -> None:
    raj = world["raj"]
    assert looks(world, "raj")["page"] == 200
    deactivate_person(world.cast.actor("root"), world.cast.raj.email)
    for route in routes():
        for values, _twin in fillings(world, route):
            path = route.fill(values)
            answer = raj.browser.get(path, headers=raj.bearer if route.api else {})
            if route.api:
                assert answer.status_code in (401, 405) or path.endswith("openapi.json"), path
            else:
                assert world.number not in answer.content.decode().replace(path, "") or answer.status_code == 302, path
                assert answer.status_code != 200 or "quokka" not in answer.content.decode(), path


def test_a_person_deactivated_by_hand_has_no_actor(world: World) -> None:
    """Even when nobody ended the sessions: the session finds no actor, the token no person."""
    world.cast.raj.is_active = False
    world.cast.raj.save(update_fields=["is_active"])
    got = looks(world, "raj")
    assert {got["api"], got["api file"], got["timeline"]} == {401}
    assert got["page"] in (302, 401) and got["file"] in (302, 401) and got["found"] == 404
    world.cast.raj.is_active = True


@pytest.mark.parametrize("ended", ["revoked", "expired"])
def test_a_token_that_ended(world: World, ended: str) -> None:
    token, secret = issue(world.cast.raj, "short")
    bearer = {"Authorization": f"Bearer {secret}"}
    assert Client().get(f"/api/v1/incidents/{world.number}", headers=bearer).status_code == 200
    past = datetime.now(UTC) - timedelta(hours=1)
    ApiToken.objects.filter(pk=token.pk).update(**{"revoked_at" if ended == "revoked" else "expires_at": past})
    for route in operations():
        for values, _twin in fillings(world, route):
            for method in route.methods:
                if not route.template.endswith("openapi.json"):
                    answer = send(Client(), method, route.fill(values), bearer=bearer, body={})
                    assert answer.status_code == 401, (method, route.template)


def test_a_role_removed(world: World) -> None:
    """Raj keeps what is in nobody's gift, his sign-in; the incident in his hands is not his to see any more."""
    world.cast.raj.grants.all().delete()
    assert set(looks(world, "raj").values()) <= {302, 404}
    actor = world.cast.actor("raj")
    assert [done.code for done in facade.act_on_many(actor, "close", [world.number], {})] == ["not_found"]


def test_a_grant_moved_to_another_team(world: World) -> None:
    """Jonas sees it while his grant names the team, by page and by API, and not a call longer."""
    grant = world.cast.jonas.grants.get()
    grant.team = world.cast.applications
    grant.save()
    assert looks(world, "jonas")["page"] == looks(world, "jonas")["api"] == 200
    grant.team = world.cast.network
    grant.save()
    assert set(looks(world, "jonas").values()) <= {302, 404}


def test_a_team_membership_removed(world: World) -> None:
    """ "My teams" is what one belongs to now."""
    someone, asked = world["amira"], "/api/v1/incidents?team=@myteams"
    Membership.objects.create(person=world.cast.amira, team=world.cast.applications)
    assert world.number in someone.browser.get(asked, headers=someone.bearer).content.decode()
    Membership.objects.filter(person=world.cast.amira, team=world.cast.applications).delete()
    assert world.number not in someone.browser.get(asked, headers=someone.bearer).content.decode()


def test_no_longer_shared(world: World) -> None:
    assert looks(world, "wanda")["portal"] == looks(world, "wanda")["api file"] == 200
    Watcher.objects.filter(person=world.wanda).delete()
    assert set(looks(world, "wanda").values()) <= {302, 404}


def test_a_person_moved_to_another_organisation(world: World) -> None:
    """An agent's grant stays where it was given; what a requester may name follows where they belong now."""
    paul, lookup = world["paul"], {"title": "x", "service": "quaggaservice"}

    def report() -> int:
        return int(send(paul.browser, "POST", "/api/v1/incidents", bearer=paul.bearer, body=lookup).status_code)

    assert report() == 201
    world.cast.paul.organisation = Organisation.objects.get(code="elsewhere")
    world.cast.paul.save(update_fields=["organisation"])
    assert report() == 422
    world.cast.paul.organisation = world.cast.gungun


def test_a_token_cannot_make_itself_live_longer(world: World) -> None:
    """A key lent for an hour does not make one for ever, nor does a reading one make a writing one."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    _token, secret = issue(world.cast.raj, "lent", expires_at=soon)
    bearer = {"Authorization": f"Bearer {secret}"}

    def make(**more: str) -> int:
        body = {"name": "child", **more}
        return int(send(Client(), "POST", "/api/v1/tokens", bearer=bearer, body=body).status_code)

    assert make() == 403
    assert make(expires_at=(soon + timedelta(minutes=1)).isoformat()) == 403
    assert make(expires_at=(soon - timedelta(minutes=1)).isoformat()) == 201
