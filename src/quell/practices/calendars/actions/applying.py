"""Drafts of calendars: built, looked at for their consequences, and put in force in one transaction (domain.md 5.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from quell.engines.businesstime.combining import Combined
from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.config.refusal import FieldError, Invalid

from ..models import Calendar, CalendarVersion, HolidaySet
from ..queries import timetables
from ..queries.timetables import Draft, Overlaid
from ..rules import documents
from ..rules.documents import Days
from .consequences import Applied, Consequences, Proposal, foreseen, tell
from .frame import CALENDAR, faults_as_refusals

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A calendar, what a person edited of it, and the draft that this makes; `before` is what they edited last."""

    calendar: Calendar
    spec: Spec
    before: Spec
    draft: Draft


def days_of_sets(actor: Actor | None, codes: Sequence[str], used: Iterable[str] = ()) -> list[Days]:
    """What holiday sets say now, in the order of their codes; raises Invalid for one that is not there, is not theirs,
    or is out of use (unless among those `used` already). Without an actor nothing is hidden."""
    near = None if actor is None else places.surroundings(actor)
    found = {one.code: one for one in HolidaySet.objects.filter(code__in=codes)}
    for code in codes:
        one = found.get(code)
        kept = code in used
        if one is None or not (kept or (one.active and (near is None or one.organisation_id in near))):
            raise Invalid.field("holiday_sets", _("No holiday set “%(code)s” is known here.") % {"code": code})
    return [_said(found[code]) for code in codes]


def _said(one: HolidaySet) -> Days:
    newest = one.versions.order_by("-number").first()
    return Days(newest.days, newest.make_up) if newest else Days()


def drafted(code: str, spec: Spec, sets: Sequence[Days], sent: Sequence[str] = ()) -> Draft:
    """The draft of a calendar; raises Invalid for what cannot be meant. `sent`: the single dates in the order in which
    they were given, by which a refusal counts them."""
    if spec["kind"] != documents.WEEKLY:
        if not spec["parts"]:
            raise Invalid.field("parts", _("Say which calendars it is made of."))
        return Draft(code, spec["kind"], {}, tuple(spec["parts"]))
    with faults_as_refusals(sent):
        return Draft(code, documents.WEEKLY, documents.checked(documents.document_of(spec, sets)))


def propose(drafts: Sequence[Draft]) -> Proposal:
    """Calendars as they are and as they would be. Raises Invalid for a circle, a part that is not there, and a
    combination whose parts never meet."""
    base = timetables.timetables()
    after = Overlaid(base, drafts)
    today = datetime.now(UTC).date()
    for code in after.affected:
        combined = bool(after.heads[code].parts)
        with faults_as_refusals(combined=True):
            source = after.source(code)
            if combined and isinstance(source, Combined):
                documents.must_open(source, today)
    return Proposal(after.affected, base, after)


def put_in_force(
    actor: Actor, changes: Sequence[Change], *, reason: str, closed_too: bool, said: Mapping[str, Any] | None = None
) -> Consequences:
    """New versions of all these calendars, in the transaction and the turn of the caller; whoever counts by them
    follows. Raises Invalid when open promises hang on them and neither a reason is given nor `said` tells `why`."""
    proposal = propose([change.draft for change in changes])
    told = foreseen(proposal, actor)
    if told.looked_at and not reason and not (said or {}).get("why"):
        raise Invalid(
            _("Open promises are counted by this. Say why it changes."),
            errors=[FieldError("reason", _("Open promises are counted by this. Say why it changes."))],
        )
    now, revision = datetime.now(UTC), 0
    for change in changes:
        revision = _keep(actor, change, reason, closed_too, now, told, said or {})
    if changes:
        tell(Applied(proposal.codes, revision, actor, reason, now, closed_too))
    return told


def _keep(
    actor: Actor, change: Change, reason: str, closed_too: bool, now: datetime, told: Consequences,
    said: Mapping[str, Any],
) -> int:  # fmt: skip
    """One version and its line of history; returns the revision."""
    calendar, draft = change.calendar, change.draft
    newest = calendar.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = CalendarVersion.objects.create(
        calendar=calendar, number=newest + 1, kind=draft.kind, document=draft.document, parts=list(draft.parts),
        spec=change.spec, reason=reason, by_id=actor.person_id, at=now, closed_too=closed_too,
    )  # fmt: skip
    if newest:
        calendar.version += 1
        calendar.updated_at = now
        calendar.save(update_fields=["version", "updated_at"])
    counted = {"open": told.looked_at, "moved": told.moved, "would_breach": told.would_breach, "healed": told.healed}
    data = {"name": calendar.name, "code": calendar.code, "revision": version.pk, "reason": reason, **said}
    if newest:
        data |= {**counted, "closed_too": closed_too}
    subjects.note(
        "edit" if newest else "create", actor, CALENDAR, calendar.pk, calendar.organisation_id,
        version=calendar.version, changes=differences(change.before, change.spec) if newest else None, data=data,
    )  # fmt: skip
    return version.pk


def differences(before: Spec, after: Spec) -> dict[str, list[Any]]:
    """What a person changed, field by field; of single dates only those that differ."""
    told: dict[str, list[Any]] = {}
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if name == "dates":
            old, new = ([_date(one) for one in dates or ()] for dates in (was, now))
            told[name] = [[one for one in old if one not in new], [one for one in new if one not in old]]
        elif name == "weekly":
            days = [day for day in {**(was or {}), **(now or {})} if (was or {}).get(day) != (now or {}).get(day)]
            told |= {day: [_hours((was or {}).get(day)), _hours((now or {}).get(day))] for day in days}
        else:
            told[name] = [was, now]
    return told


def _date(one: Mapping[str, Any]) -> str:
    return " ".join(filter(None, [one["date"], _hours(one["hours"]) or one["like"] or one["kind"], one["name"]]))


def _hours(spans: Sequence[Sequence[str]] | None) -> str:
    return ", ".join(f"{begin}–{end}" for begin, end in spans or ())
