"""How changes are told: a list of named things thing by thing, and of each only what differs."""

from __future__ import annotations

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
