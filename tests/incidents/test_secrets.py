"""What is internal stays internal: notes, their words, their files, their events."""

from __future__ import annotations

import pytest

from quell.kernel.config.refusal import Forbidden
from quell.kernel.journal.models import Entry
from quell.kernel.notify.announce import announce_entry
from quell.kernel.notify.models import Notification
from quell.kernel.records.find import find
from quell.practices.incidents import facade

SECRET = "zugzwang"


@pytest.fixture
def noted(people, incident_in):
    number = incident_in("assigned")
    facade.act(people.actor("amira"), "comment", number, {"body": f"{SECRET} suspects", "visibility": "internal"})
    facade.act(people.actor("amira"), "hold", number, {"hold_reason": "part", "note": f"{SECRET} spare"})
    facade.act(people.actor("amira"), "edit", number, {"cause_code": "human_error"})
    return number


@pytest.mark.parametrize("name", ["claire", "paul"])
def test_nothing_internal_reaches_those_outside_the_desk(people, noted, name):
    if name == "paul":
        facade.act(people.actor("claire"), "watch", noted, {"person": "paul@gungun.example"})
    actor = people.actor(name)
    row = facade.ticket(actor, noted)
    said = repr((row, facade.timeline(actor, row), facade.attachments(actor, row)))
    assert SECRET not in said
    assert "human_error" not in said
    assert find(actor, SECRET) == []
    assert facade.page(actor, facade.wanted(actor, {"q": SECRET})).rows == []


def test_the_desk_finds_its_notes(people, noted):
    amira = people.actor("amira")
    assert [hit.number for hit in find(amira, SECRET)] == [noted]
    assert facade.page(amira, facade.wanted(amira, {"q": SECRET})).rows[0]["number"] == noted


def test_a_requester_cannot_write_an_internal_note(people, incident_in):
    with pytest.raises(Forbidden):
        facade.act(people.actor("claire"), "comment", incident_in(), {"body": "x", "visibility": "internal"})


def test_nobody_outside_is_told_of_a_note(people, noted):
    for entry in Entry.objects.all():
        announce_entry(entry.pk)
    told = Notification.objects.filter(person=people.claire).values_list("entry__public", flat=True)
    assert set(told) == {True}


def test_a_role_taken_away_is_gone_with_the_next_look(people, noted):
    people.amira.grants.all().delete()
    with pytest.raises(Exception, match="not yours to see"):
        facade.ticket(people.actor("amira"), noted)
