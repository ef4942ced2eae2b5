"""Saying aloud what runs out: warnings and breaches, in sets (architecture.md 5).

A look is a column, never a timer: a worker that was dead, a clock that jumped or a calendar that was edited only delay
it. Rows are claimed with SKIP LOCKED, record before clock as every action locks them, and moved on by an update that
must find the row as it was read: two sweepers never tell the same. What was told is kept with the row; of several
percents that have come since, only the highest is said. A row that cannot be read is put aside for a while with its
fault, and the rest goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import transaction

from quell.kernel.access.actor import HOUSE
from quell.kernel.config import sql
from quell.kernel.jobs.app import enqueue_each
from quell.kernel.journal.write import Line, write_all
from quell.kernel.live import hints

from ..queries import audiences
from ..queries.steps import all_steps
from ..rules.escalating import BREACH, Due, Step, steps_for

logger = logging.getLogger("quell.clocks")

BATCH = 500
#: A warning that comes later than this after its moment says so.
LATE = timedelta(minutes=3)
#: How long a row that could not be read is left alone.
ASIDE = timedelta(minutes=15)
#: Who says it: the house itself, by its rules.
_SWEEPER = replace(HOUSE, channel="rule")
_EVER = datetime(1, 1, 1, tzinfo=UTC)
WARNED, BROKEN = "clock_warning", "clock_breach"


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be said of one clock."""

    row: Mapping[str, Any]
    percent: int
    moment: datetime
    steps: Sequence[Step]
    people: Sequence[int]

    @property
    def verb(self) -> str:
        """What the line of history is called."""
        return BROKEN if self.percent >= BREACH else WARNED


_CLAIM = """
SELECT c.id, c.record_id, c.organisation_id, c.kind, c.metric, c.holder, c.number, c.target_id, c.priority, c.warnings,
  c.breaches_at, c.due_at, c.told, c.breach_told, c.next_look_at, c.length, r.assignee_id, r.owner_id, r.team_id,
  r.service_id, r.version, o.path
FROM clocks_clock c JOIN records_record r ON r.id = c.record_id JOIN people_organisation o ON o.id = c.organisation_id
WHERE c.next_look_at BETWEEN %s AND %s ORDER BY c.next_look_at LIMIT %s FOR NO KEY UPDATE OF r, c SKIP LOCKED
"""


def sweep(now: datetime, most: int = 20_000, *, aloud: bool = True, since: datetime = _EVER) -> int:
    """Tell everything that is due; returns how much was told. Not `aloud`, it counts as told and nobody hears of it:
    for history that is told again, whose promises ran out long ago. `since`: nothing was due before, as whoever plays
    many moments in one transaction knows."""
    told = 0
    while told < most:
        looked, said = _batch(since, now, aloud)
        told += said
        if looked < BATCH:  # whatever was claimed has moved on beyond `now`
            break
    return told


def _batch(since: datetime, now: datetime, aloud: bool) -> tuple[int, int]:
    """One batch in a transaction of its own: (rows looked at, things told)."""
    with transaction.atomic():
        rows = sql.dicts(_CLAIM, [since, now, BATCH])
        if not rows:
            return 0, 0
        steps = all_steps()
        tellings: list[Telling] = []
        moved: list[dict[str, Any]] = []
        for row in rows:
            try:
                telling, after = _look(row, now, steps)
            except (ValueError, LookupError, TypeError, ArithmeticError) as fault:
                # One row that makes no sense must not keep the others from being told.
                logger.exception("clock %s cannot be read", row["id"])
                moved.append(_aside(row, now, fault))
                continue
            moved.append(after)
            if telling is not None:
                tellings.append(telling)
        if aloud:
            _say(_with_people(tellings), now)
        sql.execute(_MOVE, [orjson.dumps(moved).decode()])
    return len(rows), len(tellings)


def _look(row: Mapping[str, Any], now: datetime, steps: Sequence[Step]) -> tuple[Telling | None, dict[str, Any]]:
    """What there is to say of a row, and how it stands afterwards."""
    warnings = [(percent, datetime.fromisoformat(at)) for percent, at in row["warnings"] if at]
    come = [(percent, at) for percent, at in warnings if at <= now and percent > row["told"]]
    broken = row["breaches_at"] is not None and row["breaches_at"] <= now
    if broken and not row["breach_told"]:
        come = [*(one for one in come if one[0] > BREACH), (BREACH, row["breaches_at"])]
    percent, moment = max(come, default=(0, now), key=lambda one: one[0])
    told = max(row["told"], percent)
    breach_told = row["breach_told"] or percent >= BREACH
    ahead = [at for level, at in warnings if level > told and at > now]
    if row["breaches_at"] is not None and not breach_told:
        ahead.append(row["breaches_at"])
    after = {
        "id": row["id"], "was": row["next_look_at"], "told": told, "breach_told": breach_told,
        "next_look_at": min(ahead, default=None), "fault": "",
    }  # fmt: skip
    if not percent:
        return None, after
    due = Due(percent, row["kind"], row["metric"], row["priority"], row["path"])
    return Telling(row, percent, moment, steps_for(due, steps), ()), after


def _aside(row: Mapping[str, Any], now: datetime, fault: Exception) -> dict[str, Any]:
    return {
        "id": row["id"], "was": row["next_look_at"], "told": row["told"], "breach_told": row["breach_told"],
        "next_look_at": now + ASIDE, "fault": f"{type(fault).__name__}: {fault}"[:300],
    }  # fmt: skip


#: Found by id. Written as an equation, the moment would be looked up first, among all that was ever due at any.
_MOVE = """
UPDATE clocks_clock c SET told = x.told, breach_told = x.breach_told, next_look_at = x.next_look_at, fault = x.fault
FROM jsonb_to_recordset(%s::jsonb) AS x(id bigint, was timestamptz, told smallint, breach_told boolean,
  next_look_at timestamptz, fault text)
WHERE c.id = x.id AND NOT c.next_look_at IS DISTINCT FROM x.was
"""


def _with_people(tellings: Sequence[Telling]) -> list[Telling]:
    people = audiences.people([(one.row, [word for step in one.steps for word in step.audiences]) for one in tellings])
    return [
        Telling(one.row, one.percent, one.moment, one.steps, found) for one, found in zip(tellings, people, strict=True)
    ]


def _say(tellings: Sequence[Telling], now: datetime) -> None:
    """A line of history each, the news for those it concerns, and what the steps do beside."""
    if not tellings:
        return
    lines = [
        Line(one.row["record_id"], one.row["organisation_id"], one.verb, _data(one, now), one.row["version"])
        for one in tellings
    ]
    entries = write_all(lines, _SWEEPER, now)
    enqueue_each("notify.announce", [{"entry_id": entry} for entry in entries])
    enqueue_each(
        "clocks.act",
        [
            {"record_id": one.row["record_id"], "entry_id": entry, "step_id": step.id}
            for one, entry in zip(tellings, entries, strict=True)
            for step in one.steps
            if step.verb
        ],
    )
    hints.changed()


def _data(one: Telling, now: datetime) -> dict[str, Any]:
    late = now - one.moment
    said: dict[str, Any] = {
        "clock": one.row["id"], "kind": one.row["kind"], "metric": one.row["metric"], "percent": one.percent,
        "moment": one.moment, "due_at": one.row["due_at"], "people": list(one.people),
    }  # fmt: skip
    if late > LATE:
        said["late_seconds"] = int(late.total_seconds())
    return said


def now() -> datetime:
    """The time by which a sweep looks."""
    return datetime.now(UTC)
