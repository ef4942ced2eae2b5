"""Looking at the sources of holiday sets again: feeds every night, countries every month, so that none runs out.

Only what is to come changes, so nobody is asked first; a source that cannot be read changes nothing, and the set says
so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from django.db import transaction

from quell.kernel.access.actor import HOUSE, Actor
from quell.kernel.config.refusal import Invalid

from ..models import HolidaySet
from ..rules.documents import Days, refreshed
from ..rules.feeds import UnreadableFeed
from . import frame, holiday_set
from .fetching import fetched


def refresh(set_id: int, now: datetime, actor: Actor | None = None) -> bool:
    """Look at the source of one set. True when it said something new. What was in the way is kept with the set."""
    one = HolidaySet.objects.filter(pk=set_id).first()
    if one is None or one.source.get("kind") not in (holiday_set.COUNTRY, holiday_set.FEED):
        return False
    try:
        found = _found(one, now)
    except UnreadableFeed as fault:
        HolidaySet.objects.filter(pk=set_id).update(looked_at=now, trouble=f"{fault.code} {fault.detail}".strip())
        return False
    with transaction.atomic():
        frame.in_turn()
        one = HolidaySet.objects.select_for_update(of=("self",)).get(pk=set_id)
        one.looked_at, one.trouble = now, ""
        one.save(update_fields=["looked_at", "trouble"])
        before = holiday_set.said_by(one)
        after = refreshed(before, found, now.astimezone(UTC).date())
        who = actor or replace(HOUSE, channel="rule", request_id="calendars.refresh")
        if before == after:
            return False
        holiday_set.put(who, one, after, reason="", why="source")
        return True


def _found(one: HolidaySet, now: datetime) -> Days:
    today = now.astimezone(UTC).date()
    if one.source["kind"] == holiday_set.COUNTRY:
        try:
            return holiday_set.of_country(one.source, holiday_set.years_at(today))
        except Invalid:  # a country that the package has given up
            raise UnreadableFeed("unknown_country") from None
    return holiday_set.read(fetched(one.source["url"]), today).days


def due(kind: str) -> list[int]:
    """The sets in use that come from such a source."""
    return list(HolidaySet.objects.filter(active=True, source__kind=kind).order_by("pk").values_list("pk", flat=True))
