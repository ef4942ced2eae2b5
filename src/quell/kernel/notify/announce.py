"""From a journal entry to inbox lines."""

from __future__ import annotations

from collections.abc import Callable

from quell.kernel.access.actor import actor_for_person
from quell.kernel.config import sql
from quell.kernel.live import hints
from quell.kernel.jobs.app import enqueue

from .models import Notification
from .recipients import Facts, recipients

Step = Callable[[int], None]
_steps: list[Step] = []

_FACTS = """
SELECT e.verb, e.public, e.actor_id, r.requester_id, r.owner_id, r.assignee_id, r.id,
  ARRAY(SELECT person_id FROM records_watcher w WHERE w.record_id = r.id),
  ARRAY(SELECT person_id FROM people_membership m WHERE m.team_id = r.team_id),
  e.data -> 'people', e.data -> 'mentioned'
FROM journal_entry e JOIN records_record r ON r.id = e.record_id WHERE e.id = %s
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
    verb, public, actor, requester, owner, assignee, record_id, watchers, team, called, named = row
    around = (tuple(watchers), tuple(team), tuple(_ids(called)), tuple(_ids(named)))
    facts = Facts(verb, public, actor, requester, owner, assignee, *around)
    people = {p: reason for p, reason in recipients(facts).items() if _may_know(p, public, reason)}
    lines = [
        Notification(person_id=person, record_id=record_id, entry_id=entry_id, reason=reason, email_wanted=True)
        for person, reason in people.items()
    ]
    Notification.objects.bulk_create(lines, ignore_conflicts=True)
    hints.news_for(people)
    return list(
        Notification.objects.filter(entry_id=entry_id, email_wanted=True, emailed_at=None).values_list("pk", flat=True)
    )


def _ids(called: object) -> list[int]:
    return [v for v in called if isinstance(v, int)] if isinstance(called, list) else []


def _may_know(person_id: int, public: bool, reason: str) -> bool:
    """What is internal goes only to people who work: a role may have been taken from an owner or assignee."""
    actor = actor_for_person(person_id)
    if actor is None:
        return False
    return public or reason in ("requester", "watching") or actor.is_agent


def tell(person_id: int, record_id: int, entry_id: int, reason: str) -> None:
    """Put one line into one person's inbox for a cause of their own (a message held back, a reminder), with its mail.
    The caller has made sure that they may see the record. Safe to repeat."""
    line, fresh = Notification.objects.get_or_create(
        person_id=person_id,
        entry_id=entry_id,
        defaults={"record_id": record_id, "reason": reason, "email_wanted": True},
    )
    if fresh:
        enqueue("notify.email", notification_id=line.pk, queue="mail")
