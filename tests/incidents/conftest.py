"""Incidents in every state, for the tests of this room."""

from __future__ import annotations

import pytest

from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade

#: How to bring a new incident into a state, as the desk would.
ROADS = {
    "new": [],
    "assigned": [("assign", {"assignee": "amira@gungun.example"})],
    "in_progress": [("assign", {"assignee": "amira@gungun.example"}), ("start", {})],
    "on_hold": [("hold", {"hold_reason": "supplier"})],
    "resolved": [("resolve", {"resolution_code": "fixed", "resolution": "Cable replaced."})],
    "closed": [("resolve", {"resolution_code": "fixed", "resolution": "Cable replaced."}), ("close", {})],
    "cancelled": [("cancel", {"reason": "raised in error"})],
}

#: Sound inputs for every verb; `to` and `sha256` are filled in by the test.
SOUND = {
    "assign": {"assignee": "amira@gungun.example"},
    "transfer": {"team": "network", "reason": "it is the switch"},
    "escalate": {"kind": "hierarchical", "to": "mia@gungun.example", "reason": "supplier stuck"},
    "start": {},
    "unassign": {},
    "hold": {"hold_reason": "requester"},
    "resume": {},
    "resolve": {"resolution_code": "fixed", "resolution": "Restarted."},
    "reopen": {"reason": "still broken"},
    "close": {},
    "cancel": {"reason": "withdrawn"},
}


@pytest.fixture
def people(db) -> Cast:
    return cast()


@pytest.fixture
def incident_in(people):
    """Makes an incident of Claire's in a given state and returns its number."""

    def make(state: str = "new", **facts) -> str:
        number = facade.report(people.actor("claire"), {"title": "VPN drops every few minutes", **facts})
        for verb, inputs in ROADS[state]:
            facade.act(people.actor("amira"), verb, number, inputs)
        return number

    return make
