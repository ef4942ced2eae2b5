"""A request that has become a part of another, as its requester sees it."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade as incidents


def test_it_leads_to_where_it_goes_on_and_shows_what_was_said(
    people: Cast, enter: Callable[[Person], Client], number: str
) -> None:
    other = incidents.report(people.actor("paul"), {"title": "VPN broken", "description": "Since nine."})
    incidents.act(people.actor("amira"), "merge", other, {"into": number})
    paul, claire = enter(people.paul), enter(people.claire)
    assert paul.get(f"/portal/requests/{other}").headers["Location"] == f"/portal/requests/{number}"
    page = paul.get(f"/portal/requests/{number}").content.decode()
    assert "Since nine." in page
    assert "Every few minutes." in page
    assert "Since nine." in claire.get(f"/portal/requests/{number}").content.decode()
    assert claire.get(f"/portal/requests/{other}").status_code == 404
    incidents.act(people.actor("amira"), "unmerge", other)
    assert paul.get(f"/portal/requests/{number}").status_code == 404
    assert paul.get(f"/portal/requests/{other}").status_code == 200
