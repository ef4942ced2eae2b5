"""The front door of communications: what pages, API and journeys may ask and do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.utils.translation import get_language

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config import sql

from . import permissions
from .actions import answer, show, write
from .actions import rate as rating
from .queries import announcements as reading
from .queries import health as lights
from .queries import ratings as rated
from .rules import words
from .settings import PUBLIC_HEALTH

Row: TypeAlias = dict[str, Any]
Asked: TypeAlias = reading.Asked
ServiceHealth: TypeAlias = lights.ServiceHealth
PHASES = reading.PHASES
keeps_any = permissions.keeps_any
create, edit = write.create, write.edit
publish, end = show.publish, show.end
me_too, not_me, dismiss = answer.me_too, answer.not_me, answer.dismiss
follow, unfollow = answer.follow, answer.unfollow
rate, rating_given = rating.rate, rated.one
own_rating, ratings = rated.own, rated.page
unseen, mark_seen = reading.unseen, reading.mark_seen
health_source = lights.register_source
#: How many lights the sign-in page shows at most.
MOST_PUBLIC = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """An announcement in the reader's language."""

    id: int
    severity: str
    effect: str
    phase: str
    title: str
    text: str
    language: str
    service: str
    starts_at: datetime
    ends_at: datetime | None
    next_update_at: datetime | None
    updated_at: datetime
    count: int
    me_too: bool
    fresh: bool

    @property
    def can_join(self) -> bool:
        """Is there something to be affected by?"""
        return self.severity != "information" and self.phase == "showing"

    @property
    def dismissible(self) -> bool:
        """May the reader put it away?"""
        return self.severity != "outage" and self.phase == "showing"


def announcement(actor: Actor, announcement_id: int) -> Row:
    """One announcement with everything about it; raises NotFound."""
    row = reading.one(actor, announcement_id)
    if row is None:
        raise places.unknown(str(announcement_id))
    return row


def announcements(actor: Actor, asked: Asked) -> list[Row]:
    """A page of announcements, newest first, one more than the limit when there are more."""
    return reading.page(actor, asked)


def in_words(row: Mapping[str, Any], language: str | None = None) -> Shown:
    """A row as its reader reads it; `language` is the one in use when left out."""
    spoken, title, text = words.text_for(
        language or get_language() or row["language"], row["language"], row["title"], row["text"], row["translations"]
    )
    return Shown(
        row["id"], row["severity"], row["effect"], row["phase"], title, text, spoken, row["service_name"] or "",
        row["starts_at"], row["ends_at"], row["next_update_at"], row["updated_at"], row["me_too_count"],
        row["me_too"], row["seen"] is not None and row["told"] > row["seen"],
    )  # fmt: skip


def showing(actor: Actor) -> list[Row]:
    """What shows to this person now, outages first, without what they put away; rows for `in_words` and `health`."""
    return reading.showing(actor)


def joined(actor: Actor) -> list[Shown]:
    """What this person said “me too” to, latest news first."""
    return [in_words(row) for row in reading.joined(actor)]


def health(actor: Actor, now_showing: Sequence[Mapping[str, Any]]) -> list[ServiceHealth]:
    """The services this person may see and how each is, the hurt ones first. `now_showing` comes from `showing`."""
    return lights.of_services(actor, now_showing)


def public_health() -> list[ServiceHealth]:
    """What visitors may know of the services, as far as organisations allow it."""
    return lights.public(PUBLIC_HEALTH.key, MOST_PUBLIC)


def public_summary() -> str:
    """How all services are together, for visitors: `works`, `maintenance`, `degraded` or `down`. Names none, and is
    "" where people of several companies sign in."""
    return lights.public_summary()


_BEHIND = """
SELECT r.number, ARRAY(SELECT m.person_id FROM communications_metoo m JOIN people_person p ON p.id = m.person_id
  WHERE m.announcement_id = a.id AND p.is_active ORDER BY m.id)
FROM communications_announcement a JOIN records_record r ON r.id = a.record_id WHERE a.id = %s
"""


@dataclass(frozen=True, slots=True)
class Affected:
    """The number of the incident behind an announcement, and the ids of those who said “me too”."""

    number: str
    people: list[int]


def affected(announcement_id: int) -> Affected | None:
    """Who is hit, for the incident behind an announcement; None when there is no incident behind it."""
    row = sql.row(_BEHIND, [announcement_id])
    return None if row is None else Affected(row[0], list(row[1]))
