"""Reading how people want to hear of things, for many at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quell.kernel.config import sql

from .preferences import DIGEST_AT, Wishes, settled


@dataclass(frozen=True, slots=True)
class Hearer:
    """A person who may hear of something. `works`: a role lets them see others' records."""

    id: int
    email: str
    works: bool
    wishes: Wishes


_HEARERS = """
SELECT p.id, p.email, p.timezone, own.reasons, own.quiet_from, own.quiet_to, own.digest_at,
  ARRAY(SELECT c.reasons FROM unnest(o.path) WITH ORDINALITY AS step (id, place)
    JOIN notify_preference c ON c.organisation_id = step.id ORDER BY step.place),
  EXISTS (SELECT 1 FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id
    WHERE g.person_id = p.id AND 'records.view' = ANY(r.capabilities))
FROM people_person p JOIN people_organisation o ON o.id = p.organisation_id
LEFT JOIN notify_preference own ON own.person_id = p.id
WHERE p.id = ANY(%s) AND p.is_active
"""


def hearers(ids: Iterable[int]) -> dict[int, Hearer]:
    """Those of these people who are active, by id, with what they wish. One statement."""
    found = {}
    for pk, email, zone, own, quiet_from, quiet_to, digest_at, above, works in sql.rows(_HEARERS, [list(ids)]):
        channels = settled(own or {}, above)
        found[pk] = Hearer(
            pk, email, works, Wishes(channels, quiet_from or "", quiet_to or "", digest_at or DIGEST_AT, zone)
        )
    return found


_DIGEST_DUE = """
INSERT INTO notify_preference (person_id, reasons, quiet_from, quiet_to, digest_at, digest_due_at)
VALUES (%(person)s, '{}'::jsonb, '', '', %(digest_at)s, %(due)s)
ON CONFLICT (person_id) DO UPDATE SET digest_due_at = coalesce(notify_preference.digest_due_at, excluded.digest_due_at)
"""


def expect_digest(hearer: Hearer, now: datetime) -> None:
    """Something waits for this person's next daily mail."""
    values = {"person": hearer.id, "digest_at": hearer.wishes.digest_at, "due": hearer.wishes.next_digest(now)}
    sql.execute(_DIGEST_DUE, values)


_DUE = """
UPDATE notify_preference SET digest_due_at = NULL WHERE id IN (
  SELECT id FROM notify_preference WHERE digest_due_at <= %(now)s
  ORDER BY digest_due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING person_id
"""


def claim_digests(now: datetime, limit: int) -> list[int]:
    """Ids of people whose daily mail is due, each given out once. Belongs to the transaction that queues the mail."""
    return [row[0] for row in sql.rows(_DUE, {"now": now, "limit": limit})]
