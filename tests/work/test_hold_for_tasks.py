"""On hold for a task: the record goes on by itself when its last open task is over (domain.md 4.2)."""

from __future__ import annotations

import pytest

from quell.kernel.config.refusal import Invalid
from quell.kernel.journal.models import Entry
from quell.kernel.notify.jobs import announce
from quell.practices.incidents import facade as incidents
from quell.practices.tasks import facade as tasks

pytestmark = pytest.mark.django_db


def state(number):
    return Entry.objects.filter(record__number=number).order_by("-id")[0].record.state


def heard(number):
    """Let the listeners hear the newest lines of a record."""
    for entry in Entry.objects.filter(record__number=number).order_by("id"):
        announce(entry.pk)


@pytest.fixture
def number(people):
    made = incidents.report(people.actor("claire"), {"title": "Till is dead"})
    incidents.act(people.actor("amira"), "assign", made, {"assignee": people.amira.email})
    return made


def test_nothing_waits_for_a_task_that_is_not_there(people, number):
    with pytest.raises(Invalid, match="no open task"):
        incidents.act(people.actor("amira"), "hold", number, {"hold_reason": "task"})


@pytest.mark.parametrize(("verb", "data"), [("complete", {}), ("skip", {"reason": "Not needed"})])
def test_it_goes_on_when_the_last_is_over_and_not_before(people, number, verb, data):
    amira = people.actor("amira")
    first, last = (tasks.add(amira, number, {"title": title}) for title in ("Order a till", "Connect it"))
    incidents.act(amira, "hold", number, {"hold_reason": "task"})
    tasks.act(amira, "complete", first, {})
    heard(number)
    assert state(number) == "on_hold"
    tasks.act(amira, verb, last, data)
    heard(number)
    assert state(number) == "in_progress"
    resumed = Entry.objects.filter(record__number=number, verb="resume").get()
    assert (resumed.actor_id, resumed.channel) == (None, "rule")
    heard(number)
    assert Entry.objects.filter(record__number=number, verb="resume").count() == 1, "heard twice, done once"


def test_what_waits_for_somebody_else_stays_on_hold(people, number):
    amira = people.actor("amira")
    only = tasks.add(amira, number, {"title": "Order a till"})
    incidents.act(amira, "hold", number, {"hold_reason": "supplier"})
    tasks.act(amira, "complete", only, {})
    heard(number)
    assert state(number) == "on_hold"


def test_a_person_who_was_quicker_stays_quicker(people, number):
    amira = people.actor("amira")
    only = tasks.add(amira, number, {"title": "Order a till"})
    incidents.act(amira, "hold", number, {"hold_reason": "task"})
    tasks.act(amira, "complete", only, {})
    incidents.act(amira, "resume", number, {})
    heard(number)
    assert Entry.objects.filter(record__number=number, verb="resume").count() == 1
