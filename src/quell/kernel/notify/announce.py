"""From a journal entry to inbox lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from quell.kernel.config import sql
from quell.kernel.jobs.app import enqueue, enqueue_each
from quell.kernel.live import hints

from .people import Hearer, expect_digest, hearers
from .preferences import DIGEST, EMAIL, NONE, undeliverable
from .recipients import Facts, recipients

Step = Callable[[int], None]
_steps: list[Step] = []

#: A queue that more people take from than this counts for itself: an inbox would only repeat it, a hundred times over.
#: Those who have chosen how to hear of it, or whose organisation has, are told all the same.
MOST_TOLD_OF_QUEUE = 25

_FACTS = f"""
SELECT e.verb, e.public, e.actor_id, r.requester_id, r.owner_id, r.assignee_id, r.id,
  ARRAY(SELECT person_id FROM records_watcher w WHERE w.record_id = r.id),
  ARRAY(SELECT person_id FROM people_membership m WHERE m.team_id = r.team_id),
  e.data -> 'people', e.data -> 'mentioned',
  CASE WHEN e.verb = 'open' AND r.team_id IS NULL AND r.assignee_id IS NULL THEN ARRAY(
    WITH desk AS (
      SELECT DISTINCT g.person_id FROM people_rolegrant g JOIN people_role ro ON ro.id = g.role_id
      WHERE 'records.work' = ANY(ro.capabilities) AND g.organisation_id = ANY(o.path))
    SELECT person_id FROM desk WHERE (SELECT count(*) FROM desk) <= {MOST_TOLD_OF_QUEUE}
      OR EXISTS (SELECT 1 FROM notify_preference mine
        WHERE mine.person_id = desk.person_id AND jsonb_exists(mine.reasons, 'queue'))
      OR EXISTS (SELECT 1 FROM notify_preference ours
        WHERE ours.organisation_id = ANY(o.path) AND jsonb_exists(ours.reasons, 'queue'))) END
FROM journal_entry e JOIN records_record r ON r.id = e.record_id JOIN people_organisation o ON o.id = r.organisation_id
WHERE e.id = %s
"""  # noqa: S608 - a number of our own


class Line(NamedTuple):
    """A line for one person's inbox."""

    person_id: int
    reason: str
    email: bool
    digest: bool


def and_then(step: Step) -> Step:
    """Have a function called with every announced entry's id, in the transaction of the announcing job: the way a
    higher layer leaves work of its own for what has been committed."""
    _steps.append(step)
    return step


def pass_on(entry_id: int) -> None:
    """Call everybody registered by `and_then`."""
    for step in _steps:
        step(entry_id)


def announce_entry(entry_id: int) -> list[int]:
    """Make the inbox lines of an entry; returns the ids of those that also go out by mail. Safe to repeat."""
    row = sql.row(_FACTS, [entry_id])
    if row is None:
        return []
    verb, public, actor, requester, owner, assignee, record_id, watchers, team, called, named, queue = row
    around = (tuple(watchers), tuple(team), tuple(_ids(called)), tuple(_ids(named)), tuple(queue or ()))
    reasons = recipients(Facts(verb, public, actor, requester, owner, assignee, *around))
    if not reasons:
        return []
    known = hearers(reasons)
    people = {p: reason for p, reason in reasons.items() if p in known and may_know(known[p], public, reason)}
    lines = [_line(known[p], reason) for p, reason in people.items()]
    return _keep([line for line in lines if line is not None], record_id, entry_id, known)


def _line(hearer: Hearer, reason: str) -> Line | None:
    """The line as this person wants it; None when they want none."""
    channel = hearer.wishes.channel(reason)
    if channel == NONE:
        return None
    reachable = not undeliverable(hearer.email)
    return Line(hearer.id, reason, channel == EMAIL and reachable, channel == DIGEST and reachable)


_KEEP = """
WITH kept AS (
  INSERT INTO notify_notification (record_id, entry_id, created_at, person_id, reason, email_wanted, digest_wanted)
  SELECT %s, %s, %s, told.* FROM unnest(%s::bigint[], %s::text[], %s::boolean[], %s::boolean[]) AS told
  ON CONFLICT DO NOTHING RETURNING id, person_id, email_wanted, digest_wanted)
SELECT id, person_id, email_wanted,
  ARRAY(SELECT d.id FROM notify_device d WHERE d.person_id = kept.person_id AND NOT kept.digest_wanted)
FROM kept
"""


def _keep(lines: Sequence[Line], record_id: int, entry_id: int, known: Mapping[int, Hearer]) -> list[int]:
    """Put lines into inboxes; returns the ids of those new ones that go out by mail. Each is also called out on the
    person's devices, unless they are quiet now or take such things once a day."""
    if not lines:
        return []
    now = datetime.now(UTC)
    kept = sql.rows(_KEEP, [record_id, entry_id, now, *map(list, zip(*lines, strict=True))])
    enqueue_each(
        "notify.push",
        [
            {"notification_id": pk, "device_id": device_id}
            for pk, person_id, _email, devices in kept
            if devices and not known[person_id].wishes.quiet_seconds(now)
            for device_id in devices
        ],
        queue="push",
    )
    for line in lines:
        if line.digest:
            expect_digest(known[line.person_id], now)
    hints.news_for([line.person_id for line in lines])
    return [pk for pk, _person, email, _devices in kept if email]


def _ids(called: object) -> list[int]:
    return [v for v in called if isinstance(v, int)] if isinstance(called, list) else []


def may_know(hearer: Hearer, public: bool, reason: str) -> bool:
    """What is internal goes only to people who work: a role may have been taken from an owner or assignee."""
    return public or reason in ("requester", "watching") or hearer.works


def tell(person_id: int, record_id: int, entry_id: int, reason: str) -> None:
    """Put one line into one person's inbox for a cause of their own (a message held back, a reminder), with its mail.
    The caller has made sure that they may see the record. Safe to repeat."""
    known = hearers([person_id])
    line = _line(known[person_id], reason) if known else None
    if line is not None:
        for notification_id in _keep([line], record_id, entry_id, known):
            enqueue("notify.email", notification_id=notification_id, queue="mail")
