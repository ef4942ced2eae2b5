"""How changes are told: a list of named things thing by thing, and of each only what differs."""

from __future__ import annotations

import pytest

from quell.kernel.testing.cast import cast
from quell.practices.agreements.facade import spoken_changes
from quell.practices.calendars.models import Calendar
from quell.workspaces.administration.history import by_name

VPN = {"name": "VPN", "team": "network", "active": True, "person": None, "conditions": {"category": ["network/vpn"]}}
ERP = {"name": "ERP", "team": "applications", "active": True, "person": None, "conditions": {}}


def test_what_is_new_and_what_is_gone_stands_alone() -> None:
    assert by_name("rules", [], [VPN]) == [
        ("VPN", "–", "team: network, active: yes, conditions: category: network/vpn")
    ]
    assert by_name("rules", [VPN, ERP], [VPN]) == [("ERP", "team: applications, active: yes", "–")]


def test_of_what_stays_only_the_difference() -> None:
    assert by_name("rules", [VPN, ERP], [VPN, {**ERP, "team": "network"}]) == [
        ("ERP", "team: applications", "team: network")
    ]
    assert by_name("rules", [VPN], [{**VPN, "active": False}]) == [("VPN", "active: yes", "active: no")]


def test_another_order_is_told_by_names() -> None:
    ((_field, before, after),) = by_name("rules", [VPN, ERP], [ERP, VPN])
    assert (before, after) == ("VPN, ERP", "ERP, VPN")


def test_plain_values_are_told_as_before() -> None:
    for before, after, words in (("a", "b", ("a", "b")), ([], ["x", "y"], ("–", "x, y")), (None, True, ("–", "yes"))):
        ((_field, *told),) = by_name("name", before, after)
        assert tuple(told) == words


@pytest.mark.django_db
def test_an_agreement_is_told_in_words_and_not_in_codes() -> None:
    Calendar.objects.create(code="office", name="Office hours", organisation=cast().gungun)
    target = {
        "metric": "resolution", "kind": "duration", "amount": 28800, "calendar": "office", "priorities": [1, 2],
        "services": ["erp"], "criticalities": [1], "goal_percent": 95.5,
    }  # fmt: skip
    later = {**target, "kind": "end_of_nth_day", "amount": 2, "on_change": "restart"}
    changes = {
        "state": ["agreed", "active"],
        "valid_from": [None, "2026-07-24"],
        "tiers": [[], [{"below": "95", "credit": "2.5", "text": ""}]],
        "targets": [[target], [later]],
        "summary": ["active", "draft"],
    }
    told = [line for field, pair in spoken_changes(changes).items() for line in by_name(field, *pair)]
    assert told == [
        ("State", "Agreed", "In force"),
        ("Holds from", "–", "24 July 2026"),
        ("Credits", "–", "below 95 %: 2.5 % of the fee"),
        (
            "Resolution · P1, P2 · erp · criticality 1",
            "Within: 8 h, When priority or service change: –",
            "Within: by closing time 2 working days later, When priority or service change: begins anew",
        ),
        ("What it is about", "active", "draft"),
    ]
