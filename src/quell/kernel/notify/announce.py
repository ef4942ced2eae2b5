"""From a journal entry to inbox lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from quell.kernel.config import sql
from quell.kernel.jobs.app import enqueue
from quell.kernel.live import hints

from .models import Notification
from .people import Hearer, expect_digest, hearers
from .preferences import DIGEST, EMAIL, NONE, undeliverable
from .recipients import Facts, recipients

Step = Callable[[int], None]
_steps: list[Step] = []

_FACTS = """
SELECT e.verb, e.public, e.actor_id, r.requester_id, r.owner_id, r.assignee_id, r.id,
  ARRAY(SELECT person_id FROM records_watcher w WHERE w.record_id = r.id),
  ARRAY(SELECT person_id FROM people_membership m WHERE m.team_id = r.team_id),
  e.data -> 'people', e.data -> 'mentioned',
  CASE WHEN e.verb = 'open' AND r.team_id IS NULL AND r.assignee_id IS NULL THEN ARRAY(
    SELECT DISTINCT g.person_id FROM people_rolegrant g JOIN people_role ro ON ro.id = g.role_id
    WHERE 'records.work' = ANY(ro.capabilities) AND g.organisation_id = ANY(o.path)) END
FROM journal_entry e JOIN records_record r ON r.id = e.record_id JOIN people_organisation o ON o.id = r.organisation_id
WHERE e.id = %s
"""


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
    people = {p: reason for p, reason in reasons.items() if p in known and _may_know(known[p], public, reason)}
    lines = [_line(known[p], record_id, entry_id, reason) for p, reason in people.items()]
    _keep([line for line in lines if line is not None], known)
    return list(
        Notification.objects.filter(entry_id=entry_id, email_wanted=True, emailed_at=None).values_list("pk", flat=True)
    )


def _line(hearer: Hearer, record_id: int, entry_id: int, reason: str) -> Notification | None:
    """The line as this person wants it; None when they want none."""
    channel = hearer.wishes.channel(reason)
    if channel == NONE:
        return None
    reachable = not undeliverable(hearer.email)
    return Notification(
        person_id=hearer.id,
        record_id=record_id,
        entry_id=entry_id,
        reason=reason,
        email_wanted=channel == EMAIL and reachable,
        digest_wanted=channel == DIGEST and reachable,
    )


def _keep(lines: list[Notification], known: Mapping[int, Hearer]) -> None:
    Notification.objects.bulk_create(lines, ignore_conflicts=True)
    now = datetime.now(UTC)
    for line in lines:
        if line.digest_wanted:
            expect_digest(known[line.person_id], now)
    hints.news_for([line.person_id for line in lines])


def _ids(called: object) -> list[int]:
    return [v for v in called if isinstance(v, int)] if isinstance(called, list) else []


def _may_know(hearer: Hearer, public: bool, reason: str) -> bool:
    """What is internal goes only to people who work: a role may have been taken from an owner or assignee."""
    return public or reason in ("requester", "watching") or hearer.works


def tell(person_id: int, record_id: int, entry_id: int, reason: str) -> None:
    """Put one line into one person's inbox for a cause of their own (a message held back, a reminder), with its mail.
    The caller has made sure that they may see the record. Safe to repeat."""
    known = hearers([person_id])
    line = _line(known[person_id], record_id, entry_id, reason) if known else None
    if line is None or Notification.objects.filter(person_id=person_id, entry_id=entry_id).exists():
        return
    _keep([line], known)
    for kept in Notification.objects.filter(person_id=person_id, entry_id=entry_id, email_wanted=True):
        enqueue("notify.email", notification_id=kept.pk, queue="mail")
