"""When a version holds, and what is due with it: days as people write them, moments as clocks need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from . import lifecycle


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment a day begins in a zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def end_of(day: date | None, zone: tzinfo) -> datetime | None:
    """The moment after a last day; None for no last day."""
    return None if day is None else midnight(day + timedelta(days=1), zone)


def review_begins(review_on: date | None, lead_days: int, zone: tzinfo) -> datetime | None:
    """When the review is due: its date less the lead (domain.md 4.9)."""
    return None if review_on is None else midnight(review_on - timedelta(days=lead_days), zone)


@dataclass(frozen=True, slots=True)
class Held:
    """A version in its life: its state, when it holds, when its review is due, whether the next one follows it."""

    state: str
    since: datetime
    until: datetime | None
    review_from: datetime | None
    followed: bool = False


def due(held: Held, now: datetime) -> str | None:
    """The verb that is due now, if any. One step at a time: what was agreed and is long over
    is activated first, so that the record tells the whole life."""
    if held.state == lifecycle.AGREED:
        return "activate" if now >= held.since else None
    if held.state in lifecycle.IN_FORCE and held.until is not None and now >= held.until:
        return "renew" if held.followed else "expire"
    if held.state == lifecycle.ACTIVE and held.review_from is not None and now >= held.review_from:
        return "review"
    return None
