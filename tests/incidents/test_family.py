"""Parents, children and duplicates."""

from __future__ import annotations

import pytest

from quell.kernel.config.refusal import Conflict, Invalid, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.notify.announce import announce_entry
from quell.kernel.notify.models import Notification
from quell.practices.incidents import facade
from quell.practices.incidents.settings import RESOLVE_CHILDREN_FIRST

RESOLVE = {"resolution_code": "replaced", "resolution": "New switch in place."}


@pytest.fixture
def link(people):
    def make(child: str, to: str, kind: str = "child_of") -> None:
        facade.act(people.actor("amira"), "link", child, {"to": to, "kind": kind})

    return make


def test_resolving_the_parent_resolves_its_children_with_the_same_words(people, incident_in, link):
    parent, first, second = incident_in(), incident_in(), incident_in("assigned")
    link(first, parent)
    link(second, parent)
    facade.act(people.actor("amira"), "resolve", parent, {**RESOLVE, "children": True})
    for number in (first, second):
        row = facade.ticket(people.actor("claire"), number)
        assert (row["state"], row["resolution"]) == ("resolved", "New switch in place.")


def test_children_stay_open_unless_asked_for(people, incident_in, link):
    parent, child = incident_in(), incident_in()
    link(child, parent)
    facade.act(people.actor("amira"), "resolve", parent, RESOLVE)
    assert facade.ticket(people.actor("amira"), child)["state"] == "new"


def test_a_parent_waits_for_its_children_where_the_organisation_wants_it_so(people, incident_in, link):
    RESOLVE_CHILDREN_FIRST.put(True)
    parent, child = incident_in(), incident_in()
    link(child, parent)
    with pytest.raises(Invalid) as refused:
        facade.act(people.actor("amira"), "resolve", parent, RESOLVE)
    assert [(one.field, child in one.message) for one in refused.value.errors] == [("children", True)]
    assert facade.ticket(people.actor("amira"), parent)["state"] == "new"
    facade.act(people.actor("amira"), "resolve", parent, {**RESOLVE, "children": True})
    assert facade.ticket(people.actor("amira"), child)["state"] == "resolved"


def test_children_that_are_done_hold_no_parent(people, incident_in, link):
    RESOLVE_CHILDREN_FIRST.put(True)
    parent, child = incident_in(), incident_in()
    link(child, parent)
    facade.act(people.actor("amira"), "resolve", child, RESOLVE)
    facade.act(people.actor("amira"), "resolve", parent, RESOLVE)
    assert facade.ticket(people.actor("amira"), parent)["state"] == "resolved"


def test_a_cascade_that_fails_for_one_child_changes_nobody(people, incident_in, link, monkeypatch):
    parent, child = incident_in(), incident_in()
    link(child, parent)
    facade.act(people.actor("amira"), "transfer", child, {"team": "network", "reason": "x"})
    from quell.practices.incidents.actions import resolve as module

    def broken(context):
        if context.record.number == child:
            raise Invalid("no")

    monkeypatch.setattr(module, "_complete_enough", broken)
    with pytest.raises(Invalid):
        facade.act(people.actor("amira"), "resolve", parent, {**RESOLVE, "children": True})
    assert facade.ticket(people.actor("amira"), parent)["state"] == "new"


def test_no_circles_no_second_parent_no_fourth_generation(incident_in, link):
    a, b, c, d, e = (incident_in() for _ in range(5))
    link(b, a)
    with pytest.raises(Invalid):
        link(a, b)
    with pytest.raises(Conflict):
        link(b, c)
    link(c, b)
    with pytest.raises(Invalid):
        link(d, c)
    with pytest.raises(Invalid):
        link(e, e)


def test_a_child_can_be_detached(people, incident_in, link):
    parent, child = incident_in(), incident_in()
    link(child, parent)
    facade.act(people.actor("amira"), "unlink", child, {"to": parent, "kind": "child_of"})
    assert facade.ticket(people.actor("amira"), child)["parent"] is None


def test_a_duplicate_closes_and_its_requester_follows_the_original(people, incident_in, link):
    original = facade.report(people.actor("paul"), {"title": "VPN"})
    copy = incident_in()
    link(copy, original, "duplicate_of")
    claire = people.actor("claire")
    row = facade.ticket(claire, copy)
    assert (row["state"], row["resolution_code"]) == ("closed", "duplicate")
    assert facade.ticket(claire, original)["internal"] is False
    facade.act(people.actor("amira"), "comment", original, {"body": "Found it.", "visibility": "public"})
    announce_entry(Entry.objects.latest("id").pk)
    assert Notification.objects.filter(person=people.claire, reason="watching").exists()


def test_two_cannot_be_duplicates_of_each_other(incident_in, link):
    first, second, third = incident_in(), incident_in(), incident_in("resolved")
    link(first, second, "duplicate_of")
    with pytest.raises((Invalid, WrongState)):
        link(second, first, "duplicate_of")
    with pytest.raises(WrongState):
        link(third, second, "duplicate_of")


def test_links_to_what_one_may_not_see_are_unknown(people, incident_in):
    hidden = facade.report(people.actor("sam"), {"title": "theirs"})
    with pytest.raises(Invalid) as refused:
        facade.act(people.actor("amira"), "link", incident_in(), {"to": hidden, "kind": "related_to"})
    assert refused.value.errors[0].field == "to"
