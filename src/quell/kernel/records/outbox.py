"""Reading what waits to go out: the outbox of a record, and files that lie in a composer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql

from .drafts import Mode
from .models import Enclosure, Outgoing, Record
from .visibility import sees_internal

#: A message points at a file that came with it like this; on its way out the mark becomes a link.
MARK = "![{name}](file:{id})"


@dataclass(frozen=True, slots=True)
class Message:
    """A message that has not gone out. `then` is the verb that follows it ("" for none), `held_because` the sentence
    when it stays back until its author looks again."""

    id: int
    number: str
    author_id: int
    author: str
    author_name: str
    body: str
    then: str
    due_at: datetime
    scheduled: bool
    state: str
    held_code: str
    held_because: str
    created_at: datetime
    settled_at: datetime | None
    files: tuple[str, ...]


def waiting(record_id: int) -> list[Message]:
    """What has not gone out of a record's outbox, by when it will; for those who may read its internal part."""
    found = Outgoing.objects.filter(record_id=record_id, state__in=["waiting", "held"]).order_by("due_at", "pk")
    return [as_message(one) for one in found.select_related("author", "record").prefetch_related("enclosures")]


def of_author(person_id: int, *, limit: int = 100) -> list[Message]:
    """What one person has waiting anywhere, by when it will go."""
    found = Outgoing.objects.filter(author_id=person_id, state__in=["waiting", "held"]).order_by("due_at", "pk")
    return [as_message(one) for one in found.select_related("author", "record").prefetch_related("enclosures")[:limit]]


def one(actor: Actor, message_id: int) -> Message | None:
    """One message of any state, when the actor wrote it or may read the record's internal part; else None."""
    found = (
        Outgoing.objects.filter(pk=message_id).select_related("author", "record").prefetch_related("enclosures").first()
    )
    if found is None or not may_see(actor, found):
        return None
    return as_message(found)


def may_see(actor: Actor, message: Outgoing) -> bool:
    """Messages that have not gone out belong to the internal part of their record. Whoever lost the sight of the
    record has lost it here too, the author as well."""
    visible = Record.objects.visible_to(actor).filter(pk=message.record_id).exists()
    return visible and (message.author_id == actor.person_id or sees_internal(actor, message.record))


def as_message(row: Outgoing) -> Message:
    """A row as plain values."""
    verbs = [step["verb"] for step in row.steps]
    return Message(
        id=row.pk,
        number=row.record.number,
        author_id=row.author_id,
        author=row.author.email,
        author_name=row.author.name,
        body=row.body,
        then=next((verb for verb in reversed(verbs) if verb != "comment"), ""),
        due_at=row.due_at,
        scheduled=row.scheduled,
        state=row.state,
        held_code=row.held_code,
        held_because=row.held_because,
        created_at=row.created_at,
        settled_at=row.settled_at,
        files=tuple(sorted(one.name for one in row.enclosures.all())),
    )


def enclosures(person_id: int, record_id: int, mode: Mode | None = None) -> list[dict[str, Any]]:
    """Files that lie in a person's composer: id, name, size, content type, digest, mode."""
    found = Enclosure.objects.filter(person_id=person_id, record_id=record_id, outgoing=None).select_related("blob")
    if mode is not None:
        found = found.filter(mode=mode)
    return [
        {
            "id": file.pk,
            "name": file.name,
            "size": file.blob.size,
            "content_type": file.blob.content_type,
            "sha256": file.blob_id,
            "mode": file.mode,
        }
        for file in found.order_by("pk")
    ]


def put_in(person_id: int, record_id: int, mode: Mode, sha256: str, name: str, now: datetime) -> int:
    """Put a stored file into a person's composer; the id. The caller has made sure that they may write there."""
    made = Enclosure.objects.create(
        person_id=person_id, record_id=record_id, mode=mode, blob_id=sha256, name=name, created_at=now
    )
    return made.pk


def take_out(person_id: int, enclosure_id: int) -> str | None:
    """Take a file out of a person's own composer; the number of the record, None when it is not theirs or on its
    way."""
    found = Enclosure.objects.filter(person_id=person_id, pk=enclosure_id, outgoing=None).select_related("record")
    row = found.first()
    if row is None:
        return None
    found.delete()
    return row.record.number


def enclosed(person_id: int, enclosure_id: int) -> dict[str, Any] | None:
    """One file of a person's own composer, for showing it there; None when it is not theirs."""
    found = Enclosure.objects.filter(person_id=person_id, pk=enclosure_id).select_related("blob").first()
    if found is None:
        return None
    return {
        "id": found.pk,
        "name": found.name,
        "size": found.blob.size,
        "content_type": found.blob.content_type,
        "sha256": found.blob_id,
    }


_NEWER = """
SELECT e.id, e.verb, coalesce(p.name, 'Quell') FROM journal_entry e LEFT JOIN people_person p ON p.id = e.actor_id
WHERE e.record_id = %(record)s AND e.id > %(seen)s AND e.public AND e.verb IN ('reply', 'resolve', 'reopen', 'cancel')
  AND e.actor_id IS DISTINCT FROM %(author)s AND e.actor_id IS NOT NULL
ORDER BY e.id DESC LIMIT 1
"""


def newer(record_id: int, author_id: int, seen: int) -> tuple[int, str, str] | None:
    """The newest public word of somebody else since line `seen` of the history: (line, verb, who); None without."""
    found = sql.row(_NEWER, {"record": record_id, "seen": seen, "author": author_id})
    return (int(found[0]), str(found[1]), str(found[2])) if found else None


def newest_line(record_id: int) -> int:
    """The newest line of a record's history, 0 when it has none."""
    found = sql.row("SELECT max(id) FROM journal_entry WHERE record_id = %s", [record_id])
    return int(found[0]) if found and found[0] else 0


def due(now: datetime, limit: int) -> Sequence[int]:
    """Ids of messages whose time has come, the longest waiting first."""
    found = Outgoing.objects.filter(Q(state="waiting", due_at__lte=now)).order_by("due_at", "pk")
    return list(found.values_list("pk", flat=True)[:limit])
