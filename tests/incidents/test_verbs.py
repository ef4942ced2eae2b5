"""Every verb in every state: what the lifecycle allows happens once and leaves one line; the rest is refused whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quell.kernel.actions.registry import of_kind
from quell.kernel.actions.run import run
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Stale, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.records.models import Record
from quell.practices.incidents import facade
from quell.practices.incidents.rules.lifecycle import INCIDENT

from .conftest import ROADS, SOUND

STATES = sorted(ROADS)


def test_every_transition_of_the_lifecycle_is_exercised_here():
    assert set(SOUND) == set(INCIDENT.verbs)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", sorted(SOUND))
def test_a_verb_works_exactly_where_the_lifecycle_says(people, incident_in, state, verb):
    number, amira = incident_in(state), people.actor("amira")
    record = Record.objects.get(number=number)
    entries = Entry.objects.filter(record=record).count()
    if INCIDENT.allows(state, verb):
        facade.act(amira, verb, number, SOUND[verb])
        after = Record.objects.get(number=number)
        assert after.state == INCIDENT.step(state, verb)
        assert after.state_category == INCIDENT.category(after.state)
        assert Entry.objects.filter(record=record).count() in (entries, entries + 1)
    else:
        with pytest.raises(WrongState):
            facade.act(amira, verb, number, SOUND[verb])
        after = Record.objects.get(number=number)
        assert (after.state, after.version) == (record.state, record.version)
        assert Entry.objects.filter(record=record).count() == entries


@pytest.mark.parametrize("state", STATES)
def test_each_road_leads_where_it_says(incident_in, state):
    assert Record.objects.get(number=incident_in(state)).state == state


@pytest.mark.parametrize("verb", sorted({a.verb for a in of_kind("incident")} - {"watch", "unwatch"}))
def test_a_stranger_learns_nothing_from_any_verb(people, incident_in, verb):
    with pytest.raises(NotFound):
        run(f"incidents.{verb}", people.actor("stella"), incident_in(), _anything(verb))


@pytest.mark.parametrize("name", ["jonas", "sam", "paul"])
def test_those_it_does_not_concern_do_not_find_it(people, incident_in, name):
    number = incident_in("new") if name != "jonas" else incident_in("assigned")
    if name == "jonas":
        facade.act(people.actor("amira"), "assign", number, {"team": "applications", "assignee": None})
    with pytest.raises(NotFound):
        facade.ticket(people.actor(name), number)


@pytest.mark.parametrize("verb", sorted(set(SOUND) - {"reopen", "close", "cancel"}))
def test_a_requester_does_not_do_the_desks_work(people, incident_in, verb):
    state = sorted(INCIDENT.sources(verb))[0]
    with pytest.raises(Forbidden):
        facade.act(people.actor("claire"), verb, incident_in(state), SOUND[verb])


def test_an_auditor_reads_everything_and_changes_nothing(people, incident_in):
    number, otto = incident_in("assigned"), people.actor("otto")
    assert facade.ticket(otto, number)["internal"] is True
    for verb in facade.verbs(otto, number):
        assert verb.verb in ("watch", "unwatch") or not verb.allowed


def _anything(verb: str) -> dict[str, object]:
    more = {
        "comment": {"body": "x", "visibility": "public"},
        "count_in": {"people": [], "affected_users": 2},
        "edit": {"title": "x"},
        "link": {"to": "INC-000001", "kind": "related_to"},
        "unlink": {"to": "INC-000001", "kind": "related_to"},
        "return": {"reason": "x"},
        "de_escalate": {"reason": "x"},
        "attach": {"sha256": "0" * 64, "name": "x"},
        "split": {"entries": [1]},
    }
    return {**SOUND, **more}.get(verb, {})


def test_a_stale_version_is_refused_with_the_present_one(people, incident_in):
    number = incident_in("assigned")
    with pytest.raises(Stale) as stale:
        facade.act(people.actor("amira"), "start", number, {}, version=1)
    assert stale.value.version == 2


def test_the_first_of_the_desk_to_touch_it_owns_it_to_the_end(people, incident_in):
    number = incident_in()
    facade.act(people.actor("amira"), "comment", number, {"body": "We look into it.", "visibility": "public"})
    facade.act(people.actor("amira"), "transfer", number, {"team": "network", "reason": "their switch"})
    facade.act(people.actor("jonas"), "resolve", number, SOUND["resolve"])
    row = facade.ticket(people.actor("mia"), number)
    assert (row["owner"], row["assignee"]) == ("amira@gungun.example", "jonas@gungun.example")


def test_a_transfer_counts_and_says_why(people, incident_in):
    number = incident_in("in_progress")
    facade.act(people.actor("amira"), "transfer", number, {"team": "network", "reason": "their switch"})
    row = facade.ticket(people.actor("mia"), number)
    assert (row["state"], row["team"], row["assignee"], row["transfer_count"]) == ("assigned", "network", None, 1)
    assert facade.timeline(people.actor("mia"), row)[-1]["reason"] == "their switch"


def test_the_first_public_reply_of_the_desk_is_the_response_and_begins_work(people, incident_in):
    number = incident_in("assigned")
    facade.act(people.actor("amira"), "comment", number, {"body": "note", "visibility": "internal"})
    assert facade.ticket(people.actor("amira"), number)["responded_at"] is None
    facade.act(people.actor("amira"), "comment", number, {"body": "Hello", "visibility": "public"})
    row = facade.ticket(people.actor("amira"), number)
    assert row["state"] == "in_progress"
    assert row["responded_at"] is not None


def test_the_requesters_answer_ends_the_wait_for_the_requester(people, incident_in):
    number = incident_in()
    facade.act(people.actor("amira"), "hold", number, {"hold_reason": "requester"})
    facade.act(people.actor("claire"), "comment", number, {"body": "Here it is.", "visibility": "public"})
    row = facade.ticket(people.actor("amira"), number)
    assert (row["state"], row["hold_reason"], row["resume_at"]) == ("in_progress", "", None)


def test_an_answer_does_not_end_a_wait_for_somebody_else(people, incident_in):
    number = incident_in("on_hold")
    facade.act(people.actor("claire"), "comment", number, {"body": "Any news?", "visibility": "public"})
    assert facade.ticket(people.actor("amira"), number)["state"] == "on_hold"


def test_reopening_counts_and_is_possible_only_within_the_window(people, incident_in):
    number = incident_in("resolved")
    later = datetime.now(UTC) + timedelta(days=15)
    with pytest.raises(WrongState):
        run("incidents.reopen", people.actor("claire"), number, {"reason": "again"}, now=later)
    facade.act(people.actor("claire"), "reopen", number, {"reason": "again"})
    row = facade.ticket(people.actor("amira"), number)
    assert (row["state"], row["reopen_count"], row["resolved_at"]) == ("in_progress", 1, None)


@pytest.mark.parametrize("when", [timedelta(minutes=-1), timedelta(days=5000)])
def test_a_hold_ends_in_a_sensible_future(people, incident_in, when):
    with pytest.raises(Invalid) as refused:
        facade.act(
            people.actor("amira"),
            "hold",
            incident_in(),
            {"hold_reason": "part", "resume_at": (datetime.now(UTC) + when).isoformat()},
        )
    assert refused.value.errors[0].field == "resume_at"


def test_what_is_closed_takes_notes_and_corrections_but_no_replies(people, incident_in):
    number, amira = incident_in("closed"), people.actor("amira")
    facade.act(amira, "comment", number, {"body": "seen again", "visibility": "internal"})
    facade.act(amira, "edit", number, {"category": "network/vpn"})
    with pytest.raises(WrongState):
        facade.act(amira, "comment", number, {"body": "hello", "visibility": "public"})
    with pytest.raises(WrongState):
        facade.act(amira, "edit", number, {"title": "another story"})


def test_priority_follows_the_matrix_until_somebody_says_why_not(people, incident_in):
    number, amira = incident_in(), people.actor("amira")
    facade.act(amira, "edit", number, {"impact": 1, "urgency": 1})
    assert facade.ticket(amira, number)["priority"] == 1
    with pytest.raises(Invalid):
        facade.act(amira, "edit", number, {"priority": 4})
    facade.act(amira, "edit", number, {"priority": 4, "priority_note": "agreed with the owner"})
    facade.act(amira, "edit", number, {"urgency": 2})
    assert facade.ticket(amira, number)["priority"] == 4
    facade.act(amira, "edit", number, {"priority": None})
    assert facade.ticket(amira, number)["priority"] == 1


def test_a_changed_matrix_decides_for_new_incidents_and_keeps_its_versions(people, incident_in):
    before = incident_in()
    version, cells = facade.matrix(None)
    cells[2][2] = 4
    cells[2][3] = cells[3][2] = 5
    cells[3][1] = 4
    cells[3][3] = 5
    assert facade.put_matrix(people.actor("root"), cells, organisation_id=None, based_on=version) == version + 1
    with pytest.raises(Invalid):
        facade.put_matrix(people.actor("root"), cells, organisation_id=None, based_on=version)
    after = incident_in()
    amira = people.actor("amira")
    assert (facade.ticket(amira, before)["priority"], facade.ticket(amira, after)["priority"]) == (3, 4)


def test_who_gives_work_away_sees_what_came_of_it_without_the_inside(people, incident_in):
    number = incident_in()
    jonas = people.actor("jonas")
    facade.act(jonas, "assign", number, {"team": "network"})
    people.jonas.grants.update(team=people.network)
    facade.act(people.actor("mia"), "edit", number, {"owner": "mia@gungun.example", "cause_code": "network"})
    facade.act(jonas, "transfer", number, {"team": "applications", "reason": "not ours"})
    with pytest.raises(NotFound):
        facade.ticket(jonas, number)
    row = facade.outcome(jonas, number)
    assert (row["team"], row["cause_code"], row["internal"]) == ("applications", None, False)
