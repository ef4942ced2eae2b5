"""The front door of time worked: clocks, entries, sums and weeks."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid, NotFound
from quell.kernel.people.models import Person
from quell.kernel.records.models import Record
from quell.kernel.records.visibility import sees_internal

from .actions import record as writing
from .actions import timer
from .permissions import leads
from .queries import entries
from .rules import duration, kinds, week

Row = dict[str, Any]
Stopped: TypeAlias = timer.Stopped
Sum: TypeAlias = entries.Sum
Running: TypeAlias = entries.Running
Sheet: TypeAlias = entries.Sheet
Member: TypeAlias = entries.Member
Week: TypeAlias = week.Week
WORK_TYPES = kinds.WORK_TYPES
start, stop = timer.start, timer.stop
record, correct, remove = writing.record, writing.correct, writing.remove
read_duration, written = duration.seconds, duration.written


def running(actor: Actor) -> Running | None:
    """The actor's own clock, if it runs."""
    return entries.running(actor.person_id) if actor.person_id is not None else None


def chip(actor: Actor, record_id: int) -> tuple[int, Running | None]:
    """(seconds worked on a record, one's own clock if it runs) in one statement. The record's inside is known to be
    the actor's to see."""
    return entries.chip(record_id, actor.person_id)


def sums(actor: Actor, record_id: int) -> Sum:
    """What was worked on a record whose inside is known to be the actor's to see."""
    return entries.sums(record_id, actor.person_id)


def of_record(actor: Actor, number: str) -> tuple[Sum, list[Row]]:
    """Sums of a record, and the entries on it that the actor may see: their own, and everybody's for a lead. Raises
    NotFound."""
    found = Record.objects.visible_to(actor).filter(number=number.strip().upper()).first()
    if found is None or not sees_internal(actor, found):
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    everybody = actor.scope("records.lead").covers(found.organisation_id, found.team_id)
    return entries.sums(found.pk, actor.person_id), entries.of_record(actor, found.pk, everybody)


def entry(actor: Actor, entry_id: int) -> Row:
    """One entry with its corrections; raises NotFound for anybody but its person and their lead."""
    row = entries.one(actor, entry_id)
    if row is None:
        raise NotFound(_("There is no such entry here, or it is not yours to see."))
    return row


def page(
    actor: Actor, *, person: str = "", record: str = "", since: datetime | None = None, until: datetime | None = None,
    limit: int = 50, after: int = 0,
) -> list[Row]:  # fmt: skip
    """One's own entries, or, for their lead, those of a person by e-mail. Raises Invalid."""
    whose = _whose(actor, person)
    return entries.page(
        actor, whose.pk, record=record.strip().upper(), since=since, until=until, limit=limit, after=after
    )


def sheet(actor: Actor, wanted: str = "", *, person: str = "", now: datetime | None = None) -> Sheet:
    """A week (`2026-W47`; the present one when none is given) of oneself, or of somebody one leads. Raises Invalid."""
    whose = _whose(actor, person)
    zone = _zone(whose.timezone)
    return entries.sheet(actor, whose.pk, _week(wanted, zone, now), zone)


def team(actor: Actor, wanted: str = "", *, now: datetime | None = None) -> list[Member]:
    """The week of everybody the actor leads, by name."""
    zone = _zone(actor.timezone)
    return entries.team(actor, _week(wanted, zone, now), zone)


def is_lead(actor: Actor) -> bool:
    """Does the actor lead anybody?"""
    return bool(actor.scope("records.lead"))


def as_csv(shown: Sheet) -> str:
    """A week's entries as a table for spreadsheets; what a spreadsheet would take for a formula is written as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["started_at", "record", "title", "hours", "work_type", "billable", "note", "source"])
    for row in shown.entries:
        hours = f"{row['seconds'] / 3600:.2f}"
        billable = "yes" if row["billable"] else "no"
        told = [row["record"], row["title"], hours, row["work_type"], billable, row["note"], row["source"]]
        writer.writerow([row["started_at"].isoformat(), *(_harmless(text) for text in told)])
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _whose(actor: Actor, email: str) -> Person:
    if not email or email == "@me" or email.lower() == actor.email:
        found = Person.objects.filter(pk=actor.person_id or 0).first()
    else:
        found = Person.objects.filter(email=email.strip().lower()).first()
        if found is not None and not leads(actor, found.pk):
            found = None
    if found is None:
        raise Invalid.field("person", _("Nobody with the address “%(email)s” is known here.") % {"email": email})
    return found


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name or "UTC")


def _week(text: str, zone: ZoneInfo, now: datetime | None) -> Week:
    if not text:
        return week.of_day((now or datetime.now(UTC)).astimezone(zone).date())
    try:
        return week.parse(text)
    except ValueError:
        raise Invalid.field("week", _("Give a week such as 2026-W47.")) from None
