"""What requesters are asked and told, in their words instead of ours (ux.md 2.3, 2.5; domain.md 4.2). Pure.

Nobody is asked for an impact, an urgency or a priority. Two questions a person can answer by looking around, who is
affected and how badly, decide both; four stages say where a request stands.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Who is affected: the one who reports, their team, a whole site or department, the whole company.
AFFECTED = ("me", "team", "site", "company")
#: How badly: annoying, slows down, cannot work, stands still for everyone.
SEVERITY = ("annoying", "slow", "stopped", "standstill")

_IMPACT = {"me": 4, "team": 3, "site": 2, "company": 1}
_URGENCY = {"annoying": 4, "slow": 3, "stopped": 2, "standstill": 1}
#: One person who cannot work at all weighs as much as a hindered team (domain.md 4.2, level 3 "Moderate").
_ONE_UNABLE_TO_WORK = 3


def impact_and_urgency(affected: str, severity: str) -> tuple[int, int]:
    """Impact and urgency (1 greatest … 4 least) for the two answers. Raises ValueError for an unknown answer."""
    if affected not in _IMPACT or severity not in _URGENCY:
        raise ValueError("not an answer of this question")
    impact, urgency = _IMPACT[affected], _URGENCY[severity]
    if severity in ("stopped", "standstill"):
        impact = min(impact, _ONE_UNABLE_TO_WORK)
    return impact, urgency


#: Where a request stands, as requesters see it.
STAGES = ("received", "in_progress", "checking", "done")
#: States of the lifecycle in which the requester is not finished with a request: what is resolved is theirs to check.
UNFINISHED = ("new", "assigned", "in_progress", "on_hold", "resolved")
FINISHED = ("closed", "cancelled")

_AT = {
    "new": "received",
    "assigned": "received",
    "in_progress": "in_progress",
    "on_hold": "in_progress",
    "resolved": "checking",
    "closed": "done",
    "cancelled": "done",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The stage reached; `waiting` when it is the requester's turn, `withdrawn` when it ended without a cure."""

    reached: str
    waiting: bool = False
    withdrawn: bool = False


def stage(state: str, hold_reason: str = "") -> Stage:
    """The stage of an incident. What waits for a supplier, a part or a change is simply in progress: whom we wait for
    is our affair; only the requester's own turn is told apart. Raises KeyError for an unknown state."""
    return Stage(
        _AT[state],
        waiting=state == "resolved" or (state == "on_hold" and hold_reason == "requester"),
        withdrawn=state == "cancelled",
    )
