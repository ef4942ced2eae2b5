"""The rule of who sees which record says the same as a queryset, as SQL, and about a record at hand."""

from __future__ import annotations

import itertools

import pytest

from quell.kernel.access.actor import Actor, Grant
from quell.kernel.config import sql
from quell.kernel.records.explain import explain
from quell.kernel.records.models import Record, Watcher
from quell.kernel.records.visibility import internal_sql, sees, sees_internal, visible_sql
from quell.kernel.testing.cast import cast
from quell.practices.incidents import facade

VIEW = frozenset({"records.view", "records.work"})


@pytest.fixture
def world(db):
    people = cast()
    for reporter, changes in itertools.product(
        ("claire", "paul"), ({}, {"team": "network"}, {"team": "applications"}, {"assignee": "amira@gungun.example"})
    ):
        number = facade.report(people.actor(reporter), {"title": "broken"})
        if changes:
            facade.act(people.actor("amira"), "assign", number, changes)
    for reporter in ("sam", "stella"):
        facade.report(people.actor(reporter), {"title": "theirs"})
    record = Record.objects.filter(requester=people.claire).first()
    Watcher.objects.create(record=record, person=people.sam)
    return people


def _actors(people) -> list[Actor]:
    named = [
        people.actor(n)
        for n in ["claire", "paul", "amira", "jonas", "raj", "mia", "ann", "otto", "root", "sam", "stella"]
    ]
    grants = [
        (),
        (Grant("x", VIEW, frozenset({people.gungun.pk}), None),),
        (Grant("x", VIEW, frozenset({people.elsewhere.pk}), people.network.pk),),
        (Grant("x", VIEW, None, people.network.pk),),
        (Grant("x", VIEW, frozenset({people.gungun.pk}), people.network.pk), Grant("y", frozenset(), None, None)),
        (Grant("x", frozenset({"people.view"}), None, None),),
    ]
    made = [
        Actor(person.pk, person.email, person.name, person.organisation_id, grants=held)
        for person in (people.claire, people.stella, people.amira)
        for held in grants
    ]
    limited = [
        Actor(1, "a", "a", 1, grants=(Grant("x", VIEW, None, None),), token_scopes=frozenset({"people.view"})),
        Actor(None, "", "nobody", None),
    ]
    return [*named, *made, *limited]


def test_three_forms_of_one_rule_agree(world):
    records = list(Record.objects.all())
    for actor in _actors(world):
        condition, values = visible_sql(actor)
        by_sql = {r[0] for r in sql.rows(f"SELECT r.id FROM records_record r WHERE {condition}", values)}
        by_queryset = set(Record.objects.visible_to(actor).values_list("pk", flat=True))
        by_hand = {record.pk for record in records if sees(actor, record)}
        assert by_sql == by_queryset == by_hand, actor
        condition, values = internal_sql(actor)
        inside = {r[0] for r in sql.rows(f"SELECT r.id FROM records_record r WHERE {condition}", values)}
        assert inside == {record.pk for record in records if sees_internal(actor, record)}, actor
        assert inside <= by_sql


def test_what_belongs_to_no_team_is_everybodys_who_works_there(world):
    untriaged = Record.objects.filter(team=None, organisation=world.gungun).first()
    assert sees(world.actor("jonas"), untriaged)
    assert not sees(world.actor("stella"), untriaged)


def test_the_explanation_says_what_the_rule_decides(world):
    people = ["claire", "paul", "amira", "jonas", "raj", "mia", "ann", "otto", "root", "sam", "stella"]
    told = set()
    for name, record in itertools.product(people, Record.objects.select_related("organisation")):
        actor = world.actor(name)
        why = explain(actor, record)
        told.add(why.sight)
        assert (why.sight != "nothing") == sees(actor, record), (name, record.number)
        assert (why.sight == "everything") == sees_internal(actor, record), (name, record.number)
        assert bool(why.reasons) == sees(actor, record), (name, record.number, why)
        assert bool(why.near) == (not why.reasons), (name, record.number, why)
    assert told == {"everything", "public", "nothing"}


def test_the_explanation_names_role_and_place(world):
    network = Record.objects.filter(team=world.network, requester=world.claire).first()
    assert explain(world.actor("claire"), network).reasons == (
        "It is their own request (the public part).",
        "They reported it (the public part).",
    )
    stranger = explain(world.actor("stella"), network)
    assert stranger.sight == "nothing"
    assert "They neither reported it nor follow it." in stranger.near
