"""What runs out is said: once, to the right people, late when it is late, and one bad row stops nothing (domain.md 4.2,
5.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Person
from quell.practices.clocks import facade
from quell.practices.clocks.actions import escalating, sweep
from quell.practices.clocks.models import Clock, EscalationStep
from quell.practices.clocks.rules.escalating import SHIPPED, Due, known, steps_for

from .conftest import MONDAY


def told(number: str) -> list[tuple[str, str, int]]:
    lines = Entry.objects.filter(record__number=number, verb__startswith="clock_").order_by("id")
    return [(line.verb, line.data["metric"], line.data["percent"]) for line in lines]


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def test_each_percent_is_told_once_at_its_moment_and_then_the_breach(report_at):
    number = report_at()  # response in 2 hours, resolution in 8
    for hours in (0.9, 1, 1, 1.5, 1.8, 2, 2.01, 3):
        facade.sweep(at(hours))
    assert told(number) == [
        ("clock_warning", "response", 50),
        ("clock_warning", "response", 75),
        ("clock_warning", "response", 90),
        ("clock_breach", "response", 100),
    ]
    assert all("late_seconds" not in line.data for line in Entry.objects.filter(verb="clock_warning"))


def test_after_a_standstill_only_the_highest_is_told_and_it_says_that_it_is_late(report_at):
    number = report_at()
    assert facade.sweep(at(1.9)) == 1
    line = Entry.objects.get(verb="clock_warning")
    assert told(number) == [("clock_warning", "response", 90)]
    assert line.data["late_seconds"] == 6 * 60
    assert facade.sweep(at(1.9)) == 0
    facade.sweep(at(30))
    assert told(number)[1:] == [("clock_breach", "response", 100), ("clock_breach", "resolution", 100)]


def test_nothing_is_told_while_it_waits_or_when_it_is_over(report_at, act):
    number = report_at()
    act("hold", number, 0.5, hold_reason="requester")  # a first answer, and a pause
    assert facade.sweep(at(40)) == 0
    act("resume", number, 41)
    act("resolve", number, 42, resolution_code="fixed", resolution="Cable.")
    assert facade.sweep(at(80)) == 0 and told(number) == []


def test_those_hear_of_it_whom_the_step_names(report_at, act, promised):
    number = report_at(service="mail")
    promised.mail.owner = promised.raj
    promised.mail.save()
    act("assign", number, 0.1, assignee="jonas@gungun.example", team="network")
    facade.sweep(at(1))
    facade.sweep(at(1.5))
    facade.sweep(at(3))
    heard = [
        set(Person.objects.filter(pk__in=line.data["people"]).values_list("name", flat=True))
        for line in Entry.objects.filter(data__metric="response", verb__startswith="clock_").order_by("id")
    ]
    # The network team has no lead: who leads in the organisation by role is meant.
    assert heard == [{"Jonas"}, {"Jonas", "Mia"}, {"Jonas", "Mia", "Raj", "Ann"}]


def test_an_organisation_of_its_own_steps_follows_them_and_they_may_act(report_at, promised):
    EscalationStep.objects.create(
        organisation=promised.gungun, percent=75, audiences=["jonas@gungun.example"], verb="transfer",
        inputs={"team": "network", "reason": "Runs out."},
    )  # fmt: skip
    number = report_at()
    facade.sweep(at(1))
    assert Entry.objects.get(verb="clock_warning").data["people"] == []
    facade.sweep(at(1.6))
    line = Entry.objects.filter(verb="clock_warning").latest("id")
    assert line.data["people"] == [promised.jonas.pk]
    step = EscalationStep.objects.get()
    escalating.act(line.record_id, line.pk, step.pk)
    escalating.act(line.record_id, line.pk, step.pk)
    moved = Entry.objects.filter(record__number=number, verb="transfer")
    assert [(entry.actor_id, entry.request_id) for entry in moved] == [(None, f"clock:{line.pk}")]


def test_a_row_that_cannot_be_read_is_put_aside_and_the_rest_goes_on(report_at):
    bad, good = report_at(), report_at()
    Clock.objects.filter(record__number=bad, metric="response").update(warnings=[["much", "soon"]])
    assert facade.sweep(at(1)) == 1
    row = Clock.objects.get(record__number=bad, metric="response")
    assert row.next_look_at == at(1) + sweep.ASIDE and "ValueError" in row.fault
    assert told(good) and not told(bad)


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_tell_nothing_twice(report_at):
    numbers = [report_at() for _time in range(4)]
    start = Barrier(2)

    def sweeps() -> None:
        start.wait()
        facade.sweep(at(1.2))
        connection.close()

    threads = [Thread(target=sweeps) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [told(number) for number in numbers] == [[("clock_warning", "response", 50)]] * 4


def test_the_nearest_organisation_with_steps_speaks_and_the_highest_step_of_it(promised):
    shipped = {percent for percent, _audiences in SHIPPED}
    assert shipped == {50, 75, 90, 100, 200} and all(known(word) for _percent, words in SHIPPED for word in words)
    from quell.practices.clocks.queries.steps import all_steps

    due = Due(95, "sla", "response", 2, [promised.gungun.pk])
    assert [step.percent for step in steps_for(due, all_steps())] == [90]
    EscalationStep.objects.create(organisation=promised.gungun, percent=60, audiences=["owner"], priorities=[1])
    assert [step.percent for step in steps_for(due, all_steps())] == [90]
    EscalationStep.objects.create(organisation=promised.gungun, percent=80, audiences=["owner"])
    assert [step.percent for step in steps_for(due, all_steps())] == [80]
