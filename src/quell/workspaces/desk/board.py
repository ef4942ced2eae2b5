"""A list as a board: its incidents by state, and where each may be moved. Moving a card is a verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from quell.practices.incidents import facade

from . import wording

STATES = ("new", "assigned", "in_progress", "on_hold", "resolved")
#: A board shows as many as one can look over and a page can carry (1,500 nodes); more are for narrowing the list.
SHOWN = 80
#: From a state (or any) to a state: the verb. What is not here cannot be done by moving.
MOVES: dict[str, dict[str, str]] = {
    "new": {"assigned": "assign", "in_progress": "start", "on_hold": "hold", "resolved": "resolve"},
    "assigned": {"in_progress": "start", "on_hold": "hold", "resolved": "resolve"},
    "in_progress": {"on_hold": "hold", "resolved": "resolve"},
    "on_hold": {"in_progress": "resume", "resolved": "resolve"},
    "resolved": {"in_progress": "reopen"},
}


def larger(wanted: facade.Wanted) -> facade.Wanted:
    """The same list, as much of it as a board shows."""
    return replace(wanted, limit=SHOWN)


def columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rows by state, and what each state may be moved to. Closed and cancelled ones stand in no column."""
    return {
        "lanes": [
            {"state": state, "label": wording.STATES[state], "rows": [row for row in rows if row["state"] == state]}
            for state in STATES
        ],
        "moves": [
            {
                "state": state,
                "to": [
                    {"state": target, "label": wording.STATES[target], "verb": verb, "sign": wording.VERB_ICONS[verb]}
                    for target, verb in targets.items()
                ],
            }
            for state, targets in MOVES.items()
        ],
    }
