"""One incident of the event log told in order: its events, the steps between them, and how it ended.

The order is that of `sys_updated_at`, then of `sys_mod_count`, then of the file; the file itself has one
incident (INC0000137) out of order. Every event gives at least one step. An event that did several things at
once (handed over *and* resolved) gives one step for each, in the order in which they make sense, so that no
change hides behind another. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from .incident_log_facts import category_of, title_of
from .incident_log_rows import Event

# The source's word for a state -> ours, with the reason for waiting (domain.md 4.2). `-100` is a number the
# source had no word for; it counts those incidents as active and they are new no longer, so they are being
# worked on.
STATE_OF: Mapping[str, tuple[str, str]] = {
    "New": ("new", ""),
    "Active": ("in_progress", ""),
    "Awaiting User Info": ("on_hold", "requester"),
    "Awaiting Evidence": ("on_hold", "requester"),
    "Awaiting Problem": ("on_hold", "problem"),
    "Awaiting Vendor": ("on_hold", "supplier"),
    "Resolved": ("resolved", ""),
    "Closed": ("closed", ""),
    "-100": ("in_progress", ""),
}
UNNAMED_STATE = "-100"
OVER = frozenset({"resolved", "closed"})

CHANNEL_OF: Mapping[str, str] = {
    "phone": "phone",
    "ivr": "phone",
    "email": "email",
    "self service": "portal",
    "direct opening": "web",
}

OPENED = "opened"
REOPENED = "reopened"
CLASSIFIED = "classified"
PRIORITISED = "prioritised"
TRANSFERRED = "transferred"
ASSIGNED = "assigned"
STARTED = "started"
HELD = "held"
RESUMED = "resumed"
RESOLVED = "resolved"
CLOSED = "closed"
UPDATED = "updated"
TOUCHED = "touched"  # the source counted an update, and none of the columns shows what it was

Change = tuple[object, object]
# Which facts belong to which verb; all others ride along. Final values (closed_code, resolved_by,
# resolved_at, closed_at) stand on every row from the first and are no changes; made_sla is a running guess.
_CLASSIFICATION = ("category", "symptom")
_PRIORITY = ("impact", "urgency", "priority")
_HANDS = ("team", "assignee", "transfer_count")


class Step(NamedTuple):
    """One thing that happened: what, when, in which event, and what changed from what to what."""

    verb: str
    event: Event
    changes: dict[str, Change]
    source_state: str | None  # the source's own word, where this event moved it


class Story(NamedTuple):
    """An incident from first event to last. Levels, counts and people are those of the last event."""

    number: str
    last: Event
    events: int
    steps: tuple[Step, ...]
    state: str
    hold_reason: str
    requester: str | None
    channel: str
    category: tuple[str, ...]
    title: str
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    oddities: tuple[str, ...]


def tell(rows: Sequence[Event]) -> Story:
    """The story of one incident from all its events, given in file order."""
    events = sorted(rows, key=lambda event: (event.updated_at, event.revision, event.line))
    states = [STATE_OF[event.state] for event in events]
    facts = [_facts(event) for event in events]
    steps: list[Step] = [_opening(events[0], facts[0], states[0])]
    for at in range(1, len(events)):
        changed = _differences(facts[at - 1], facts[at], states[at - 1], states[at])
        steps.extend(_between(events[at - 1], events[at], changed, (states[at - 1], states[at])))
    last = events[-1]
    state, hold_reason = states[-1]
    return Story(
        number=last.number,
        last=last,
        events=len(events),
        steps=tuple(steps),
        state=state,
        hold_reason=hold_reason,
        requester=last.caller or next((event.caller for event in reversed(events) if event.caller), None),
        channel=channel_of(last.contact),
        category=category_of(last),
        title=title_of(last),
        responded_at=_responded(events, states),
        resolved_at=_ended(last.resolved_at, events, states, "resolved") if state in OVER else None,
        closed_at=_ended(last.closed_at, events, states, "closed") if state == "closed" else None,
        oddities=tuple(_oddities(rows, events, states)),
    )


def channel_of(contact: str | None) -> str:
    """How the contact came in; `import` when the log does not say or says something unheard of."""
    return CHANNEL_OF.get((contact or "").lower(), "import")


def _facts(event: Event) -> dict[str, object]:
    return {
        "category": category_of(event) or None,
        "symptom": event.symptom,
        "impact": event.impact,
        "urgency": event.urgency,
        "priority": event.priority,
        "team": event.group,
        "assignee": event.resolver,
        "transfer_count": event.transfers,
        "reopen_count": event.reopenings,
        "requester": event.caller,
        "location": event.location,
        "ci": event.ci,
        "channel": channel_of(event.contact),
        "problem": event.problem,
        "change": event.change,
        "vendor": event.vendor,
        "caused_by": event.caused_by,
        "knowledge": event.knowledge,
        "priority_confirmed": event.priority_confirmed,
    }


def _opening(event: Event, facts: Mapping[str, object], state: tuple[str, str]) -> Step:
    """The first event: all that was known then. What is nothing, none or no says nothing and is left out."""
    changes: dict[str, Change] = {name: (None, value) for name, value in facts.items() if value not in (None, 0, False)}
    changes["state"] = (None, state[0])
    if state[1]:
        changes["hold_reason"] = (None, state[1])
    return Step(OPENED, event, changes, event.state)


def _differences(
    first: Mapping[str, object],
    second: Mapping[str, object],
    state_before: tuple[str, str],
    state_after: tuple[str, str],
) -> dict[str, Change]:
    """Everything that is not as it was."""
    changed: dict[str, Change] = {name: (value, second[name]) for name, value in first.items() if value != second[name]}
    if state_before[0] != state_after[0]:
        changed["state"] = (state_before[0], state_after[0])
    if state_before[1] != state_after[1]:
        changed["hold_reason"] = (state_before[1] or None, state_after[1] or None)
    return changed


def _between(
    before: Event, after: Event, changed: dict[str, Change], states: tuple[tuple[str, str], tuple[str, str]]
) -> list[Step]:
    """What one event did, step by step; uses up `changed`."""
    moved = after.state if before.state != after.state else None
    found: list[tuple[str, dict[str, Change]]] = []

    def take(verb: str, *names: str) -> None:
        found.append((verb, {name: changed.pop(name) for name in names if name in changed}))

    state_verb = _state_verb(changed, *states)
    if state_verb == REOPENED:
        take(REOPENED, "state", "hold_reason", "reopen_count")
    if any(name in changed for name in _CLASSIFICATION):
        take(CLASSIFIED, *_CLASSIFICATION)
    if any(name in changed for name in _PRIORITY):
        take(PRIORITISED, *_PRIORITY)
    if any(name in changed for name in _HANDS):
        take(_hands_verb(before, after), *_HANDS)
    if state_verb not in ("", REOPENED):
        take(state_verb, "state", "hold_reason", "reopen_count")
    if changed:
        if found:  # a corrected place or reference rides with what was done in the same moment
            found[-1][1].update(changed)
        else:
            found.append((UPDATED, changed))
    if not found:
        found.append((TOUCHED, {}))
    return [Step(verb, after, changes, moved if at == 0 else None) for at, (verb, changes) in enumerate(found)]


def _state_verb(changed: Mapping[str, Change], before: tuple[str, str], after: tuple[str, str]) -> str:
    """The verb of a move from one state to another; empty when nothing moved."""
    if "reopen_count" in changed or (before[0] in OVER and after[0] not in OVER):
        return REOPENED
    if "state" not in changed and "hold_reason" not in changed:
        return ""
    if after[0] == "closed":
        return CLOSED
    if after[0] == "resolved":
        return RESOLVED
    if after[0] == "on_hold":
        return HELD
    return RESUMED if before[0] == "on_hold" else STARTED


def _hands_verb(before: Event, after: Event) -> str:
    """From group to group is a transfer; the first group, or another person within it, an assignment."""
    if before.group is None or (before.group == after.group and before.transfers == after.transfers):
        return ASSIGNED
    return TRANSFERRED


def _responded(events: Sequence[Event], states: Sequence[tuple[str, str]]) -> datetime | None:
    """When work first showed: the first event that is not new any more, never before the opening."""
    for event, (state, _) in zip(events, states, strict=True):
        if state != "new":
            return max(event.updated_at, event.opened_at)
    return None


def _ended(
    final: datetime | None, events: Sequence[Event], states: Sequence[tuple[str, str]], wanted: str
) -> datetime | None:
    """The final value of the log; where it has none, the last event that moved the incident there."""
    if final is not None:
        return final
    found = None
    before = ""
    for event, (state, _) in zip(events, states, strict=True):
        if state == wanted and before != wanted:
            found = event.updated_at
        before = state
    return found


def _oddities(rows: Sequence[Event], events: Sequence[Event], states: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What is strange about this incident, one word for each time it was seen: counted and told."""
    if any(one is not other for one, other in zip(rows, events, strict=True)):
        yield "out_of_order_in_file"
    last = events[-1]
    previous: Event | None = None
    for event, (state, _) in zip(events, states, strict=True):
        if event.updated_at < event.opened_at:
            yield "updated_before_opened"
        if event.state == UNNAMED_STATE:
            yield "state_minus_100"
        if previous is not None:
            if previous.state == "Closed" and state not in OVER:
                yield "reopened_after_closing"
            if event.reopenings == previous.reopenings and previous.state == "Resolved" and state not in OVER:
                yield "reopened_uncounted"
            if event.transfers > previous.transfers and event.group == previous.group:
                yield "transfer_to_same_group"
            if event.transfers < previous.transfers or event.reopenings < previous.reopenings:
                yield "count_going_down"
            if _finals(event) != _finals(previous):
                yield "final_values_changing"
        previous = event
    if len({event.revision for event in events}) < len(events):
        yield "update_number_twice"
    if last.created_at is not None and last.created_at < last.opened_at:
        yield "created_before_opened"
    if last.contact is not None and last.contact.lower() not in CHANNEL_OF:
        yield "contact_unheard_of"
    if last.caller is None:
        yield "caller_unknown"
    if last.group is None and last.resolver is not None:
        yield "person_without_group"
    if not any(state == "resolved" for state, _ in states) and states[-1][0] == "closed":
        yield "closed_without_resolving"
    if last.resolved_at is None and states[-1][0] in OVER:
        yield "resolution_time_missing"
    if states[-1][0] not in OVER:
        yield "still_open"


def _finals(event: Event) -> tuple[object, ...]:
    return (event.closed_code, event.resolved_by, event.resolved_at, event.closed_at)
