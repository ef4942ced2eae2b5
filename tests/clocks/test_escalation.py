"""Clocks of others: how long the receiver of a hand-over or an escalation lets it lie, and how long a decision or a
supplier keeps us waiting, while what was promised to the requester goes on (domain.md 5.2, capabilities IN05, SL17)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quell.practices.clocks.models import Clock

from .conftest import HOUR, MONDAY, agreement


def clock(number: str, metric: str) -> Clock:
    return Clock.objects.filter(record__number=number, metric=metric).latest("number")


@pytest.fixture
def answered(promised):
    """Teams accept what is passed on within an hour; whoever decides does so within two."""
    taken = [{"metric": "acceptance", "amount": HOUR, "calendar": "always"}]
    agreement(promised, "network-answers", "ola", taken, provider_team=promised.network)
    agreement(promised, "decisions", "sla", [{"metric": "approval", "amount": 2 * HOUR, "calendar": "always"}])
    return promised


NETWORK = {"kind": "functional", "to": "network", "reason": "routing table"}


@pytest.mark.parametrize(
    ("verb", "inputs", "hours", "outcome"),
    [
        pytest.param("accept", {}, 1.5, "met", id="accepted-in-time"),
        pytest.param("return", {"reason": "not ours"}, 1.5, "met", id="returned-in-time"),
        pytest.param("accept", {}, 2.5, "breached", id="accepted-late"),
    ],
)
def test_who_gets_an_escalation_answers_it_by_a_clock(report_at, act, answered, verb, inputs, hours, outcome):
    number = report_at()
    act("start", number, 0.5)
    assert not Clock.objects.filter(metric="acceptance").exists()
    act("escalate", number, 1, **NETWORK)
    running = clock(number, "acceptance")
    assert (running.state, running.due_at) == ("running", MONDAY + timedelta(hours=2))
    act(verb, number, hours, "jonas", **inputs)
    stopped = clock(number, "acceptance")
    assert (stopped.outcome, stopped.spent) == (outcome, timedelta(hours=hours - 1))


def test_a_call_for_authority_hands_nothing_over(report_at, act, answered):
    number = report_at()
    act("escalate", number, 1, kind="hierarchical", reason="stuck")
    assert not Clock.objects.filter(metric="acceptance").exists()


@pytest.mark.parametrize(("reason", "metric"), [("approval", "approval"), ("supplier", "supplier")])
def test_waiting_for_others_has_its_clock_and_the_promise_goes_on(report_at, act, answered, reason, metric):
    number = report_at()
    act("hold", number, 1, hold_reason=reason)
    assert clock(number, metric).state == clock(number, "resolution").state == "running"
    act("resume", number, 2.5)
    waited, promise = clock(number, metric), clock(number, "resolution")
    assert (waited.outcome, waited.spent) == ("met", timedelta(hours=1.5))
    assert (promise.state, promise.paused) == ("running", timedelta(0))
