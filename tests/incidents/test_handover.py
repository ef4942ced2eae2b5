"""Handing over between teams and people: accept or return, the bounce limit, ping-pong, and an owner who stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quell.kernel.access.actor import actor_for_person
from quell.kernel.actions.run import run
from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Membership, Person, Role, RoleGrant
from quell.kernel.people.tokens import issue
from quell.kernel.records.models import Note, Record
from quell.practices.incidents import facade
from quell.practices.incidents.models import Handover, Incident
from quell.practices.incidents.rules.handover import TRANSFER_REASONS, bounces_back, is_quick, needs_lead, reasons
from quell.practices.incidents.settings import OWNER_RESOLVES, TRANSFER_LIMIT
from quell.practices.incidents.settings import TRANSFER_REASONS as REASONS_SETTING

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def handed(people, incident_in):
    """Amira has handed a new report of Claire's to the network team."""
    number = incident_in("in_progress")
    act(people, "amira", "transfer", number, {"team": "network", "reason": "it is the switch"})
    return number


def act(people, name, verb, number, data=None, now=None):
    if now is None:
        return facade.act(people.actor(name), verb, number, data or {})
    return run(f"incidents.{verb}", people.actor(name), number, data or {}, now=now)


def row(number):
    return Record.objects.select_related("team", "owner", "assignee").get(number=number)


def detail(number):
    return Incident.objects.get(record__number=number)


def last(number, verb):
    return Entry.objects.filter(record__number=number, verb=verb).latest("id")


def test_the_receiver_accepts_and_the_owner_stays(people, handed):
    assert row(handed).state == "assigned"
    assert detail(handed).transfer_count == 1
    assert Handover.objects.get().state == "pending"
    act(people, "jonas", "accept", handed)
    after = row(handed)
    assert (after.assignee.name, after.owner.name, after.team.code) == ("Jonas", "Amira", "network")
    assert Handover.objects.get().state == "accepted"
    assert detail(handed).handover_id is None


def test_accepting_may_take_the_ownership_too(people, handed):
    act(people, "jonas", "accept", handed, {"own": True})
    assert row(handed).owner.name == "Jonas"


def test_the_receiver_returns_it_with_a_reason(people, handed):
    with pytest.raises(Invalid):
        act(people, "jonas", "return", handed)
    act(people, "jonas", "return", handed, {"reason": "the switch is fine"})
    after, handover = row(handed), Handover.objects.get()
    assert (after.team, after.assignee.name, after.state) == (None, "Amira", "assigned")
    assert (handover.state, handover.return_reason, handover.quick) == ("returned", "the switch is fine", True)
    assert detail(handed).transfer_count == 2
    assert last(handed, "return").data["quick"] is True


@pytest.mark.parametrize(("minutes", "quick"), [(15, True), (16, False)])
def test_what_comes_back_within_fifteen_minutes_is_nobodys_work(people, incident_in, minutes, quick):
    number = incident_in("in_progress")
    act(people, "amira", "transfer", number, {"team": "network", "reason": "x"}, NOW)
    act(people, "jonas", "return", number, {"reason": "no"}, NOW + timedelta(minutes=minutes))
    assert Handover.objects.get().quick is quick


def test_whoever_begins_to_work_has_accepted(people, handed):
    act(people, "jonas", "start", handed)
    assert Handover.objects.get().state == "accepted"
    with pytest.raises(WrongState):
        act(people, "jonas", "accept", handed)


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("resolve", {"resolution_code": "fixed", "resolution": "done"}),
        ("cancel", {"reason": "withdrawn"}),
        ("assign", {"team": "applications", "assignee": "raj@gungun.example"}),
    ],
)
def test_what_ends_or_goes_elsewhere_waits_for_no_answer(people, handed, verb, data):
    act(people, "mia", verb, handed, data)
    assert Handover.objects.get().state == "lapsed"
    assert detail(handed).handover_id is None


def test_a_second_hand_over_settles_the_first(people, handed):
    act(people, "jonas", "transfer", handed, {"team": "applications", "reason": "the application"})
    assert list(Handover.objects.order_by("id").values_list("state", flat=True)) == ["lapsed", "pending"]


@pytest.mark.parametrize(("name", "refusal"), [("stella", NotFound), ("raj", NotFound), ("claire", Forbidden),
                                               ("otto", Forbidden)])  # fmt: skip
@pytest.mark.parametrize("verb", ["accept", "return", "dispute"])
def test_the_answer_is_for_the_receiver(people, handed, name, refusal, verb):
    with pytest.raises(refusal):
        act(people, name, verb, handed, {"reason": "mine?"} if verb != "accept" else {})


def test_whoever_handed_it_over_does_not_answer_it(people, handed):
    with pytest.raises(Forbidden):
        act(people, "amira", "accept", handed)


def test_a_person_of_the_same_team_can_be_the_target(people, incident_in):
    number = incident_in("in_progress")
    act(people, "amira", "transfer", number, {"assignee": "mia@gungun.example", "reason_code": "shift_end"})
    assert detail(number).transfer_count == 0, "it stays in its team"
    with pytest.raises(Forbidden):
        act(people, "amira", "return", number, {"reason": "no"})
    act(people, "mia", "accept", number)
    assert row(number).assignee.name == "Mia"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"team": "network"}, "reason"),
        ({"reason": "x"}, "team"),
        ({"team": "network", "reason_code": "because"}, "reason_code"),
        ({"team": "foreign", "reason": "x"}, "team"),
        ({"assignee": "amira@gungun.example", "reason": "x"}, "assignee"),
        ({"assignee": "stella@elsewhere.example", "reason": "x"}, "assignee"),
    ],
)
def test_what_is_missing_is_named(people, incident_in, data, field):
    number = incident_in("in_progress")
    with pytest.raises(Invalid) as refusal:
        act(people, "amira", "transfer", number, data)
    assert [error.field for error in refusal.value.errors] == [field]
    assert not Handover.objects.exists()


def test_the_receiver_reads_what_was_done_so_far(people, incident_in):
    number = incident_in("in_progress")
    act(people, "amira", "transfer", number, {"team": "network", "reason": "x", "note": "Port 7", "done": "Rebooted"})
    note = Note.objects.get()
    assert "Port 7" in note.body
    assert "Rebooted" in note.body
    claire = people.actor("claire")
    assert "Rebooted" not in str(facade.timeline(claire, facade.ticket(claire, number)))
    assert facade.handovers(claire, facade.ticket(claire, number)) == []


def wander(people, number, *teams):
    for name, team in zip(("amira", "amira", "amira", "amira"), teams, strict=False):
        act(people, name, "transfer", number, {"team": team, "reason": "not ours"})


def test_beyond_the_limit_the_lead_decides(people, incident_in):
    number = incident_in("in_progress")
    wander(people, number, "network", "applications", "service-desk")
    with pytest.raises(Conflict) as refusal:
        act(people, "amira", "transfer", number, {"team": "network", "reason": "again"})
    assert refusal.value.code == "routing_dispute"
    assert "Mia" in refusal.value.sentence
    assert row(number).team.code == "service-desk"
    assert detail(number).routing_dispute is True
    said = last(number, "dispute").data
    assert people.mia.pk in said["people"], "the lead is told"
    assert people.amira.pk in said["people"], "and the owner"
    with pytest.raises(Conflict):  # asked again: refused again, but nobody is told twice
        act(people, "amira", "transfer", number, {"team": "network", "reason": "again"})
    assert Entry.objects.filter(record__number=number, verb="dispute").count() == 1
    act(people, "mia", "transfer", number, {"team": "network", "reason": "I say so"})
    assert row(number).team.code == "network"
    assert detail(number).routing_dispute is False


def test_the_limit_is_a_setting_and_can_be_none(people, incident_in):
    TRANSFER_LIMIT.put(0, organisation_id=people.gungun.pk)
    number = incident_in("in_progress")
    wander(people, number, "network", "applications", "service-desk", "network")
    assert detail(number).transfer_count == 4


def test_back_and_forth_is_flagged_at_once(people, incident_in):
    number = incident_in("in_progress")
    act(people, "amira", "assign", number, {"team": "service-desk"})
    act(people, "amira", "transfer", number, {"team": "network", "reason": "x"})
    assert "ping_pong" not in last(number, "transfer").data
    act(people, "jonas", "transfer", number, {"team": "service-desk", "reason": "y"})
    said = last(number, "transfer").data
    assert said["ping_pong"] is True
    assert people.mia.pk in said["people"]


def test_the_reasons_are_a_setting(people, incident_in):
    REASONS_SETTING.put("Wrong floor, needs key", organisation_id=people.gungun.pk)
    assert facade.transfer_reasons(people.gungun.pk) == ("wrong_floor", "needs_key")
    number = incident_in("in_progress")
    act(people, "amira", "transfer", number, {"team": "network", "reason_code": "needs_key"})
    assert last(number, "transfer").data["reason_code"] == "needs_key"


def test_only_the_owner_resolves_where_it_is_so_decided(people, handed):
    OWNER_RESOLVES.put(True, organisation_id=people.gungun.pk)
    done = {"resolution_code": "fixed", "resolution": "Cable."}
    act(people, "jonas", "accept", handed)
    with pytest.raises(Forbidden) as refusal:
        act(people, "jonas", "resolve", handed, done)
    assert "Amira" in refusal.value.sentence
    act(people, "amira", "resolve", handed, done)
    act(people, "claire", "close", handed)
    assert row(handed).state == "closed"


def test_owned_but_elsewhere(people, handed):
    amira = people.actor("amira")
    found = facade.page(amira, facade.wanted(amira, {"query": "is:owned_elsewhere"})).rows
    assert [one["number"] for one in found] == [handed]
    jonas = people.actor("jonas")
    assert facade.page(jonas, facade.wanted(jonas, {"query": "is:owned_elsewhere"})).rows == []
    assert [one["number"] for one in facade.page(jonas, facade.wanted(jonas, {"query": "is:handed_to_me"})).rows] == [
        handed
    ]


def test_the_verbs_say_whether_an_answer_is_awaited(people, handed, incident_in):
    jonas = people.actor("jonas")
    assert {v.verb: v.allowed for v in facade.verbs(jonas, handed)}["accept"] is True
    assert {v.verb: v.allowed for v in facade.verbs_on(jonas, facade.ticket(jonas, handed))}["return"] is True
    other = {v.verb: v for v in facade.verbs(people.actor("amira"), incident_in("assigned"))}
    assert other["accept"].allowed is False
    assert "waits for an answer" in other["accept"].reason


def test_a_team_without_members_can_be_answered_by_whoever_works_there(people, handed):
    Membership.objects.filter(team=people.network).delete()
    nina = Person.objects.create_user("nina@gungun.example", "Nina", people.gungun)
    RoleGrant.objects.create(person=nina, role=Role.objects.get(code="agent"), organisation=people.gungun)
    run("incidents.accept", actor_for_person(nina.pk), handed)
    assert row(handed).assignee == nina


def test_the_refusal_of_a_program_stays_with_its_flag(people, incident_in, client):
    """A repeated call under one key gets the refusal again, and the lead is called all the same."""
    number = incident_in("in_progress")
    wander(people, number, "network", "applications", "service-desk")
    _token, token = issue(people.amira, "tests")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}
    for _again in range(2):
        response = client.post(
            f"/api/v1/incidents/{number}/transfer",
            {"team": "network", "reason": "again"},
            content_type="application/json",
            headers=headers,
        )
        assert (response.status_code, response.json()["code"]) == (409, "routing_dispute")
    assert client.get(f"/api/v1/incidents/{number}", headers=headers).json()["routing_dispute"] is True
    handovers = client.get(f"/api/v1/incidents/{number}/handovers", headers=headers).json()["items"]
    assert [one["to_team"] for one in handovers] == ["network", "applications", "service-desk"]


def test_rules_by_example():
    assert reasons("") == TRANSFER_REASONS
    assert reasons("A b, a-b ,,c") == ("a_b", "c")
    assert [needs_lead(n, 3) for n in (2, 3, 4)] == [False, True, True]
    assert not needs_lead(99, 0)
    assert bounces_back([1, None], 2, 1)
    assert not bounces_back([1], 2, 3)
    assert not bounces_back([None], 2, None)
    assert is_quick(NOW, NOW + timedelta(minutes=15))
    assert not is_quick(NOW, NOW + timedelta(minutes=15, seconds=1))
