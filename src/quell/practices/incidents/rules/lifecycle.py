"""The life of an incident (domain.md 4.2). A new state is one line here; buttons, API verbs and tests follow."""

from __future__ import annotations

from quell.engines.lifecycle import Lifecycle, State, move

NEW, ASSIGNED, IN_PROGRESS, ON_HOLD = "new", "assigned", "in_progress", "on_hold"
RESOLVED, CLOSED, CANCELLED = "resolved", "closed", "cancelled"

OPEN = (NEW, ASSIGNED, IN_PROGRESS, ON_HOLD)

INCIDENT = Lifecycle(
    states=[
        State(NEW, "new"),
        State(ASSIGNED, "active"),
        State(IN_PROGRESS, "active"),
        State(ON_HOLD, "waiting"),
        State(RESOLVED, "resolved"),
        State(CLOSED, "closed", final=True),
        State(CANCELLED, "closed", final=True),
    ],
    transitions=[
        move("assign", [NEW], ASSIGNED),
        move("assign", [ASSIGNED, IN_PROGRESS, ON_HOLD]),
        # Taken by mistake, and not begun: back to where nobody has it.
        move("unassign", [ASSIGNED], NEW),
        # Work that changes hands waits for the new ones; what is on hold stays on hold.
        move("transfer", [NEW, ASSIGNED, IN_PROGRESS], ASSIGNED),
        move("transfer", [ON_HOLD]),
        move("escalate", OPEN),
        move("start", [NEW, ASSIGNED], IN_PROGRESS),
        # Holding or resolving something new is the first touch and its work in one: solved on first contact.
        move("hold", [NEW, ASSIGNED, IN_PROGRESS], ON_HOLD),
        move("resume", [ON_HOLD], IN_PROGRESS),
        move("resolve", [NEW, ASSIGNED, IN_PROGRESS, ON_HOLD], RESOLVED),
        move("reopen", [RESOLVED], IN_PROGRESS),
        move("close", [RESOLVED], CLOSED),
        move("cancel", OPEN, CANCELLED),
    ],
    initial=NEW,
)
