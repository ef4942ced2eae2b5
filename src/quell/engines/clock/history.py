"""What happened to a record, as far as clocks care (domain.md 5.2–5.7): read from its journal, in any order.

Waiting is a fact about the record: it begins and ends whatever the clock does, and which reasons pause is said by the
terms. So the same history serves every clock of the record, and terms that come later may count it differently.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..businesstime.local import utc
from .faults import ClockFault
from .terms import Terms

START, STOP, REOPEN, CANCEL = "start", "stop", "reopen", "cancel"
WAIT, RESUME, CHANGE = "wait", "resume", "change"

#: Within one journal entry the stronger comes first: cancel > stop > pause > start and resume (domain.md 5.3).
_RANK = {CANCEL: 0, STOP: 1, WAIT: 2, CHANGE: 3, START: 4, REOPEN: 4, RESUME: 4}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at a moment; `by` says whose act it was and `entry` which journal entry tells of it.

    START and CHANGE carry `terms`; START may carry `recorded`, when it became known later than it holds. WAIT carries a
    `reason` and may carry `until`, when the wait ends by itself; RESUME ends the wait for its reason, or all of them
    when it names none. CHANGE may carry the `policy` that stands in for that of the terms, and `correction` when a
    wrong priority was put right with permission (domain.md 5.5). Moments are kept in UTC, whatever zone they come in.
    """

    at: datetime
    kind: str
    by: str = ""
    entry: int = 0
    reason: str = ""
    until: datetime | None = None
    terms: Terms | None = None
    policy: str = ""
    correction: bool = False
    recorded: datetime | None = None

    def __post_init__(self) -> None:
        if self.kind not in _RANK:
            raise ClockFault("unknown_event", kind=self.kind)
        if self.terms is None and self.kind in (START, CHANGE):
            raise ClockFault("terms_missing", kind=self.kind)
        for name in ("at", "until", "recorded"):
            moment: datetime | None = getattr(self, name)
            if moment is not None:
                object.__setattr__(self, name, utc(moment))


def ordered(events: Iterable[Event]) -> list[Event]:
    """Events as they are folded: by moment, then journal entry, then strength."""
    return sorted(events, key=lambda event: (event.at, event.entry, _RANK[event.kind]))
