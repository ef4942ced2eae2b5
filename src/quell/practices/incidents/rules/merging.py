"""Which incidents may become a part of which. Pure; each answer names why not."""

from __future__ import annotations

from dataclasses import dataclass

from .lifecycle import CANCELLED, CLOSED, OPEN

#: Hours in which a merge can be undone (ux.md 2.8).
UNDO_HOURS = 24


@dataclass(frozen=True, slots=True)
class Part:
    """What the rules ask of an incident."""

    number: str
    state: str
    organisation_id: int
    parent_id: int | None
    record_id: int


def refuses(source: Part, target: Part) -> str | None:
    """Why the source cannot become a part of the target: `self`, `organisation`, `closed` (the source is finished),
    `target_closed`, `child` (the target is a child of the source); None when it can."""
    if source.record_id == target.record_id:
        return "self"
    if source.organisation_id != target.organisation_id:
        return "organisation"
    if source.state not in OPEN:
        return "closed"
    if target.state in (CLOSED, CANCELLED):
        return "target_closed"
    if target.parent_id == source.record_id:
        return "child"
    return None
