"""Counting the clocks of records and keeping what came out: one way for live work, imports, restating and verifying."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from quell.engines.businesstime.faults import CalendarFault
from quell.engines.clock.faults import ClockFault
from quell.engines.clock.state import Row
from quell.engines.clock.terms import Calendars
from quell.engines.clock.warnings import next_look
from quell.kernel.config import sql
from quell.practices.calendars import facade as calendars

from ..queries.material import Chosen, Material, Revisions, Stored
from ..queries.planning import AsOf, as_stored, plans, target_at, targets_of
from ..queries.shelf import Shelf
from ..rules.choosing import Identity, moved
from ..rules.counting import Plan, count
from ..rules.lines import Moment, moments

logger = logging.getLogger("quell.clocks")

#: From a revision to its timetables.
Tables = Callable[[int], Calendars]
_MICRO = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be written for one record: rows as JSON, choices as JSON, what is to go, and when it is due next."""

    record_id: int
    rows: list[dict[str, Any]]
    choices: list[dict[str, Any]]
    gone: list[tuple[Identity, int]]
    due_at: datetime | None
    healed: bool = False


def chosen_now(found: Material, present: Shelf, entry: int, at: datetime) -> list[Chosen]:
    """What is chosen at an entry of the journal otherwise than before it, for the record as it is."""
    before: dict[Identity, int | None] = {one.identity: one.target_id for one in found.choices}
    changed = moved(before, present.choose(found.case, at), found.case.holder)
    return [
        Chosen(identity, entry, target, "", False)
        for identity, target in changed.items()
        if target is not None or identity in before
    ]


def counted(
    found: Material,
    revisions: Revisions,
    fresh: Sequence[Chosen] = (),
    as_of: AsOf | None = None,
    course: Sequence[Moment] | None = None,
    tables: Tables | None = None,
) -> Kept:
    """The rows of a record, counted from its history with what is newly chosen. `course`: its moments, where the
    caller has walked through them already; `tables`: what stands in for the calendars of a revision."""
    if course is None:
        course = list(moments(found.subject))
    revision = as_of or as_stored(found.stored, revisions.calendars)
    told = {(one.identity, one.number): one for one in found.stored}
    targets = targets_of([*found.choices, *fresh])
    rows: list[dict[str, Any]] = []
    due: list[datetime] = []
    numbers: dict[Identity, int] = {}
    for plan in plans([*found.choices, *fresh]):
        by = revision(plan.identity)
        found_rows = _rows(found, course, plan, (tables or calendars.timetables)(by))
        numbers[plan.identity] = len(found_rows)
        for row in found_rows:
            target = target_at(targets[plan.identity], plan, row)
            rows.append(_columns(found, plan.identity, row, target, by, told.get((plan.identity, row.instances))))
        last = found_rows[-1] if found_rows else None
        if last and last.due_at and last.stopped_at is None and plan.identity.kind == "sla":
            due.append(last.due_at)
    gone = [(one.identity, one.number) for one in found.stored if one.number > numbers.get(one.identity, 0)]
    choices = [_choice(found.subject.record_id, one) for one in fresh]
    return Kept(found.subject.record_id, rows, choices, gone, min(due, default=None))


def _rows(found: Material, course: Sequence[Moment], plan: Plan, timetables: Calendars) -> Sequence[Row]:
    """The rows of one clock. One that cannot be counted (its calendar cannot be meant any more) has none: a promise
    that cannot be read must not keep anybody from working."""
    try:
        return count(found.subject, course, plan, timetables)
    except (ClockFault, CalendarFault):
        logger.exception("the clock %s of record %s cannot be counted", plan.identity, found.subject.record_id)
        return ()


def _columns(
    found: Material, identity: Identity, row: Row, target: int, as_of: int, before: Stored | None
) -> dict[str, Any]:
    told, breach_told = (before.told, before.breach_told) if before else (0, False)
    quiet = row.informational or row.stopped_at is not None
    look = None if quiet else next_look(row, told, breach_told=breach_told)
    return {
        "record_id": found.subject.record_id,
        "organisation_id": found.organisation_id,
        "kind": identity.kind,
        "metric": identity.metric,
        "holder": identity.holder,
        "number": row.instances,
        "target_id": target,
        "calendars_as_of": as_of,
        "service_id": found.subject.facts["service"],
        "team_id": found.subject.facts["team"],
        "priority": found.subject.facts["priority"],
        "state": row.state,
        "outcome": row.outcome,
        "started_at": row.started_at,
        "stopped_at": row.stopped_at,
        "length": interval(row.target),
        "spent": interval(row.spent),
        "spent_at": row.spent_at,
        "paused": interval(row.paused),
        "due_at": row.due_at,
        "breaches_at": row.breaches_at,
        "warnings": [[one.percent, one.at] for one in row.warnings],
        "paused_until": row.paused_until,
        "reasons": list(row.reasons),
        "informational": row.informational,
        "late_recorded": row.late_recorded,
        "told": told,
        "breach_told": breach_told,
        "next_look_at": look,
    }


def interval(amount: timedelta) -> str:
    """An amount as PostgreSQL reads it exactly."""
    return f"{amount // _MICRO} microseconds"


def _choice(record_id: int, one: Chosen) -> dict[str, Any]:
    return {
        "record_id": record_id,
        "entry_id": one.entry,
        "kind": one.identity.kind,
        "metric": one.identity.metric,
        "holder": one.identity.holder,
        "target_id": one.target_id,
        "policy": one.policy,
        "correction": one.correction,
    }


_TYPES: Mapping[str, str] = {
    "record_id": "bigint", "organisation_id": "bigint", "kind": "text", "metric": "text", "holder": "text",
    "number": "integer", "target_id": "bigint", "calendars_as_of": "bigint", "service_id": "bigint",
    "team_id": "bigint", "priority": "smallint", "state": "text", "outcome": "text", "started_at": "timestamptz",
    "stopped_at": "timestamptz", "length": "interval", "spent": "interval", "spent_at": "timestamptz",
    "paused": "interval", "due_at": "timestamptz", "breaches_at": "timestamptz", "warnings": "jsonb",
    "paused_until": "timestamptz", "reasons": "text[]", "informational": "boolean", "late_recorded": "boolean",
    "told": "smallint", "breach_told": "boolean", "next_look_at": "timestamptz",
}  # fmt: skip
_KEY = ("record_id", "kind", "metric", "holder", "number")
#: What replay gives: the columns that verifying compares.
COUNTED = tuple(name for name in _TYPES if name not in (*_KEY, "told", "breach_told", "next_look_at"))
_LEFT = {"fault": "''", "breach_cause": "''", "excluded_because": "''"}
_SET = tuple(name for name in _TYPES if name not in (*_KEY, "told", "breach_told"))
_CHOSEN = """
  INSERT INTO clocks_choice (record_id, entry_id, kind, metric, holder, target_id, policy, correction)
  SELECT * FROM jsonb_to_recordset(%(choices)s::jsonb) AS x(record_id bigint, entry_id bigint, kind text, metric text,
    holder text, target_id bigint, policy text, correction boolean)
"""
_ROWS = f"""
  INSERT INTO clocks_clock AS k ({", ".join((*_TYPES, *_LEFT))})
  SELECT x.*, {", ".join(_LEFT.values())}
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS x({", ".join(f"{name} {kind}" for name, kind in _TYPES.items())})
"""  # noqa: S608 - columns of our own
_KEEP = f"""
WITH chosen AS ({_CHOSEN}), due AS (
  UPDATE records_record r SET due_at = x.due_at
  FROM jsonb_to_recordset(%(due)s::jsonb) AS x(record_id bigint, due_at timestamptz)
  WHERE r.id = x.record_id AND r.due_at IS DISTINCT FROM x.due_at
)
{_ROWS}
ON CONFLICT ({", ".join(_KEY)}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _SET)}, fault = ''
WHERE ({", ".join(f"k.{name}" for name in _SET)}) IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _SET)})
"""  # noqa: S608 - columns of our own
_GO = """
DELETE FROM clocks_clock k USING jsonb_to_recordset(%s::jsonb)
  AS x(record_id bigint, kind text, metric text, holder text, number integer)
WHERE (k.record_id, k.kind, k.metric, k.holder, k.number) = (x.record_id, x.kind, x.metric, x.holder, x.number)
"""


_HEALED = "UPDATE clocks_clock SET breach_told = FALSE WHERE record_id = ANY(%s) AND stopped_at IS NULL"


def unmake(record_id: int) -> None:
    """Take back everything about the clocks of a record that was begun by mistaken surroundings."""
    sql.execute("DELETE FROM clocks_choice WHERE record_id = %s", [record_id])
    sql.execute("DELETE FROM clocks_clock WHERE record_id = %s", [record_id])


def keep(found: Sequence[Kept]) -> None:
    """Write what was counted, all records with one statement."""
    gone = [
        {"record_id": one.record_id, **_named(identity), "number": number}
        for one in found
        for identity, number in one.gone
    ]
    if gone:
        sql.execute(_GO, [_json(gone)])
    healed = [one.record_id for one in found if one.healed]
    if healed:
        sql.execute(_HEALED, [healed])
    rows = [row for one in found for row in one.rows]
    choices = [choice for one in found for choice in one.choices]
    due = [{"record_id": one.record_id, "due_at": one.due_at} for one in found]
    if rows or choices or due:
        sql.execute(_KEEP, {"choices": _json(choices), "rows": _json(rows), "due": _json(due)})


def _named(identity: Identity) -> dict[str, str]:
    return {"kind": identity.kind, "metric": identity.metric, "holder": identity.holder}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
