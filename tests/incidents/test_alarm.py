"""The queue is never nobody's: what nobody takes is said aloud, once a step, whatever restarts in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quell.kernel.access.actor import HOUSE
from quell.kernel.actions.run import run
from quell.kernel.config.refusal import Forbidden, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.notify.announce import announce_entry
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import Membership
from quell.practices.incidents import facade
from quell.practices.incidents.actions.report import Report, report
from quell.practices.incidents.jobs import sweep_alarms
from quell.practices.incidents.models import Incident
from quell.practices.incidents.settings import UNASSIGNED_MINUTES

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def reported(people, **facts):
    return report(people.actor("claire"), Report(title="Till is dead", **facts), now=NOW).number


def due(number):
    return Incident.objects.get(record__number=number).alarm_due_at


def alarms(number):
    return list(Entry.objects.filter(record__number=number, verb="alarm").order_by("id").values_list("data", flat=True))


@pytest.mark.parametrize(("impact", "urgency", "minutes"), [(1, 1, 10), (2, 2, 30), (4, 4, 30)])
def test_how_long_a_report_may_lie(people, impact, urgency, minutes):
    assert due(reported(people, impact=impact, urgency=urgency)) == NOW + timedelta(minutes=minutes)


def test_the_leads_are_told_once_a_step(people):
    number = reported(people)
    assert sweep_alarms(NOW + timedelta(minutes=29)) == 0
    for _restart in range(3):
        sweep_alarms(NOW + timedelta(minutes=30))
    assert [said["step"] for said in alarms(number)] == [1]
    assert alarms(number)[0]["people"] == [people.mia.pk, people.ann.pk]
    for _restart in range(3):
        sweep_alarms(NOW + timedelta(minutes=60))
    assert [said["step"] for said in alarms(number)] == [1, 2]
    sweep_alarms(NOW + timedelta(days=3))
    assert len(alarms(number)) == 2


def test_a_team_hears_by_its_leads_first(people):
    Membership.objects.filter(person=people.jonas).update(lead=True)
    number = reported(people)
    facade.act(people.actor("amira"), "assign", number, {"team": "network"})
    sweep_alarms(due(number))
    assert alarms(number)[0]["people"] == [people.jonas.pk]
    sweep_alarms(due(number))
    assert set(alarms(number)[1]["people"]) == {people.jonas.pk, people.mia.pk, people.ann.pk}


def test_the_alarm_said_again_takes_the_place_of_the_first_and_goes_when_somebody_takes_it(people):
    number = reported(people)

    def lines(person):
        for entry in Entry.objects.filter(record__number=number, verb="alarm").order_by("id"):
            announce_entry(entry.pk)
        return Notification.objects.filter(record__number=number, reason="unassigned", person=person, done_at=None)

    sweep_alarms(due(number))
    assert lines(people.mia).count() == 1
    sweep_alarms(due(number))
    (left,) = lines(people.mia)
    assert left.entry.data["step"] == 2
    facade.act(people.actor("amira"), "assign", number, {"assignee": "amira@gungun.example"})
    assert not Notification.objects.filter(reason="unassigned", done_at=None).exists()


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("assign", {"assignee": "amira@gungun.example"}),
        ("start", {}),
        ("hold", {"hold_reason": "supplier"}),
        ("resolve", {"resolution_code": "fixed", "resolution": "x"}),
        ("cancel", {"reason": "x"}),
    ],
)
def test_what_somebody_takes_is_quiet(people, verb, data):
    number = reported(people)
    facade.act(people.actor("amira"), verb, number, data)
    assert due(number) is None
    assert sweep_alarms(NOW + timedelta(days=9)) == 0


def test_what_is_given_back_to_the_queue_waits_anew(people):
    number = reported(people)
    amira = people.actor("amira")
    facade.act(amira, "assign", number, {"assignee": "amira@gungun.example", "team": "service-desk"})
    run("incidents.assign", amira, number, {"assignee": None}, now=NOW + timedelta(hours=5))
    assert due(number) == NOW + timedelta(hours=5, minutes=30)


def test_becoming_critical_shortens_the_wait(people):
    number = reported(people)
    run("incidents.edit", people.actor("amira"), number, {"impact": 1, "urgency": 1}, now=NOW)
    assert due(number) == NOW + timedelta(minutes=10)


def test_the_minutes_are_a_setting_of_the_organisation(people):
    UNASSIGNED_MINUTES.put(7, organisation_id=people.gungun.pk)
    assert due(reported(people)) == NOW + timedelta(minutes=7)


def test_nobody_can_ring_it_by_hand(people):
    number = reported(people)
    with pytest.raises(Forbidden):
        run("incidents.alarm", people.actor("mia"), number)
    with pytest.raises(WrongState):
        run("incidents.alarm", HOUSE, number, now=NOW)
