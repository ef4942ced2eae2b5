"""From the steps of a story to journal entries: the verbs, ids and field names that live work writes too.

So a timeline, a report or a clock cannot tell an imported incident from one that was worked here, except by
its channel, `import`. Facts that Quell has no field for (location, symptom, references to problems and
changes) stand in the entry's data under `facts`; the first entry that an event of the log gave carries the
source's own state, where it moved, under `source_state`. `line` says which line of the file told it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from quell.practices.incidents.rules import incident_log_story as story
from quell.practices.incidents.rules.incident_log_facts import resolution_of
from quell.practices.incidents.rules.incident_log_story import Change, Step, Story

from .reference_data import Directory

CHANNEL = "import"

RESOLUTION_CODE = "imported"

# What happened → the verb of the journal, and whether the requester may see it: as live work has them.
VERBS: Mapping[str, tuple[str, bool]] = {
    story.OPENED: ("open", True),
    story.ASSIGNED: ("assign", False),
    story.TRANSFERRED: ("transfer", False),
    story.STARTED: ("start", True),
    story.HELD: ("hold", True),
    story.RESUMED: ("resume", True),
    story.RESOLVED: ("resolve", True),
    story.REOPENED: ("reopen", True),
    story.CLOSED: ("close", True),
    story.CLASSIFIED: ("edit", False),
    story.PRIORITISED: ("edit", False),
    story.UPDATED: ("edit", False),
    story.TOUCHED: ("edit", False),
}
_PLAIN = frozenset(
    {"state", "hold_reason", "impact", "urgency", "priority", "transfer_count", "reopen_count", "channel"}
)


def entries(told: Story, record_id: int, organisation_id: int, known: Directory) -> Iterator[dict[str, Any]]:
    """The rows of the journal for one incident, in the order in which things happened; versions count from
    1.
    """
    settled = _settling(told)
    for version, step in enumerate(told.steps, start=1):
        verb, public = VERBS[step.verb]
        changes, facts = _changes(step, known)
        if version == settled:
            changes["resolution_code"] = ["", RESOLUTION_CODE]
            changes["resolution"] = ["", resolution_of(told.last)]
        data: dict[str, Any] = {"line": step.event.line}
        if step.source_state is not None:
            data["source_state"] = step.source_state
        if facts:
            data["facts"] = facts
        if version == 1:
            data["events"] = told.events
        yield {
            "record_id": record_id,
            "organisation_id": organisation_id,
            "verb": verb,
            "actor_id": known.people.get(step.event.updated_by or ""),
            "channel": CHANNEL,
            "at": step.event.updated_at,
            "public": public,
            "changes": changes,
            "data": data,
            "version": version,
        }


def _settling(told: Story) -> int:
    """The version at which the incident was resolved for good: the log gives only the final resolution, so it
    belongs to the last step that resolved, or closed what was never resolved. 0 while it is open."""
    if told.state not in story.OVER:
        return 0
    verbs = [step.verb for step in told.steps]
    for wanted in (story.RESOLVED, story.CLOSED):
        if wanted in verbs:
            return len(verbs) - verbs[::-1].index(wanted)
    return 1  # resolved or closed from the first event on


def _changes(step: Step, known: Directory) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """What changed in Quell's fields, and in what only the source has."""
    changes: dict[str, list[Any]] = {}
    facts: dict[str, list[Any]] = {}
    for name, change in step.changes.items():
        if name in _PLAIN:
            changes[name] = ["" if value is None and name == "hold_reason" else value for value in change]
        elif look_up := _IDS.get(name):
            changes[name] = [look_up(known, value) for value in change]
        else:
            facts[name] = list(change)
    return changes, facts


def _person(known: Directory, label: object) -> int | None:
    return None if label is None else known.people[str(label)]


def _team(known: Directory, label: object) -> int | None:
    return None if label is None else known.teams[str(label)]


def _category(known: Directory, path: object) -> int | None:
    return known.categories[path] if isinstance(path, tuple) else None


_IDS: Mapping[str, Callable[[Directory, object], int | None]] = {
    "assignee": _person,
    "requester": _person,
    "team": _team,
    "category": _category,
}


class Labels(NamedTuple):
    """Whom and what a history refers to, as the log writes them."""

    people: set[str]
    teams: set[str]
    categories: set[tuple[str, ...]]


def labels(told: Story) -> Labels:
    """Everyone, every group and every category that the history of an incident names."""
    people: set[str] = set()
    teams: set[str] = set()
    categories: set[tuple[str, ...]] = set()
    last = told.last
    people.update(
        name for name in (told.requester, last.opened_by, last.created_by, last.resolved_by, last.resolver) if name
    )
    for step in told.steps:
        if step.event.updated_by:
            people.add(step.event.updated_by)
        _collect(step.changes.get("assignee"), people)
        _collect(step.changes.get("requester"), people)
        _collect(step.changes.get("team"), teams)
        for path in step.changes.get("category", ()):
            if isinstance(path, tuple):
                categories.add(path)
    return Labels(people, teams, categories)


def _collect(change: Change | None, into: set[str]) -> None:
    into.update(str(label) for label in change or () if label is not None)
