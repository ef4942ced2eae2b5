"""Who may hear what: the same rule as for reading, asked from the record's side, and over when rights are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.sessions.backends.db import SessionStore

from quell.kernel.access.actor import Actor, actor_for_person
from quell.kernel.config import sql
from quell.kernel.live import changes
from quell.kernel.live.changes import Change
from quell.kernel.live.hearing import Audience, Listener, still
from quell.kernel.people.models import Person, RoleGrant
from quell.kernel.records.models import Record, Watcher
from quell.kernel.records.visibility import sees, sees_internal
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade
from tests.kernel.test_visibility import _actors

from .conftest import Report


@pytest.fixture
def world(people: Cast, report: Report) -> Cast:
    for by in ("claire", "paul"):
        report(by)
        for change in ({"team": "network"}, {"team": "applications"}, {"assignee": "amira@gungun.example"}):
            facade.act(people.actor("amira"), "assign", report(by), change)
    theirs = report("sam")
    facade.act(people.actor("stella"), "comment", theirs, {"body": "psst", "visibility": "internal"})
    Watcher.objects.create(record=Record.objects.filter(requester=people.claire).earliest("pk"), person=people.sam)
    return people


def committed() -> list[Change]:
    return [one for one in changes.read_rows(sql.rows(changes.NEXT, [0, [], 500])) if one.record_id]


def test_who_hears_is_who_sees(world: Cast) -> None:
    actors = [actor for actor in _actors(world) if actor.person_id is not None]
    audience: Audience[int] = Audience()
    for place, actor in enumerate(actors):
        audience.join(place, Listener(actor, "", ""))
    records = Record.objects.in_bulk()
    heard = committed()
    assert {one.public for one in heard} == {True, False}
    for change in heard:
        record = records[change.record_id]
        inside = {place for place, actor in enumerate(actors) if sees_internal(actor, record)}
        everybody = {place for place, actor in enumerate(actors) if sees(actor, record)}
        assert audience.inside(change) == inside
        assert audience.inside(change) | audience.outside(change) == (everybody if change.public else inside)
        for place, actor in enumerate(actors):
            told = True if place in inside else False if place in everybody and change.public else None
            assert changes.knows(actor, change) is told


def test_who_left_hears_nothing(world: Cast) -> None:
    audience: Audience[str] = Audience()
    for name in ("claire", "amira", "jonas", "root", "stella"):
        audience.join(name, Listener(world.actor(name), "", ""))
    everything = committed()
    assert {name for change in everything for name in audience.inside(change) | audience.outside(change)} == set(
        audience.listeners
    )
    for name in list(audience.listeners):
        audience.leave(name)
    assert not any(audience.inside(change) | audience.outside(change) for change in everything)
    assert len(audience) == 0


def test_what_has_no_public_part_is_said_to_nobody_outside(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "inside_only", lambda: ["incident"])
    claire = world.actor("claire")
    assert all(changes.knows(claire, change) is None for change in committed())
    audience: Audience[int] = Audience()
    audience.join(1, Listener(claire, "", ""))
    assert not any(audience.outside(change) for change in committed())


# The stream ends with the session


def listening(person: Person) -> Listener:
    session = SessionStore()
    session.create()
    actor = actor_for_person(person.pk)
    assert actor is not None
    assert session.session_key is not None
    return Listener(actor, session.session_key, person.get_session_auth_hash())


def test_nothing_changed(people: Cast) -> None:
    listeners = [listening(people.amira), listening(people.claire)]
    assert still(listeners) == listeners


def test_signed_out(people: Cast) -> None:
    first, second = listening(people.amira), listening(people.amira)
    SessionStore(first.session).delete()
    assert still([first, second]) == [None, second]


def test_deactivated(people: Cast) -> None:
    listener = listening(people.amira)
    Person.objects.filter(pk=people.amira.pk).update(is_active=False)
    assert still([listener]) == [None]


def test_another_password(people: Cast) -> None:
    listener = listening(people.amira)
    people.amira.set_password("another long password")
    people.amira.save()
    assert still([listener]) == [None]


def test_a_role_taken_away_is_heard_of(people: Cast) -> None:
    listener = listening(people.amira)
    RoleGrant.objects.filter(person=people.amira).delete()
    (now,) = still([listener])
    assert now is not None
    assert now.actor == replace(listener.actor, grants=())
    assert isinstance(now.actor, Actor)
    assert not now.actor.is_agent
