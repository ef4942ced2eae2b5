"""The metrics that come with Quell can be read by the engine, for every reason an incident waits for."""

from __future__ import annotations

import pytest

from quell.engines.clock.terms import USUAL_PAUSES
from quell.engines.conditions import compiled
from quell.practices.agreements import facade
from quell.practices.agreements.rules import codes

#: What happens to an incident, step by step, and the metrics that start or stop at that step.
NEW = {"state": "new", "state_category": "new", "responded": False, "kind": "incident"}
WITH_TEAM = {**NEW, "state": "assigned", "state_category": "active", "team": 5, "verb": "transfer"}
ANSWERED = {**WITH_TEAM, "responded": True, "verb": "reply", "said": "reply_by_desk"}
WAITS = {**ANSWERED, "state": "on_hold", "state_category": "waiting", "hold_reason": "supplier", "verb": "hold"}
DONE = {**ANSWERED, "state": "resolved", "state_category": "resolved", "verb": "resolve"}
GONE = {**NEW, "state": "cancelled", "state_category": "closed", "verb": "cancel"}

STEPS = [
    ("new", NEW, {"assignment", "response", "resolution", "handling"}, {"approval"}),
    ("with_team", WITH_TEAM, {"acceptance"}, {"assignment"}),
    ("answered", ANSWERED, {"update"}, {"response", "update"}),
    ("waits", WAITS, {"supplier"}, {"acceptance"}),
    ("done", DONE, set(), {"resolution", "response", "update", "fulfilment", "handling", "supplier", "acceptance"}),
]


@pytest.fixture
def metrics(db):
    return facade.book().metrics


def test_all_of_them_are_there_and_can_be_read(metrics):
    assert set(metrics) == set(codes.SHIPPED)
    for one in metrics.values():
        for text in (one.start, one.stop, one.reset, one.cancel, *one.pauses.values()):
            compiled(text)
    for code, reasons in USUAL_PAUSES.items():
        assert reasons <= set(metrics[code].pauses)


@pytest.mark.parametrize(("facts", "starts", "stops"), [step[1:] for step in STEPS], ids=[step[0] for step in STEPS])
def test_what_begins_and_ends_when(metrics, facts, starts, stops):
    begun = {code for code, one in metrics.items() if compiled(one.start)(facts)}
    ended = {code for code, one in metrics.items() if compiled(one.stop)(facts)}
    assert starts <= begun
    assert stops <= ended


def test_what_was_taken_back_counts_for_nothing(metrics):
    assert all(compiled(one.cancel)(GONE) for one in metrics.values())
