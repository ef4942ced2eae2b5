"""Rating the help: by the person who was helped, when it is done, read by the lead."""

from __future__ import annotations

import pytest

from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, WrongState
from quell.kernel.testing.cast import Cast
from quell.practices.communications import facade
from quell.practices.incidents import facade as incidents


@pytest.fixture
def number(people: Cast) -> str:
    """Claire's report, resolved by Amira."""
    number = incidents.report(people.actor("claire"), {"title": "VPN drops"})
    amira = people.actor("amira")
    incidents.act(amira, "resolve", number, {"resolution_code": "fixed", "resolution": "Works."})
    return number


def test_the_requester_rates_and_the_lead_reads(people: Cast, number: str) -> None:
    facade.rate(people.actor("claire"), number, {"stars": 2})
    facade.rate(people.actor("claire"), number, {"stars": 4, "comment": "Quick in the end."})
    rows = facade.ratings(people.actor("mia"))
    assert [(row["number"], row["stars"], row["comment"], row["assignee"]) for row in rows] == [
        (number, 4, "Quick in the end.", "amira@gungun.example")
    ]
    record = incidents.ticket(people.actor("claire"), number)["id"]
    assert (facade.own_rating(record, people.claire.pk) or {})["stars"] == 4


@pytest.mark.parametrize("name", ["claire", "amira", "jonas", "stella", "otto"])
def test_nobody_but_leads_reads_ratings(people: Cast, number: str, name: str) -> None:
    facade.rate(people.actor("claire"), number, {"stars": 1})
    assert facade.ratings(people.actor(name)) == []


def test_others_do_not_rate(people: Cast, number: str) -> None:
    with pytest.raises(NotFound):
        facade.rate(people.actor("paul"), number, {"stars": 5})
    with pytest.raises(Forbidden):
        facade.rate(people.actor("amira"), number, {"stars": 5})


def test_not_before_it_is_done_and_only_one_to_five(people: Cast, number: str) -> None:
    fresh = incidents.report(people.actor("claire"), {"title": "Printer"})
    with pytest.raises(WrongState):
        facade.rate(people.actor("claire"), fresh, {"stars": 5})
    for stars in (0, 6, "5", None):
        with pytest.raises(Invalid):
            facade.rate(people.actor("claire"), number, {"stars": stars})


def test_low_ratings_can_be_asked_for(people: Cast, number: str) -> None:
    facade.rate(people.actor("claire"), number, {"stars": 4})
    assert facade.ratings(people.actor("mia"), at_most=3) == []
    assert len(facade.ratings(people.actor("mia"), at_most=4)) == 1
