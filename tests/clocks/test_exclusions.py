"""Leaving a broken promise out of the figures, by approval (capability SL14)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from quell.kernel.actions.options import put_options
from quell.kernel.config.refusal import Forbidden, Invalid, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.notify.announce import announce_entry
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import Person, RoleGrant
from quell.kernel.people.tokens import issue
from quell.kernel.testing.cast import Cast
from quell.practices.clocks import facade
from quell.practices.clocks.models import Clock
from quell.practices.clocks.rules import periods

from ..api.conftest import Caller
from .conftest import MONDAY

LATE = MONDAY + timedelta(hours=3)
POWER = {"excluded_because": "Power cut"}


@pytest.fixture
def broken(report_at) -> Clock:
    """An answer that came too late."""
    return Clock.objects.get(record__number=report_at(), metric="response")


def number_of(clock: Clock) -> str:
    return str(clock.record.number)


def left_out(people: Cast) -> tuple[int, int]:
    """What the report counts as excluded, and as late."""
    asked = facade.Asked(periods.read("2026-03", "Europe/Copenhagen"), metric="response")
    total = facade.report(people.actor("root"), asked, LATE).total
    return total.excluded, total.open_breached


def test_one_proposes_another_decides(promised: Cast, broken: Clock) -> None:
    mia, ann = promised.actor("mia"), promised.actor("ann")
    number = number_of(broken)
    facade.judge(mia, number, broken.pk, POWER, now=LATE)
    assert left_out(promised) == (0, 1)
    with pytest.raises(Forbidden, match="Somebody else"):
        facade.decide_exclusion(mia, number, broken.pk, {"accept": True})
    with pytest.raises(Forbidden):
        facade.decide_exclusion(promised.actor("amira"), number, broken.pk, {"accept": True})
    with pytest.raises(Invalid):
        facade.decide_exclusion(ann, number, broken.pk, {"accept": False})
    with pytest.raises(WrongState):
        facade.judge(ann, number, broken.pk, {"excluded_because": "Something else"}, now=LATE)
    (waits,) = facade.exclusions(ann)
    assert (waits.state, waits.because, waits.proposed_by, waits.may_decide) == ("proposed", "Power cut", "Mia", True)
    assert not facade.exclusions(mia)[0].may_decide and facade.exclusions_waiting(ann) == 1
    facade.decide_exclusion(ann, number, broken.pk, {"accept": True, "word": "The grid says so"}, now=LATE)
    assert left_out(promised) == (1, 0)
    (one,) = facade.exclusions(promised.actor("root"))
    assert (one.state, one.decided_by, one.word, one.rule) == ("accepted", "Ann", "The grid says so", "")
    assert facade.verify().differences == []
    with pytest.raises(WrongState):
        facade.decide_exclusion(promised.actor("root"), number, broken.pk, {"accept": True})
    facade.judge(mia, number, broken.pk, {"excluded_because": ""}, now=LATE)
    assert left_out(promised) == (0, 1) and facade.exclusions(ann) == []


def test_those_who_decide_hear_of_it_and_who_proposed_hears_what_came_of_it(promised: Cast, broken: Clock) -> None:
    number = number_of(broken)
    facade.judge(promised.actor("mia"), number, broken.pk, POWER, now=LATE)
    announce_entry(Entry.objects.get(verb="propose_exclusion").pk)
    told = set(Notification.objects.filter(entry__verb="propose_exclusion").values_list("person", flat=True))
    assert {promised.ann.pk, promised.root.pk} <= told and promised.mia.pk not in told
    facade.decide_exclusion(promised.actor("ann"), number, broken.pk, {"accept": False, "word": "It was ours"})
    announce_entry(Entry.objects.get(verb="decide_exclusion").pk)
    assert Notification.objects.get(entry__verb="decide_exclusion").person == promised.mia
    assert left_out(promised) == (0, 1) and facade.exclusions(promised.actor("mia"))[0].state == "rejected"


@pytest.mark.parametrize("rule", ["alone", "one_word"])
def test_one_is_enough_by_a_recorded_rule(promised: Cast, broken: Clock, rule: str) -> None:
    if rule == "alone":
        RoleGrant.objects.exclude(person=promised.mia).delete()
        Person.objects.exclude(pk=promised.mia.pk).exclude(pk=promised.root.pk).update(is_active=False)
    else:
        put_options(promised.actor("ann"), {"clocks.one_word_excludes": True}, promised.gungun.pk)
    facade.judge(promised.actor("mia"), number_of(broken), broken.pk, POWER, now=LATE)
    broken.refresh_from_db()
    assert (broken.excluded_because, broken.exclusion, broken.exclusion_rule) == ("Power cut", "accepted", rule)
    entry = Entry.objects.get(verb="propose_exclusion")
    assert entry.data["rule"] == rule and not entry.public
    assert facade.exclusions(promised.actor("mia"))[0].rule == rule


def test_pages_and_api(promised: Cast, broken: Clock) -> None:
    number = number_of(broken)
    callers = {who: Caller(issue(getattr(promised, who), "clocks")[1]) for who in ("mia", "ann")}
    at = f"/incidents/{number}/clocks/{broken.pk}"
    answer = callers["mia"].post(f"{at}/judge", POWER).json()
    told = next(one for one in answer["items"] if one["id"] == broken.pk)
    assert (told["exclusion"], told["exclusion_because"], told["excluded_because"]) == ("proposed", "Power cut", None)
    assert callers["mia"].post(f"{at}/exclusion", {"accept": True}).status_code == 403
    (waits,) = callers["ann"].get("/reports/exclusions?state=proposed").json()["items"]
    assert waits["may_decide"] and waits["number"] == number
    client = Client()
    client.force_login(promised.ann)
    page = client.get("/reports/exclusions").content.decode()
    assert "Power cut" in page and f'action="/incidents/{number}/clocks/{broken.pk}/exclusion"' in page
    assert "1 to decide" in client.get("/reports").content.decode()
    assert "Proposed to be left out" in client.get(f"/incidents/{number}/clocks").content.decode()
    decided = client.post(f"/incidents/{number}/clocks/{broken.pk}/exclusion", {"accept": "yes", "from": "report"})
    assert decided.headers["Location"] == "/reports/exclusions"
    assert "Left out" in client.get("/reports/exclusions").content.decode()
    history = client.get(f"/incidents/{number}?tab=history").content.decode()
    assert "agreed to leave" in history and "proposes to leave" in history
