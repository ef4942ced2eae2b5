"""The clocks of a record move with it, in the transaction of its change (architecture.md 3): after a commit there is
no moment at which a ticket and its promises tell different things."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from quell.kernel.journal.models import Entry
from quell.kernel.records.models import Record

from ..queries.material import Material, Revisions, material
from ..queries.shelf import Shelf, asked, shelf
from .recount import Kept, chosen_now, counted, keep
from .restate import TERMS

#: What a target may be chosen by: when one of these changes, the choice is made anew.
_CHOOSING = frozenset({"priority", "service", "team"})
#: Changes and verbs that any metric may ask about without saying so.
_MOVING = frozenset({"state", "hold_reason", "resume_at", *_CHOOSING})
_SAYING = frozenset({"reply", "note"})


def follow(record: Record, entry: Entry) -> None:
    """After a line of history: count the clocks of its record again, if the line may have moved one."""
    if not _matters(entry):
        return
    found, revisions = material([record.pk])
    present = shelf(revisions.promises)
    one = found[0]
    if not one.choices and not present.measures(record.kind):
        return
    kept = _counted(one, entry, present, revisions)
    keep([kept])
    record.due_at = kept.due_at


def _counted(one: Material, entry: Entry, present: Shelf, revisions: Revisions) -> Kept:
    fresh = []
    if _CHOOSING & entry.changes.keys():
        # By the promises that were there when it was opened, what comes into force later being for what comes later;
        # unless a version that applied to what is open has moved it since.
        said = entry.data
        fresh = [
            replace(chosen, policy=str(said.get("clock_policy") or ""), correction=bool(said.get("correction")))
            for chosen in chosen_now(one, present, entry.pk, chosen_by(one))
        ]
    return counted(one, revisions, fresh)


def chosen_by(one: Material) -> datetime:
    """The moment whose promises hold for a record."""
    moved = [line.at for line in one.subject.lines if line.verb == TERMS]
    return moved[-1] if moved else one.subject.opened_at


def _matters(entry: Entry) -> bool:
    if _MOVING & entry.changes.keys() or entry.verb in _SAYING:
        return True
    fields = asked()
    return fields is None or "verb" in fields or bool(fields & entry.changes.keys())
