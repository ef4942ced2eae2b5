"""A person's inbox: reading it, and marking as read. Everything is the person's own; nobody reads another's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from quell.kernel.config import sql

from .models import Notification
from .wording import sentence

PAGE = 50
#: Beyond this the counter reads "99+".
COUNTED = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One line: which record, what happened, why it concerns the reader."""

    id: int
    kind: str
    number: str
    sentence: str
    reason: str
    at: datetime
    unread: bool


def page(person_id: int, *, unread_only: bool = False, before: int | None = None) -> tuple[list[Line], int | None]:
    """Lines, newest first, and where the next page begins (`before`), None at the end."""
    asked = Notification.objects.filter(person_id=person_id).select_related("record", "entry__actor")
    if unread_only:
        asked = asked.filter(read_at=None)
    if before is not None:
        asked = asked.filter(pk__lt=before)
    found = list(asked.order_by("-pk")[: PAGE + 1])
    lines = [
        Line(n.pk, n.record.kind, n.record.number, sentence(n), n.reason, n.created_at, n.read_at is None)
        for n in found[:PAGE]
    ]
    return lines, (lines[-1].id if len(found) > PAGE else None)


_UNREAD = "SELECT 1 FROM notify_notification WHERE person_id = %(person)s AND read_at IS NULL LIMIT %(most)s"


def unread(person_id: int) -> int:
    """How many are unread, counted up to COUNTED."""
    counted = sql.row(f"SELECT count(*) FROM ({_UNREAD}) n", {"person": person_id, "most": COUNTED})  # noqa: S608
    return int(counted[0]) if counted else 0


def mark_read(person_id: int, notification_id: int) -> str | None:
    """Mark one as read; returns the number of its record, None when it is not the person's."""
    found = Notification.objects.filter(person_id=person_id, pk=notification_id).select_related("record").first()
    if found is None:
        return None
    Notification.objects.filter(pk=found.pk, read_at=None).update(read_at=datetime.now(UTC))
    return found.record.number


def mark_all_read(person_id: int) -> int:
    """Mark everything as read; returns how many were not."""
    return Notification.objects.filter(person_id=person_id, read_at=None).update(read_at=datetime.now(UTC))


_SEEN = """
UPDATE notify_notification SET read_at = %(now)s
WHERE person_id = %(person)s AND record_id = %(record)s AND read_at IS NULL
"""


def mark_record_read(person_id: int, record_id: int) -> None:
    """Whoever looks at the record has seen what was said about it."""
    sql.execute(_SEEN, {"person": person_id, "record": record_id, "now": datetime.now(UTC)})
