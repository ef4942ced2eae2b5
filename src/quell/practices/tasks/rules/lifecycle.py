"""The life of a task (domain.md 1: a unit of work under any of the others). Short on purpose: whoever holds it either
does it or says why it was not needed."""

from __future__ import annotations

from quell.engines.lifecycle import Lifecycle, State, move

OPEN, DONE, SKIPPED = "open", "done", "skipped"

TASK = Lifecycle(
    states=[State(OPEN, "active"), State(DONE, "closed"), State(SKIPPED, "closed")],
    transitions=[
        move("assign", [OPEN]),
        move("complete", [OPEN], DONE),
        move("skip", [OPEN], SKIPPED),
        move("reopen", [DONE, SKIPPED], OPEN),
    ],
    initial=OPEN,
)
