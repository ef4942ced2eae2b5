"""How the clocks of many records stand now: one statement for any number of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.timetable import Timetable
from quell.kernel.config import sql
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars

from ..rules.standing import Standing, standing

_NEWEST = """
SELECT DISTINCT ON (record_id, kind, metric, holder) id, record_id, kind, metric, holder, number, target_id,
  calendars_as_of, state, outcome, started_at, stopped_at, length, spent, spent_at, due_at, breaches_at, paused_until,
  reasons, informational
FROM clocks_clock WHERE record_id = ANY(%(ids)s) AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
ORDER BY record_id, kind, metric, holder, number DESC
"""


def standings(
    record_ids: Sequence[int], now: datetime, kinds: Sequence[str] | None = None
) -> dict[int, list[Standing]]:
    """The newest instance of every clock of these records, by record; of some kinds of agreement only, if said."""
    if not record_ids:
        return {}
    rows = sql.dicts(_NEWEST, {"ids": list(record_ids), "kinds": None if kinds is None else list(kinds)})
    found: dict[int, list[Standing]] = {}
    for row in rows:
        found.setdefault(row["record_id"], []).append(standing(row, _timetable(row), now))
    return found


def _timetable(row: dict[str, Any]) -> Timetable | None:
    """The calendar a row is counted by; None for one that cannot be meant any more."""
    promised = agreements.promised(row["target_id"])
    if promised is None or row["state"] not in ("running", "paused"):
        return None
    try:
        return calendars.timetables(row["calendars_as_of"])[promised.terms.calendar]
    except (KeyError, CalendarFault):
        return None
