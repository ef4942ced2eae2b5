"""From a journal entry to inbox lines."""

from __future__ import annotations

from quell.kernel.access.actor import actor_for_person
from quell.kernel.config import sql

from .models import Notification
from .recipients import Facts, recipients

_FACTS = """
SELECT e.verb, e.public, e.actor_id, r.requester_id, r.owner_id, r.assignee_id, r.id,
  ARRAY(SELECT person_id FROM records_watcher w WHERE w.record_id = r.id),
  ARRAY(SELECT person_id FROM people_membership m WHERE m.team_id = r.team_id),
  e.data -> 'people'
FROM journal_entry e JOIN records_record r ON r.id = e.record_id WHERE e.id = %s
"""


def announce_entry(entry_id: int) -> list[int]:
    """Make the inbox lines of an entry; returns the ids of those that also go out by mail. Safe to repeat."""
    row = sql.row(_FACTS, [entry_id])
    if row is None:
        return []
    verb, public, actor, requester, owner, assignee, record_id, watchers, team, called = row
    facts = Facts(verb, public, actor, requester, owner, assignee, tuple(watchers), tuple(team), tuple(_ids(called)))
    people = {p: reason for p, reason in recipients(facts).items() if _may_know(p, public, reason)}
    lines = [
        Notification(person_id=person, record_id=record_id, entry_id=entry_id, reason=reason, email_wanted=True)
        for person, reason in people.items()
    ]
    Notification.objects.bulk_create(lines, ignore_conflicts=True)
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
