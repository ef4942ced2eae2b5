"""A person's inbox: reading it, and marking as read. Everything is the person's own; nobody reads another's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from quell.kernel.config import sql
from quell.kernel.live import hints

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
    done: bool = False
    snoozed_until: datetime | None = None


#: What an inbox can show: what is left to look at, what of it is new, what comes back later, what is done.
SHELVES = ("open", "unread", "snoozed", "done")


def page(
    person_id: int, *, unread_only: bool = False, before: int | None = None, shelf: str = "open", limit: int = PAGE
) -> tuple[list[Line], int | None]:
    """Lines of a shelf, newest first, and where the next page begins (`before`), None at the end."""
    asked = Notification.objects.filter(person_id=person_id).select_related("record", "entry__actor")
    asked = asked.filter(done_at__isnull=shelf != "done")
    if shelf != "done":
        asked = asked.filter(snoozed_until__isnull=shelf != "snoozed")
    if unread_only or shelf == "unread":
        asked = asked.filter(read_at=None)
    if before is not None:
        asked = asked.filter(pk__lt=before)
    found = list(asked.order_by("-pk")[: limit + 1])
    lines = [_line(n) for n in found[:limit]]
    return lines, (lines[-1].id if len(found) > limit else None)


def line(person_id: int, notification_id: int) -> Line | None:
    """One line of one's own; None when it is not the person's."""
    found = Notification.objects.filter(person_id=person_id, pk=notification_id)
    return next((_line(n) for n in found.select_related("record", "entry__actor")), None)


def _line(n: Notification) -> Line:
    return Line(
        n.pk, n.record.kind, n.record.number, sentence(n), n.reason, n.created_at, n.read_at is None,
        n.done_at is not None, n.snoozed_until,
    )  # fmt: skip


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


_DONE = """
UPDATE notify_notification SET done_at = %(now)s, read_at = coalesce(read_at, %(now)s), snoozed_until = NULL
WHERE person_id = %(person)s AND done_at IS NULL AND (%(id)s::bigint IS NULL OR id = %(id)s)
"""


def mark_done(person_id: int, notification_id: int | None = None) -> int:
    """Put one line away, or all of them; returns how many were."""
    return sql.execute(_DONE, {"person": person_id, "id": notification_id, "now": datetime.now(UTC)})


def bring_back(person_id: int, notification_id: int) -> bool:
    """Take a line out again that was put away or snoozed; False when it is not the person's."""
    asked = Notification.objects.filter(person_id=person_id, pk=notification_id)
    return bool(asked.update(done_at=None, snoozed_until=None))


def snooze(person_id: int, notification_id: int, until: datetime) -> bool:
    """Let a line go until then, when it comes back as new; False when it is not the person's."""
    asked = Notification.objects.filter(person_id=person_id, pk=notification_id)
    return bool(asked.update(snoozed_until=until, read_at=datetime.now(UTC), done_at=None))


def wake(now: datetime) -> list[int]:
    """Bring back everything whose time has come, as new; returns whose inboxes have news."""
    woken = sql.rows(
        "UPDATE notify_notification SET snoozed_until = NULL, read_at = NULL WHERE snoozed_until <= %s"
        " RETURNING person_id",
        [now],
    )
    return sorted({row[0] for row in woken})


_SETTLED = """
UPDATE notify_notification SET done_at = %(now)s, read_at = coalesce(read_at, %(now)s), snoozed_until = NULL
WHERE record_id = %(record)s AND reason = %(reason)s AND done_at IS NULL RETURNING person_id
"""


def settle(record_id: int, reason: str, now: datetime) -> None:
    """Put away what everybody was told about a record for this reason, because it is true no longer."""
    told = sql.rows(_SETTLED, {"record": record_id, "reason": reason, "now": now})
    hints.news_for(sorted({person for (person,) in told}))


_SEEN = """
UPDATE notify_notification SET read_at = %(now)s
WHERE person_id = %(person)s AND record_id = %(record)s AND read_at IS NULL
"""


def mark_record_read(person_id: int, record_id: int) -> None:
    """Whoever looks at the record has seen what was said about it."""
    sql.execute(_SEEN, {"person": person_id, "record": record_id, "now": datetime.now(UTC)})
