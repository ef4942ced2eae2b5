"""The clocks of a record move with it, in the transaction of its change (architecture.md 3): after a commit there is
no moment at which a ticket and its promises tell different things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from quell.engines.targets import Case
from quell.kernel.actions.open import Opened, Preparation
from quell.kernel.journal.models import Entry
from quell.kernel.records.models import Record
from quell.kernel.records.numbers import Kind

from ..queries.material import About, Material, Revisions, about, categories, material
from ..queries.shelf import Shelf, asked, shelf
from ..rules.lines import Line, Subject
from .recount import Kept, begin, chosen_now, counted, keep, unmake
from .restate import TERMS

#: What a target may be chosen by: when one of these changes, the choice is made anew.
_CHOOSING = frozenset({"priority", "service", "team"})
#: Changes and verbs that any metric may ask about without saying so.
_MOVING = frozenset({"state", "hold_reason", "resume_at", *_CHOOSING})
_SAYING = frozenset({"reply", "note"})


#: What this process last saw of the surroundings of records, by organisation and service.
_seen: dict[tuple[int, int | None], About] = {}
_newest: list[Revisions] = []
_MOST_SEEN = 5000


def opening(kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any]) -> Preparation | None:
    """Before a record is opened: which promises it begins with, and when the first is due.

    Counted by what this process remembers of the record's surroundings. The statement that writes the clocks tells
    what they are now; should they have changed, it is done again by them, in the same transaction.
    """
    remembered = _seen.get(_place(spine))
    if remembered is not None:
        # What is promised is remembered once for all places: an old book is never opened again.
        if remembered.revisions is not _newest[0]:
            remembered = replace(remembered, revisions=_newest[0])
        begun = _begun(kind, spine, data, remembered)
        if begun is not None and begun.kept.rows:
            return begun
    return _begun(kind, spine, data, _remember(spine, about(spine)))


def _place(spine: Mapping[str, Any]) -> tuple[int, int | None]:
    return spine["organisation_id"], spine["service_id"]


def _remember(spine: Mapping[str, Any], found: About) -> About:
    if len(_seen) >= _MOST_SEEN:
        _seen.clear()
    _seen[_place(spine)] = found
    _newest[:] = [found.revisions]
    return found


def _begun(kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any], found: About) -> _Beginning | None:
    present = shelf(found.revisions.promises)
    return _Beginning(kind, spine, data, found, present) if present.measures(kind.code) else None


class _Beginning(Preparation):
    """The clocks of a record that is about to be there. Its ids are not known yet when they are counted; the entry of
    its opening is 0 until then."""

    def __init__(
        self, kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any], found: About, present: Shelf
    ) -> None:
        self._told = (kind, spine, data)
        self._surroundings = found
        unborn = _unborn(kind, spine, data, found.case(kind.code, spine))
        fresh = chosen_now(unborn, present, 0, spine["opened_at"])
        self.kept = counted(unborn, found.revisions, fresh)
        self.spine = {"due_at": self.kept.due_at}

    def finish(self, opened: Opened) -> None:
        """Write them, with the ids."""
        if not (self.kept.rows or self.kept.choices):
            return
        kind, spine, data = self._told
        self._born(opened)
        found = begin(self.kept, spine)
        if found == self._surroundings:
            return
        unmake(opened.record_id)
        again = _begun(kind, spine, data, _remember(spine, found))
        if again is not None:
            again._born(opened)
            keep([again.kept])
        else:
            keep([replace(self.kept, rows=[], choices=[], due_at=None)])

    def _born(self, opened: Opened) -> None:
        self.kept = replace(self.kept, record_id=opened.record_id)
        for row in (*self.kept.rows, *self.kept.choices):
            row["record_id"] = opened.record_id
        for choice in self.kept.choices:
            choice["entry_id"] = opened.entry_id


def _unborn(kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any], case: Case) -> Material:
    facts = {
        "state": spine["state"], "priority": spine["priority"], "owner": spine["owner_id"],
        "assignee": spine["assignee_id"], "team": spine["team_id"], "service": spine["service_id"],
        "requester": spine["requester_id"], "channel": spine["channel"],
        "impact": data.get("impact"), "urgency": data.get("urgency"),
    }  # fmt: skip
    at: datetime = spine["opened_at"]
    opener = spine["opened_by_id"]
    line = Line(0, at, "open", "" if opener is None else str(opener), {}, data)
    subject = Subject(
        0, kind.code, at, spine["responded_at"], str(spine["requester_id"]), facts, [line], categories(kind.code)
    )
    return Material("", spine["organisation_id"], subject, case, [], [], None)


def follow(record: Record, entry: Entry) -> None:
    """After a line of history: count the clocks of its record again, if the line may have moved one."""
    if not _matters(entry):
        return
    found, revisions = material([record.pk])
    present = shelf(revisions.promises)
    one = found[0]
    if not one.choices and not present.measures(record.kind):
        return
    if present.detailed:
        found, revisions = material([record.pk], detailed=True)
        one = found[0]
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


def forget() -> None:
    """Let go of everything remembered; for a process that turns to another database."""
    _seen.clear()
    _newest.clear()
