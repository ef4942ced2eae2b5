"""Escalation (domain.md 4.2): more skill is a hand-over with an answer, more authority climbs the chain of managers,
and taking it back leads to where it came from. Ownership never changes."""

from __future__ import annotations

import pytest

from quell.kernel.actions.directory.people import edit_person
from quell.kernel.config.refusal import Invalid, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Person
from quell.kernel.records.models import Record
from quell.practices.incidents import facade
from quell.practices.incidents.models import Escalation, Handover, Incident


@pytest.fixture
def desk(people, incident_in):
    """An incident of Amira's at the desk, and verbs on it."""
    number = incident_in()
    facade.act(people.actor("amira"), "assign", number, {"team": "service-desk", "assignee": "amira@gungun.example"})
    facade.act(people.actor("amira"), "start", number, {})

    def act(verb: str, who: str = "amira", **inputs):
        facade.act(people.actor(who), verb, number, inputs)
        return Record.objects.get(number=number), Incident.objects.get(record__number=number)

    act.number = number
    return act


@pytest.fixture
def ranks(people):
    """Jonas ← Mia ← Ann ← Otto; Ann decides on 20,000 DKK, Otto on 100,000."""
    for person, manager in (("jonas", "mia"), ("mia", "ann"), ("ann", "otto")):
        edit_person(people.actor("root"), f"{person}@gungun.example", {"manager": f"{manager}@gungun.example"})
    for person, limit in (("ann", 20_000), ("otto", 100_000)):
        money = {"approval_limit": limit, "approval_currency": "DKK"}
        edit_person(people.actor("root"), f"{person}@gungun.example", money)


def called(number: str) -> list[set[str]]:
    lines = Entry.objects.filter(record__number=number, verb="escalate").order_by("id")
    return [set(Person.objects.filter(pk__in=line.data["people"]).values_list("name", flat=True)) for line in lines]


def test_more_skill_is_offered_and_accepted_while_the_owner_stays(desk, people):
    record, incident = desk("escalate", kind="functional", to="network", reason="routing table")
    assert (record.team, record.assignee, record.owner, record.state) == (
        people.network,
        None,
        people.amira,
        "assigned",
    )
    assert (incident.escalation_level, incident.transfer_count) == (1, 0)
    record, incident = desk("accept", "jonas")
    assert (record.assignee, record.owner, incident.handover_id) == (people.jonas, people.amira, None)
    assert Handover.objects.get().state == "accepted"
    assert Escalation.objects.get().ended_at is None


@pytest.mark.parametrize("verb", ["return", "de_escalate"])
def test_given_or_taken_back_it_is_where_it_came_from(desk, people, verb):
    desk("escalate", kind="functional", to="network", reason="routing table")
    desk("escalate", "jonas", kind="functional", to="applications", reason="it is the client")
    record, incident = desk(verb, "raj" if verb == "return" else "amira", reason="ours is fine")
    assert (record.team, incident.escalation_level, incident.transfer_count) == (people.network, 1, 0)
    record, incident = desk("de_escalate", reason="solved by hand")
    assert (record.team, record.assignee, record.owner) == (people.desk, people.amira, people.amira)
    assert incident.escalation_level == 0
    with pytest.raises(WrongState, match="not escalated"):
        desk("de_escalate", reason="again")


@pytest.mark.parametrize("to", ["service-desk", "amira@gungun.example"])
def test_those_who_have_it_are_no_escalation(desk, to):
    with pytest.raises(Invalid):
        desk("escalate", kind="functional", to=to, reason="?")


def test_more_authority_climbs_one_step_at_a_time_until_nobody_is_above(desk, ranks):
    for _level in range(3):
        record, incident = desk("escalate", kind="hierarchical", reason="supplier stuck")
    assert called(desk.number) == [{"Mia"}, {"Ann"}, {"Otto"}]
    assert (incident.escalation_level, record.assignee.name, record.team.code) == (3, "Amira", "service-desk")
    with pytest.raises(Invalid, match="Nobody stands above Otto"):
        desk("escalate", kind="hierarchical", reason="still")
    desk("de_escalate", reason="the supplier answered")
    desk("escalate", kind="hierarchical", reason="and is gone again")
    assert called(desk.number)[-1] == {"Otto"}


def test_a_lead_who_escalates_calls_their_own_manager(desk, ranks):
    desk("escalate", "mia", kind="hierarchical", reason="beyond me")
    assert called(desk.number) == [{"Ann"}]


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        pytest.param({"authority": "money", "amount": "20000", "currency": "DKK"}, "Ann", id="just-enough"),
        pytest.param({"authority": "money", "amount": "20000.01", "currency": "DKK"}, "Otto", id="one-above"),
        pytest.param({"authority": "authority"}, "Mia", id="who-may-lead"),
    ],
)
def test_money_and_authority_go_to_the_first_who_has_them(desk, ranks, asked, who):
    desk("escalate", kind="hierarchical", reason="a new licence", **asked)
    assert called(desk.number) == [{who}]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        pytest.param({"amount": "100001", "currency": "DKK"}, "Nobody above may decide on 100,001 DKK", id="too-much"),
        pytest.param({"amount": "5", "currency": "EUR"}, "Nobody above may decide on 5 EUR", id="other-currency"),
        pytest.param({"amount": "5"}, "in which currency", id="no-currency"),
    ],
)
def test_money_that_nobody_decides_on_is_said(desk, ranks, asked, sentence):
    with pytest.raises(Invalid, match=sentence):
        desk("escalate", kind="hierarchical", reason="?", authority="money", **asked)


@pytest.mark.parametrize(
    ("person", "change", "sentence"),
    [
        pytest.param("otto", {"manager": "jonas@gungun.example"}, "above themselves", id="circle"),
        pytest.param("otto", {"manager": "otto@gungun.example"}, "above themselves", id="oneself"),
        pytest.param("otto", {"manager": "nobody@gungun.example"}, "Nobody with the address", id="unknown"),
        pytest.param("raj", {"approval_limit": 5}, "in which currency", id="no-currency"),
        pytest.param("ann", {"approval_limit": None, "approval_currency": "EUR"}, "up to how much", id="no-amount"),
    ],
)
def test_managers_stand_in_a_chain(people, ranks, person, change, sentence):
    with pytest.raises(Invalid, match=sentence):
        edit_person(people.actor("root"), f"{person}@gungun.example", change)


def test_more_than_twenty_managers_above_one_another_are_refused(people):
    rows = [Person.objects.create_user(f"p{n}@gungun.example", f"P{n}", people.gungun) for n in range(21)]
    for below, above in zip(rows[1:], rows, strict=False):
        Person.objects.filter(pk=below.pk).update(manager=above)
    with pytest.raises(Invalid, match="20"):
        edit_person(people.actor("root"), "claire@gungun.example", {"manager": rows[-1].email})
    with pytest.raises(Invalid, match="20"):
        edit_person(people.actor("root"), rows[0].email, {"manager": "ann@gungun.example"})


def test_a_limit_and_a_manager_are_taken_away_again(people, ranks):
    edit_person(people.actor("root"), "ann@gungun.example", {"manager": "", "approval_limit": None})
    ann = Person.objects.get(email="ann@gungun.example")
    assert (ann.manager, ann.approval_limit, ann.approval_currency) == (None, None, "")
