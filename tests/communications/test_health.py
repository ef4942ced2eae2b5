"""Service health: the worst of what was announced and of open incidents, and what visitors may know of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from quell.kernel.items.models import Item
from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast
from quell.practices.communications import facade
from quell.practices.communications.rules.health import HEALTH, worst
from quell.practices.communications.settings import PUBLIC_HEALTH
from quell.practices.incidents import facade as incidents

from .conftest import Announce


def health(people: Cast, name: str) -> dict[str, str]:
    actor = people.actor(name)
    return {light.code: light.health for light in facade.health(actor, facade.showing(actor))}


def test_the_worst_counts() -> None:
    assert worst([]) == "works"
    for at, word in enumerate(HEALTH):
        assert worst(HEALTH[: at + 1]) == word


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"severity": "outage"}, "degraded"),
        ({"severity": "outage", "effect": "down"}, "down"),
        ({"severity": "maintenance"}, "maintenance"),
        ({"severity": "information"}, "works"),
        ({"severity": "outage", "publish": False}, "works"),
        ({"severity": "outage", "audience": {"teams": ["network"]}}, "works"),
    ],
)
def test_an_announcement_changes_the_health_of_its_service(
    people: Cast, announce: Announce, facts: dict[str, object], expected: str
) -> None:
    assert health(people, "claire") == {"mail": "works"}
    announce(service="mail", **facts)
    assert health(people, "claire") == {"mail": expected}


def test_open_incidents_change_it_too_until_they_are_resolved(people: Cast) -> None:
    amira = people.actor("amira")
    number = incidents.report(people.actor("paul"), {"title": "Mail", "service": "mail", "impact": 1, "urgency": 1})
    assert incidents.ticket(amira, number)["priority"] == 1
    assert health(people, "claire") == {"mail": "degraded"}
    incidents.act(amira, "edit", number, {"major": True})
    assert health(people, "claire") == {"mail": "down"}
    incidents.act(amira, "resolve", number, {"resolution_code": "fixed", "resolution": "Works."})
    assert health(people, "claire") == {"mail": "works"}
    incidents.report(people.actor("paul"), {"title": "Mail slow", "service": "mail", "impact": 3})
    assert health(people, "claire") == {"mail": "works"}


def test_strangers_see_their_own_services_only(people: Cast, announce: Announce) -> None:
    Item.objects.create(item_class="service", code="theirs", name="Theirs", organisation=people.elsewhere)
    announce(service="mail")
    assert health(people, "sam") == {"theirs": "works"}


def test_what_is_hurt_stands_first_and_maintenance_says_until_when(people: Cast, announce: Announce) -> None:
    Item.objects.create(item_class="service", code="printing", name="Printing", organisation=people.gungun)
    until = datetime.now(UTC) + timedelta(hours=3)
    announce(service="printing", severity="maintenance", ends_at=until)
    actor = people.actor("claire")
    lights = facade.health(actor, facade.showing(actor))
    assert [(light.code, light.until) for light in lights] == [("printing", until), ("mail", None)]


def test_visitors_learn_only_what_an_organisation_lets_them(people: Cast, announce: Announce) -> None:
    Item.objects.create(item_class="service", code="theirs", name="Theirs", organisation=people.elsewhere)
    assert facade.public_health() == []
    PUBLIC_HEALTH.put(True, organisation_id=people.gungun.pk)
    assert [(light.code, light.health) for light in facade.public_health()] == [("mail", "works")]
    incidents.report(people.actor("paul"), {"title": "Mail", "service": "mail", "impact": 1, "urgency": 1})
    announce(service="mail", audience={"teams": ["network"]})
    assert [light.health for light in facade.public_health()] == ["works"]
    announce(service="mail", effect="down")
    assert [light.health for light in facade.public_health()] == ["down"]
    PUBLIC_HEALTH.put(True)
    assert {light.code for light in facade.public_health()} == {"mail", "theirs"}
    PUBLIC_HEALTH.put(False, organisation_id=people.gungun.pk)
    assert [light.code for light in facade.public_health()] == ["theirs"]


def test_visitors_learn_that_something_is_disturbed_and_no_name(people: Cast, announce: Announce) -> None:
    assert facade.public_summary() == "", "of two companies nobody knows which is the visitor's"
    assert "light works" not in Client().get("/sign-in").content.decode()
    Person.objects.filter(organisation=people.elsewhere).update(is_active=False)
    assert facade.public_summary() == "works"
    announce(service="mail", audience={"teams": ["service-desk"]})
    assert facade.public_summary() == "works", "what was told to some is not told to all"
    made = announce(title="Quagga mail is down", service="mail", effect="down")
    assert facade.public_summary() == "down"
    page = Client().get("/sign-in").content.decode()
    assert "Something does not work" in page and "Quagga" not in page and "light down" in page
    facade.end(people.actor("mia"), made)
    assert "We know of nothing that is disturbed" in Client().get("/sign-in").content.decode()
