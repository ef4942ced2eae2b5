"""The clocks a record begins with, written by the statement that opens it (architecture.md 3).

Opening is the busiest write, so it asks nothing beforehand: clocks are counted by what this process remembers of the
record's surroundings. The statement that writes them tells what those are now; should they have changed, they are
counted again, in the same transaction.

Most records begin like others before them. What metrics ask about decides which clocks start; once that is known for
one record, the clocks of the next one like it differ by the moment alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.timetable import Timetable
from quell.engines.clock.faults import ClockFault
from quell.engines.clock.history import START
from quell.engines.clock.replay import just_started
from quell.engines.clock.terms import Terms, timetable_of
from quell.kernel.actions.open import NOTHING, Addition, Opened, Preparation
from quell.kernel.records.numbers import Kind
from quell.practices.calendars import facade as calendars

from ..queries.material import ABOUT, About, Chosen, Material, about, asked_about, categories
from ..queries.planning import plans
from ..queries.shelf import PRACTICE_FACTS, Shelf, shelf
from ..rules.choosing import Identity
from ..rules.happenings import happenings
from ..rules.lines import Line, Subject, moments
from . import recount
from .recount import Bearer, Kept, chosen_now, counted

_ADDITION = Addition(recount.OPENING, ABOUT)
_MOST_PLACES, _MOST_ALIKE = 5000, 500
Place = tuple[int, int | None]
Alike = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """A clock that runs from the first moment on."""

    identity: Identity
    target_id: int
    terms: Terms
    timetable: Timetable


@dataclass(frozen=True, slots=True)
class Starts:
    """What records of one kind begin with: their clocks, and the choices as they are stored, but for ids."""

    clocks: tuple[Start, ...]
    choices: list[dict[str, Any]]


@dataclass(slots=True)
class _Seen:
    """The surroundings of the records of one organisation and service as this process saw them last, and how records
    there have begun since; None: not with simple starts."""

    about: About
    known: dict[Alike, Starts | None] = field(default_factory=dict)


_seen: dict[Place, _Seen] = {}
_newest: list[_Seen] = []


def opening(kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any]) -> Preparation | None:
    """Before a record is opened: which promises it begins with, and when the first is due."""
    seen = _seen.get(_place(spine))
    if seen is not None:
        # What is promised is remembered once for all places: an old book is never opened again.
        if seen.about.revisions != _newest[0].about.revisions:
            seen = _remember(spine, replace(seen.about, revisions=_newest[0].about.revisions))
        begun = _begun(kind, spine, data, seen)
        if begun is not None and begun.rows:
            return begun
    return _begun(kind, spine, data, _remember(spine, about(spine)))


def _place(spine: Mapping[str, Any]) -> Place:
    return spine["organisation_id"], spine["service_id"]


def _remember(spine: Mapping[str, Any], found: About) -> _Seen:
    if len(_seen) >= _MOST_PLACES:
        _seen.clear()
    seen = _seen[_place(spine)] = _Seen(found)
    _newest[:] = [seen]
    return seen


def _begun(kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any], seen: _Seen) -> _Beginning | None:
    present = shelf(seen.about.revisions.promises)
    if not present.measures(kind.code):
        return None
    facts = _facts(spine, data)
    alike = _alike(kind, spine, data, facts, present)
    if alike is None:
        return _counted(kind, spine, data, seen, _unborn(kind, spine, data, facts, seen.about), present)
    if alike not in seen.known:
        if len(seen.known) >= _MOST_ALIKE:
            seen.known.clear()
        unborn = _unborn(kind, spine, data, facts, seen.about)
        seen.known[alike] = _starts(unborn, chosen_now(unborn, present, 0, spine["opened_at"]), seen)
    starts = seen.known[alike]
    if starts is None:
        return _counted(kind, spine, data, seen, _unborn(kind, spine, data, facts, seen.about), present)
    return _started(kind, spine, data, seen, starts)


def _alike(
    kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any], facts: Mapping[str, Any], present: Shelf
) -> Alike | None:
    """What two records of a place have in common whose clocks begin alike; None for a record with a past, which was
    told, seen or answered before it was written down."""
    if spine["responded_at"] is not None or "reported_at" in data or "detected_at" in data:
        return None
    asked = (facts.get(name) for name in present.fields)
    return kind.code, facts["state"], facts["priority"], facts["team"], present.turn(spine["opened_at"]), *asked


def _starts(unborn: Material, fresh: Sequence[Chosen], seen: _Seen) -> Starts | None:
    """What a record begins with, if all of its clocks that start do no more than that."""
    course = list(moments(unborn.subject))
    clocks = []
    tables = calendars.timetables(seen.about.revisions.calendars)
    for plan in plans(fresh):
        events = happenings(course, plan.rule, plan.chosen, unborn.subject.opened_at, plan.identity.holder)
        if not events:
            continue
        begin, terms = events[0], events[0].terms
        if len(events) > 1 or begin.kind != START or begin.at != unborn.subject.opened_at or terms is None:
            return None
        target = next(one.target_id for one in fresh if one.identity == plan.identity)
        assert target is not None  # a clock that starts has something promised
        try:
            clocks.append(Start(plan.identity, target, terms, timetable_of(terms, tables)))
        except (ClockFault, CalendarFault):
            return None
    return Starts(tuple(clocks), [recount.choice(0, one) for one in fresh])


def _started(kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any], seen: _Seen, starts: Starts) -> _Beginning:
    at, revision = spine["opened_at"], seen.about.revisions.calendars
    bearer = Bearer(0, spine["organisation_id"], spine["service_id"], spine["team_id"], spine["priority"])
    rows, due = [], []
    for clock in starts.clocks:
        row = just_started(clock.terms, at, clock.timetable)
        rows.append(recount.columns(bearer, clock.identity, row, clock.target_id, revision))
        if clock.identity.kind == "sla" and row.due_at is not None:
            due.append(row.due_at)
    return _Beginning((kind, spine, data), seen, rows, starts.choices, min(due, default=None))


def _counted(
    kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any], seen: _Seen, unborn: Material, present: Shelf
) -> _Beginning:
    fresh = chosen_now(unborn, present, 0, spine["opened_at"])
    kept = counted(unborn, seen.about.revisions, fresh)
    return _Beginning((kind, spine, data), seen, kept.rows, kept.choices, kept.due_at)


class _Beginning(Preparation):
    """The clocks of a record that is about to be there. The statement that opens it gives them its ids."""

    def __init__(
        self,
        told: tuple[Kind, Mapping[str, Any], Mapping[str, Any]],
        seen: _Seen,
        rows: list[dict[str, Any]],
        choices: list[dict[str, Any]],
        due_at: datetime | None,
    ) -> None:
        self._told, self._seen = told, seen
        self.rows, self.choices, self.due_at = rows, choices, due_at
        self.spine = {"due_at": due_at}
        self.addition, self.values = NOTHING, {}
        if rows or choices:
            self.addition = _ADDITION
            self.values = {**recount.written(rows, choices), **asked_about(told[1])}

    def finish(self, opened: Opened, told: Sequence[Any]) -> None:
        """Count again if the surroundings were not what they were remembered to be."""
        if not told or (found := About.of(told)) == self._seen.about:
            return
        kind, spine, data = self._told
        recount.unmake(opened.record_id)
        again = _begun(kind, spine, data, _remember(spine, found))
        recount.keep([again.kept(opened) if again else Kept(opened.record_id, [], [], [], None)])

    def kept(self, opened: Opened) -> Kept:
        """The same for a record that is there."""
        ids = {"record_id": opened.record_id}
        rows = [row | ids for row in self.rows]
        choices = [choice | ids | {"entry_id": opened.entry_id} for choice in self.choices]
        return Kept(opened.record_id, rows, choices, [], self.due_at)


def _facts(spine: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "state": spine["state"], "priority": spine["priority"], "owner": spine["owner_id"],
        "assignee": spine["assignee_id"], "team": spine["team_id"], "service": spine["service_id"],
        "requester": spine["requester_id"], "channel": spine["channel"],
        **{name: data.get(name) for name in PRACTICE_FACTS},
    }  # fmt: skip


def _unborn(
    kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any], facts: Mapping[str, Any], found: About
) -> Material:
    at: datetime = spine["opened_at"]
    opener = spine["opened_by_id"]
    line = Line(0, at, "open", "" if opener is None else str(opener), {}, data)
    subject = Subject(
        0, kind.code, at, spine["responded_at"], str(spine["requester_id"]), facts, [line], categories(kind.code)
    )
    return Material("", spine["organisation_id"], subject, found.case(kind.code, spine), [], [], None)
