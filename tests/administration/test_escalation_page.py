"""The page of the escalation matrix: the house's steps, one's own, and who would hear."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.testing.cast import Cast, cast
from quell.practices.clocks.models import EscalationStep
from quell.practices.incidents import facade as incidents

PAGE = "/admin/escalation?organisation=gungun"


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def ann(people: Cast, client: Client) -> Client:
    client.force_login(people.ann)
    return client


def test_what_the_house_ships_is_shown_copied_changed_and_removed(ann: Client, people: Cast) -> None:
    shown = ann.get(PAGE).content.decode()
    assert "these steps hold" in shown and "Role: Desk lead" in shown and "The manager two levels above" in shown
    assert shown.count("never comes") == 4  # nothing is promised yet, so only the breach speaks
    assert ann.post(PAGE).status_code == 302
    last = EscalationStep.objects.latest("percent")
    path = f"/admin/escalation/{last.pk}"
    assert "200" in ann.get(f"{path}?organisation=gungun").content.decode()
    data = {
        "percent": "100", "audiences": ["leads"], "others": "Mia@gungun.example", "verb": "transfer",
        "team": "network", "text": "Runs out.", "active": "on", "version": "1",
    }  # fmt: skip
    assert ann.post(f"{path}?organisation=gungun", data).status_code == 302
    last.refresh_from_db()
    assert (last.percent, last.audiences) == (100, ["leads", "mia@gungun.example"])
    assert (last.verb, last.inputs) == ("transfer", {"team": "network", "reason": "Runs out."})
    assert ann.post(f"{path}/remove?organisation=gungun").status_code == 302
    assert EscalationStep.objects.filter(organisation=people.gungun).count() == 4


def test_a_fault_stands_on_the_form_and_strangers_find_nothing(ann: Client, people: Cast) -> None:
    new = "/admin/escalation/new?organisation=gungun"
    refused = ann.post(new, {"percent": "90", "others": "nobody@gungun.example", "verb": ""})
    assert refused.status_code == 422 and "Nobody is meant by" in refused.content.decode()
    theirs = EscalationStep.objects.create(organisation=people.elsewhere, percent=50, audiences=["assignee"])
    assert ann.get(f"/admin/escalation/{theirs.pk}?organisation=gungun").status_code == 404
    ann.force_login(people.amira)
    assert ann.get(PAGE).status_code == 404


def test_it_says_who_would_hear_of_a_record(ann: Client, people: Cast) -> None:
    number = incidents.report(people.actor("claire"), {"title": "VPN drops"})
    assert "Nothing that was promised runs on it" in ann.get(f"{PAGE}&number={number}&at=90").content.decode()
    assert 'role="alert"' in ann.get(f"{PAGE}&number=INC-999999").content.decode()
