"""Who hears of an entry in the journal, and why. Pure: works on plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Verbs that nobody needs a notice of.
QUIET = frozenset(
    {
        "edit", "link", "unlink", "watch", "unwatch", "attach", "start", "count_in",
        "split", "merged", "unmerged", "log_time", "correct_time", "remove_time",
        "place", "add_task", "complete_task", "skip_task", "reopen_task",
        "add_line", "edit_line", "remove_line", "tick", "untick", "judge_clock", "clock_restated", "clock_terms",
    }
)  # fmt: skip

#: Lines about a promise that only the people they name hear of, with the reason.
PROMISES = {
    "clock_warning": "promise", "clock_breach": "breach", "propose_exclusion": "promise", "decide_exclusion": "promise",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What an entry says about the people around it; ids of people."""

    verb: str
    public: bool
    actor: int | None
    requester: int
    owner: int | None
    assignee: int | None
    watchers: tuple[int, ...] = ()
    team: tuple[int, ...] = ()
    called: tuple[int, ...] = ()
    mentioned: tuple[int, ...] = ()
    #: Who takes work from the common queue, for a report that nobody has been given.
    queue: tuple[int, ...] = ()


def recipients(facts: Facts) -> dict[int, str]:
    """Person → reason, in the order of closeness; whoever did it is never told of it."""
    found: dict[int, str] = {}

    def tell(people: Iterable[int | None], reason: str) -> None:
        for person in people:
            if person is not None and person != facts.actor:
                found.setdefault(person, reason)

    if facts.verb in QUIET:
        return {}
    if facts.verb in PROMISES:
        # Who hears of a promise that runs out is said by the steps of its agreement, and nobody hears it twice.
        tell(facts.called, PROMISES[facts.verb])
        return found
    tell(facts.called, "unassigned" if facts.verb == "alarm" else "escalated")
    tell(facts.mentioned, "mentioned")
    if facts.verb in ("assign", "transfer", "return", "escalate", "de_escalate", "open"):
        tell([facts.assignee], "assigned")
        if facts.assignee is None:
            tell(facts.team, "team")
            tell(facts.queue, "queue")
    else:
        tell([facts.assignee], "assigned")
    tell([facts.owner], "owner")
    if facts.public:
        tell([facts.requester], "requester")
        tell(facts.watchers, "watching")
    return found
