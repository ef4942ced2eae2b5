"""Reading one's own reminders: the follow-up list, what sleeps, and what has come back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.records.visibility import visible_sql

#: What has come back stays marked so long, unless one is done with it sooner.
MARKED = timedelta(days=7)
MOST = 200


#: How many of one person's (%(me)s) have come due, up to 100; a part of other statements.
DUE_COUNT = """
SELECT count(*) FROM (SELECT 1 FROM servicedesk_reminder
  WHERE person_id = %(me)s AND done_at IS NULL AND due_at <= now() LIMIT 100) due
"""


@dataclass(frozen=True, slots=True)
class Follow:
    """One line of the follow-up list. `due` says that its time has come; `woken_by` is `time` or `answer` then."""

    id: int
    number: str
    kind: str
    title: str
    state: str
    priority: int
    text: str
    due_at: datetime
    snooze: bool
    until_answer: bool
    woken_by: str
    due: bool
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Back:
    """Why a record has come back: it slept until `due_at`, or the requester answered (`woken_by`)."""

    reminder_id: int
    due_at: datetime
    woken_by: str
    text: str
    snooze: bool


_FOLLOW = """
SELECT m.id, r.number, r.kind, r.title, r.state, r.priority, m.text, m.due_at, m.snooze, m.until_answer, m.woken_by,
  m.told_at IS NOT NULL OR m.due_at <= %(now)s AS due, m.created_at, m.done_at
FROM servicedesk_reminder m JOIN records_record r ON r.id = m.record_id
WHERE m.person_id = %(me)s AND {asked} AND {visible} ORDER BY m.due_at, m.id LIMIT %(limit)s
"""


def follow_ups(actor: Actor, now: datetime) -> list[Follow]:
    """What the actor still has to follow up, the longest due first; only records they still see."""
    return _read(actor, now, "m.done_at IS NULL", {})


def one(actor: Actor, reminder_id: int, now: datetime) -> Follow | None:
    """One of the actor's own, also when it is done."""
    found = _read(actor, now, "m.id = %(id)s", {"id": reminder_id})
    return found[0] if found else None


def on_record(actor: Actor, record_id: int, now: datetime) -> list[Follow]:
    """The actor's own open ones about one record."""
    return _read(actor, now, "m.done_at IS NULL AND m.record_id = %(record)s", {"record": record_id})


def _read(actor: Actor, now: datetime, asked: str, more: dict[str, object]) -> list[Follow]:
    visible, values = visible_sql(actor)
    statement = _FOLLOW.replace("{asked}", asked).replace("{visible}", visible)
    given = {**values, **more, "me": actor.person_id, "now": now, "limit": MOST}
    return [Follow(*row) for row in sql.rows(statement, given)]


_ASLEEP = """
SELECT record_id FROM servicedesk_reminder
WHERE person_id = %(me)s AND snooze AND done_at IS NULL AND told_at IS NULL AND due_at > %(now)s
"""


def asleep(actor: Actor, now: datetime) -> frozenset[int]:
    """Ids of records that the actor has snoozed and that sleep still."""
    return frozenset(row[0] for row in sql.rows(_ASLEEP, {"me": actor.person_id, "now": now}))


_BACK = """
SELECT DISTINCT ON (record_id) record_id, id, due_at, CASE WHEN woken_by = '' THEN 'time' ELSE woken_by END,
  text, snooze
FROM servicedesk_reminder
WHERE person_id = %(me)s AND done_at IS NULL AND due_at <= %(now)s AND due_at > %(since)s
  AND record_id = ANY(%(records)s)
ORDER BY record_id, due_at DESC
"""


def back(actor: Actor, record_ids: Collection[int], now: datetime) -> dict[int, Back]:
    """Why records have come back to the actor, by id; nothing for the others."""
    if not record_ids:
        return {}
    given = {"me": actor.person_id, "now": now, "since": now - MARKED, "records": list(record_ids)}
    return {row[0]: Back(*row[1:]) for row in sql.rows(_BACK, given)}
