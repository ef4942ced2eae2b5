"""Rules of assignment: which one holds, who gets it, what is said about it, and trying them out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from quell.kernel.actions import listening
from quell.kernel.config.refusal import Forbidden, Invalid, Stale
from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Membership, Person
from quell.kernel.records.models import Record
from quell.practices.incidents import facade as incidents
from quell.practices.workforce import facade
from quell.practices.workforce.models import Absence, Availability, Competence, Rule, Skill
from quell.practices.workforce.rules.matching import Case, fails

from .conftest import NOW

CASE = Case("INC-1", 1, ("gungun", "shop"), 7, 3, 2, "network/vpn", "mail", "da", "phone", vip=True)


@pytest.mark.parametrize(
    ("conditions", "failed"),
    [
        ({}, ""),
        ({"category": ["network"]}, ""),
        ({"category": ["net"]}, "category"),
        ({"category": ["hardware", "network/vpn"]}, ""),
        ({"service": ["mail"], "impact": [1, 2]}, ""),
        ({"service": ["till"], "impact": [1]}, "service"),
        ({"organisation": ["shop"]}, ""),
        ({"organisation": ["warehouse"]}, "organisation"),
        ({"language": ["en", "da"], "vip": True, "channel": ["phone"]}, ""),
        ({"vip": False}, "vip"),
        ({"channel": ["email"]}, "channel"),
    ],
)
def test_when_a_rule_holds(conditions, failed):
    assert fails(conditions, CASE) == failed


def report(people, **facts):
    return incidents.report(people.actor("claire"), {"title": "VPN drops", **facts})


def give(people, number):
    """What the listener does, as the job would call it."""
    entry = Entry.objects.filter(record__number=number, verb="open").latest("id")
    assert listening.hear("report_to_assignment", entry.pk)
    return Record.objects.select_related("team", "assignee", "owner").get(number=number)


def test_a_new_report_goes_where_the_rules_say_and_the_history_says_why(people, rules):
    rules(
        {"conditions": {"category": ["hardware"]}, "team": "applications"},
        {"team": "network", "policy": "least_loaded"},
    )
    number = report(people)
    record = give(people, number)
    assert (record.team.code, record.assignee.name, record.state) == ("network", "Amira", "assigned")
    assert record.owner is None, "a rule is no human touch"
    line = Entry.objects.get(record=record, verb="assign")
    assert (line.channel, line.actor) == ("rule", None)
    words = facade.explain(line.data)
    assert words[0] == "The rule “rule 1” held."
    assert "“rule 0” (category)" in words[-1]
    assert Rule.objects.get(name="rule 1").fired == 1


def test_a_person_who_was_quicker_stays(people, rules):
    rules({"team": "network"})
    number = report(people)
    incidents.act(people.actor("mia"), "assign", number, {"assignee": "mia@gungun.example"})
    assert give(people, number).assignee.name == "Mia"


def test_without_a_rule_nothing_moves(people, rules):
    rules({"conditions": {"vip": True}, "team": "network"})
    record = give(people, report(people))
    assert (record.team, record.state) == (None, "new")


def test_turns_go_round(people, rules):
    rules({"team": "network", "policy": "round_robin"})
    names = [give(people, report(people)).assignee.name for _turn in range(4)]
    assert names == ["Amira", "Jonas", "Amira", "Jonas"]


@pytest.mark.parametrize(
    "away",
    [
        lambda p: Availability.objects.create(person=p.amira, taking_work=False),
        lambda p: Availability.objects.create(person=p.amira, hours={"sun": [["03:00", "03:01"]]}),
        lambda p: Availability.objects.create(person=p.amira, capacity=0),
        lambda p: Person.objects.filter(pk=p.amira.pk).update(is_active=False),
        lambda p: Absence.objects.create(
            person=p.amira, created_at=NOW, starts_at=NOW - timedelta(days=9999), ends_at=NOW + timedelta(days=9999)
        ),
    ],
)
def test_nobody_away_gets_anything(people, rules, away):
    away(people)
    rules({"team": "network", "policy": "round_robin"})
    assert {give(people, report(people)).assignee.name for _turn in range(3)} == {"Jonas"}


def test_when_nobody_can_it_waits_for_the_team(people, rules):
    Membership.objects.filter(team=people.network).delete()
    rules({"team": "network"})
    record = give(people, report(people))
    assert (record.team.code, record.assignee) == ("network", None)
    words = facade.explain(Entry.objects.get(record=record, verb="assign").data)
    assert "waits for its team" in words[1]


def test_skills_decide(people, rules):
    vpn = Skill.objects.create(code="vpn", name="VPN")
    Competence.objects.create(person=people.jonas, skill=vpn, level=4)
    rules({"team": "network", "policy": "skill", "needs": {"vpn": 3}})
    record = give(people, report(people))
    assert record.assignee.name == "Jonas"
    words = " ".join(facade.explain(Entry.objects.get(record=record, verb="assign").data))
    assert "Not Amira: vpn at level 0, 3 is needed." in words


def test_the_same_person_again(people, rules):
    rules({"team": "network", "policy": "sticky"})
    first = report(people)
    incidents.act(people.actor("amira"), "assign", first, {"assignee": "jonas@gungun.example", "team": "network"})
    assert give(people, report(people)).assignee.name == "Jonas"


def test_a_named_person_or_their_substitute(people, rules):
    Absence.objects.create(
        person=people.jonas, substitute=people.raj, created_at=NOW, starts_at=NOW - timedelta(days=9999),
        ends_at=NOW + timedelta(days=9999),
    )  # fmt: skip
    rules({"policy": "fixed", "person": "jonas@gungun.example"})
    record = give(people, report(people))
    assert record.assignee.name == "Raj"
    assert "Stands in for Jonas." in facade.explain(Entry.objects.get(record=record, verb="assign").data)


def test_rules_of_the_nearest_organisation_go_first(people, rules):
    from quell.kernel.people.tree import create_organisation

    shop = create_organisation("shop", "Shop", people.gungun)
    rules({"team": "applications"})
    rules({"team": "network"}, organisation="shop")
    Person.objects.filter(pk=people.claire.pk).update(organisation=shop)
    assert give(people, report(people)).team.code == "network"
    assert give(people, incidents.report(people.actor("paul"), {"title": "x"})).team.code == "applications"


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"policy": "round_robin"}, "rules.0.team"),
        ({"policy": "fixed"}, "rules.0.person"),
        ({"team": "foreign"}, "rules.0.team"),
        ({"team": "network", "needs": {"juggling": 2}}, "rules.0.needs.juggling"),
        ({"team": "network", "conditions": {"category": ["nonsense"]}}, "rules.0.conditions.category"),
        ({"team": "network", "conditions": {"service": ["nonsense"]}}, "rules.0.conditions.service"),
        ({"team": "network", "conditions": {"organisation": ["elsewhere"]}}, "rules.0.conditions.organisation"),
        ({"team": "network", "conditions": {"language": ["tlh"]}}, "rules.0.conditions.language"),
        ({"team": "network", "conditions": {"channel": ["drum"]}}, "rules.0.conditions.channel"),
        ({"policy": "fixed", "person": "stella@elsewhere.example"}, "rules.0.person"),
        ({"policy": "dice", "team": "network"}, "rules.0.policy"),
    ],
)
def test_a_rule_that_leads_nowhere_is_refused_by_name(people, rules, rule, field):
    with pytest.raises(Invalid) as refusal:
        rules(rule)
    assert [error.field for error in refusal.value.errors] == [field]
    assert not Rule.objects.exists()


@pytest.mark.parametrize("name", ["claire", "amira", "jonas", "otto", "stella"])
def test_rules_are_for_leads_and_administrators(people, rules, name):
    with pytest.raises((Forbidden, Invalid)):
        rules({"team": "network"}, name=name)
    with pytest.raises((Forbidden, Invalid)):
        facade.rules(people.actor(name), "gungun")
    with pytest.raises((Forbidden, Invalid)):
        facade.try_rules(people.actor(name), {"organisation": "gungun"})


def test_a_stale_list_is_refused_and_every_change_has_a_line(people, rules):
    rules({"team": "network"})
    _place, version, _rules = facade.rules(people.actor("mia"), "gungun")
    rules({"team": "applications"})
    with pytest.raises(Stale):
        facade.put_rules(people.actor("mia"), {"organisation": "gungun", "rules": []}, version=version)
    line = Entry.objects.filter(subject="assignment_rules").latest("id")
    assert line.changes["rules"][0][0]["team"] == "network"
    assert line.changes["rules"][1][0]["team"] == "applications"


def test_a_trial_says_what_would_change_and_changes_nothing(people, rules):
    rules({"team": "applications"})
    numbers = [report(people) for _n in range(3)]
    drafts = [{"name": "all to network", "team": "network"}]
    found = facade.try_rules(people.actor("ann"), {"organisation": "gungun", "rules": drafts})
    assert {one.number for one in found} == set(numbers)
    assert {(one.rule, one.team, one.person, one.differs) for one in found} == {
        ("all to network", "Network", "Amira", True)
    }
    assert found[0].why[0] == "The rule “all to network” held."
    assert Rule.objects.get().team.code == "applications"
    assert Rule.objects.get().fired == 0
    assert Record.objects.filter(team=None).count() == 3


def test_two_at_once_do_not_take_the_same_turn(people, rules):
    """The decision holds the team's row, so a second one waits and sees whose turn it was."""
    rules({"team": "network", "policy": "round_robin"})
    row = incidents.ticket(replace(people.actor("amira")), report(people))
    first = facade.give_out(row, NOW)
    second = facade.give_out(row, NOW + timedelta(seconds=1))
    assert first.person_id != second.person_id
