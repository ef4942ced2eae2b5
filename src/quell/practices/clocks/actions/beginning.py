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

import orjson

from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.timetable import Timetable
from quell.engines.clock.faults import ClockFault
from quell.engines.clock.history import START
from quell.engines.clock.replay import just_started
from quell.engines.clock.terms import Terms, timetable_of
from quell.engines.clock.warnings import next_look
from quell.kernel.actions.open import Addition, Opened, Preparation
from quell.kernel.config import sql
from quell.kernel.records.numbers import Kind
from quell.practices.calendars import facade as calendars

from ..queries.material import ABOUT, About, Material, about, asked_about, categories
from ..queries.planning import plans
from ..queries.shelf import PRACTICE_FACTS, Shelf, shelf
from ..rules.choosing import Identity
from ..rules.happenings import happenings
from ..rules.lines import Line, Subject, moments
from . import recount
from .recount import chosen_now, counted

#: What chose the first clocks of a record, and their rows as they are when nothing but their start has happened.
_WRITTEN = (
    """chosen AS (
  INSERT INTO clocks_choice (record_id, entry_id, policy, correction, kind, metric, holder, target_id)
  SELECT spine.id, history.id, '', FALSE, x.* FROM spine, history, jsonb_to_recordset(%(choices)s::jsonb)
    AS x(kind text, metric text, holder text, target_id bigint)
)""",
    """clocks AS (
  INSERT INTO clocks_clock (record_id, organisation_id, service_id, team_id, priority, calendars_as_of, number, state,
    outcome, started_at, spent, spent_at, paused, reasons, informational, late_recorded, told, breach_told, fault,
    breach_cause, excluded_because, kind, metric, holder, target_id, length, due_at, breaches_at, warnings,
    next_look_at)
  SELECT spine.id, %(organisation_id)s::bigint, %(service_id)s::bigint, %(team_id)s::bigint, %(priority)s::smallint,
    %(calendars)s::bigint, 1, 'running', '', %(opened_at)s::timestamptz, '0', %(opened_at)s::timestamptz, '0', '{}',
    FALSE, FALSE, 0, FALSE, '', '', '', x.*
  FROM spine, jsonb_to_recordset(%(clocks)s::jsonb) AS x(kind text, metric text, holder text, target_id bigint,
    length interval, due_at timestamptz, breaches_at timestamptz, warnings jsonb, next_look_at timestamptz)
)""",
)
_DUE = "UPDATE records_record SET due_at = %s WHERE id = %s"
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
    """What records of one kind begin with: their clocks, and the choices as they are written; empty: nothing."""

    clocks: tuple[Start, ...]
    choices: str


@dataclass(slots=True)
class _Seen:
    """The surroundings of the records of one organisation and service as this process saw them last, and how records
    there have begun since; None: not with simple starts."""

    about: About
    known: dict[Alike, Starts | None] = field(default_factory=dict)


_seen: dict[Place, _Seen] = {}
_newest: list[_Seen] = []


def opening(kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any]) -> Preparation:
    """Before a record is opened: which promises it begins with, and when the first is due."""
    seen = _seen.get(_place(spine))
    if seen is None:
        seen = _remember(spine, about(spine))
    elif seen.about.revisions != _newest[0].about.revisions:
        # What is promised is remembered once for all places: an old book is never opened again.
        seen = _remember(spine, replace(seen.about, revisions=_newest[0].about.revisions))
    return _begun(_Told(kind, spine, data), seen)


def _place(spine: Mapping[str, Any]) -> Place:
    return spine["organisation_id"], spine["service_id"]


def _remember(spine: Mapping[str, Any], found: About) -> _Seen:
    if len(_seen) >= _MOST_PLACES:
        _seen.clear()
    seen = _seen[_place(spine)] = _Seen(found)
    _newest[:] = [seen]
    return seen


def _begun(told: _Told, seen: _Seen) -> _Beginning:
    present = shelf(seen.about.revisions.promises)
    if not present.measures(told.kind.code):
        return _Beginning(told, seen)
    alike = _alike(told, present)
    if alike is None:
        return _Counted(told, seen)
    if alike not in seen.known:
        if len(seen.known) >= _MOST_ALIKE:
            seen.known.clear()
        seen.known[alike] = _starts(told.unborn(seen.about), seen, present)
    starts = seen.known[alike]
    if starts is None:
        return _Counted(told, seen)
    return _Started(told, seen, starts) if starts.choices else _Beginning(told, seen)


def _alike(told: _Told, present: Shelf) -> Alike | None:
    """What two records of a place have in common whose clocks begin alike; None for a record with a past, which was
    told, seen or answered before it was written down."""
    spine, data, facts = told.spine, told.data, told.facts
    if spine["responded_at"] is not None or "reported_at" in data or "detected_at" in data:
        return None
    asked = (facts.get(name) for name in present.fields)
    return told.kind.code, facts["state"], facts["priority"], facts["team"], present.turn(spine["opened_at"]), *asked


def _starts(unborn: Material, seen: _Seen, present: Shelf) -> Starts | None:
    """What a record begins with, if all clocks that start do no more than that."""
    opened_at = unborn.subject.opened_at
    fresh = chosen_now(unborn, present, 0, opened_at)
    course = list(moments(unborn.subject))
    tables = calendars.timetables(seen.about.revisions.calendars)
    clocks = []
    for plan in plans(fresh):
        events = happenings(course, plan.rule, plan.chosen, opened_at, plan.identity.holder)
        if not events:
            continue
        begin, terms = events[0], events[0].terms
        if len(events) > 1 or begin.kind != START or begin.at != opened_at or terms is None:
            return None
        target = next(one.target_id for one in fresh if one.identity == plan.identity)
        assert target is not None  # a clock that starts has something promised
        try:
            clocks.append(Start(plan.identity, target, terms, timetable_of(terms, tables)))
        except (ClockFault, CalendarFault):
            return None
    choices = [{**_named(one.identity), "target_id": one.target_id} for one in fresh]
    return Starts(tuple(clocks), _json(choices) if choices else "")


def _named(identity: Identity) -> dict[str, str]:
    return {"kind": identity.kind, "metric": identity.metric, "holder": identity.holder}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


class _Told:
    """A record that is about to be there, as the one who opens it tells of it."""

    def __init__(self, kind: Kind, spine: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        self.kind, self.spine, self.data = kind, spine, data
        self.facts = {
            "state": spine["state"], "priority": spine["priority"], "owner": spine["owner_id"],
            "assignee": spine["assignee_id"], "team": spine["team_id"], "service": spine["service_id"],
            "requester": spine["requester_id"], "channel": spine["channel"],
            **{name: data.get(name) for name in PRACTICE_FACTS},
        }  # fmt: skip

    def unborn(self, found: About) -> Material:
        """What its clocks are counted from. It has no id yet, and neither has the entry of its opening: both are 0."""
        spine, code, at = self.spine, self.kind.code, self.spine["opened_at"]
        line = Line(0, at, "open", "" if spine["opened_by_id"] is None else str(spine["opened_by_id"]), {}, self.data)
        requester = str(spine["requester_id"])
        subject = Subject(0, code, at, spine["responded_at"], requester, self.facts, [line], categories(code))
        return Material("", spine["organisation_id"], subject, found.case(code, spine), [], [], None)


class _Beginning(Preparation):
    """Nothing is promised, as far as is known."""

    addition = Addition((), ABOUT)

    def __init__(self, told: _Told, seen: _Seen) -> None:
        self._told, self._seen = told, seen
        self.spine: dict[str, Any] = {"due_at": None}
        self.values: dict[str, Any] = asked_about(told.spine)

    def finish(self, opened: Opened, told: Sequence[Any]) -> None:
        """Count again if the surroundings were not what they were remembered to be."""
        found = About.of(told)
        if found == self._seen.about:
            self.write(opened)
            return
        self.unmake(opened)
        again = _Counted(self._told, _remember(self._told.spine, found))
        again.write(opened)
        if again.spine != self.spine:
            sql.execute(_DUE, [again.spine["due_at"], opened.record_id])

    def write(self, opened: Opened) -> None:
        """Write what is not written yet."""

    def unmake(self, opened: Opened) -> None:
        """Take back what is written already."""


class _Counted(_Beginning):
    """Clocks that begin with more than their start, or none: counted as ever, and written after the record."""

    def __init__(self, told: _Told, seen: _Seen) -> None:
        super().__init__(told, seen)
        unborn, present = told.unborn(seen.about), shelf(seen.about.revisions.promises)
        self._kept = counted(unborn, seen.about.revisions, chosen_now(unborn, present, 0, told.spine["opened_at"]))
        self.spine = {"due_at": self._kept.due_at}

    def write(self, opened: Opened) -> None:
        """With the ids."""
        ids = {"record_id": opened.record_id}
        rows = [row | ids for row in self._kept.rows]
        choices = [choice | ids | {"entry_id": opened.entry_id} for choice in self._kept.choices]
        if rows or choices:
            recount.keep([replace(self._kept, record_id=opened.record_id, rows=rows, choices=choices)])


class _Started(_Beginning):
    """Clocks that begin with their start alone. The statement that opens their record gives them its ids."""

    addition = Addition(_WRITTEN, ABOUT)

    def __init__(self, told: _Told, seen: _Seen, starts: Starts) -> None:
        super().__init__(told, seen)
        at: datetime = told.spine["opened_at"]
        rows, due = [], []
        for clock in starts.clocks:
            row = just_started(clock.terms, at, clock.timetable)
            if clock.identity.kind == "sla" and row.due_at is not None:
                due.append(row.due_at)
            rows.append(
                {
                    **_named(clock.identity),
                    "target_id": clock.target_id,
                    "length": recount.interval(row.target),
                    "due_at": row.due_at,
                    "breaches_at": row.breaches_at,
                    "warnings": [[one.percent, one.at] for one in row.warnings],
                    "next_look_at": next_look(row, 0, breach_told=False),
                }
            )
        self.spine = {"due_at": min(due, default=None)}
        self.values |= {
            "choices": starts.choices,
            "clocks": _json(rows),
            "calendars": seen.about.revisions.calendars,
        }

    def unmake(self, opened: Opened) -> None:
        """Choices and clocks."""
        recount.unmake(opened.record_id)


def forget() -> None:
    """Let go of everything remembered; for a process that turns to another database."""
    _seen.clear()
    _newest.clear()
