"""Making a calendar, and changing it: looked at first, then put in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.engines.businesstime.calendar import WEEKDAYS
from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places, subjects
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Invalid

from ..models import Calendar
from . import applying, frame
from .applying import Change, Spec
from .consequences import Consequences, Proposal, foreseen
from .inputs import CalendarChange, NewCalendar

#: What a person edits of a calendar, as it is kept in a version.
_SPEC = ("kind", "zone", "weekly", "holiday_sets", "dates", "valid_from", "valid_until", "parts")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: the calendars as they are and would be, and what comes of it."""

    proposal: Proposal
    consequences: Consequences


def create(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new calendar; returns its code. `data` as `NewCalendar`. Raises Invalid, Forbidden, Conflict (known code)."""
    inputs = parse(NewCalendar, data)
    with transaction.atomic():
        frame.in_turn()
        place = places.organisation(actor, inputs.organisation)
        frame.must_manage(actor, place.pk)
        frame.must_be_free(Calendar.objects.filter(code=inputs.code).exists(), inputs.code)
        spec = _spec(inputs.model_dump(mode="json", include=set(_SPEC)))
        must_know_parts(actor, spec)
        sent = [one.date.isoformat() for one in inputs.dates]
        draft = applying.drafted(inputs.code, spec, applying.days_of_sets(actor, spec["holiday_sets"]), sent)
        calendar = Calendar.objects.create(code=inputs.code, name=inputs.name, organisation=place)
        applying.put_in_force(actor, [Change(calendar, spec, {}, draft)], reason="", closed_too=False)
    return inputs.code


def edit(
    actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None
) -> Consequences | None:
    """Change what is given; what a calendar says becomes a new version. `data` as `CalendarChange`. Returns what came
    of it, None when only the name changed or nothing did. Raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(CalendarChange, data)
    if not inputs.model_fields_set - {"reason", "closed_too"}:
        raise Invalid(_("Say what to change."))
    with transaction.atomic():
        frame.in_turn()
        calendar = frame.locked_calendar(actor, code, version)
        if inputs.name and (renamed := subjects.put(calendar, {"name": inputs.name})):
            calendar.version += 1
            calendar.updated_at = datetime.now(UTC)
            calendar.save(update_fields=["version", "updated_at"])
            subjects.note(
                "edit", actor, frame.CALENDAR, calendar.pk, calendar.organisation_id, version=calendar.version,
                changes=renamed, data={"name": calendar.name, "code": code},
            )  # fmt: skip
        change = _change(actor, calendar, inputs)
        if change is None:
            return None
        return applying.put_in_force(actor, [change], reason=inputs.reason, closed_too=inputs.closed_too)


def preview(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel) -> Preview:
    """What that change would do; nothing is kept. Raises as `edit`."""
    inputs = parse(CalendarChange, data)
    with transaction.atomic():
        calendar = frame.locked_calendar(actor, code, None)
        change = _change(actor, calendar, inputs)
    proposal = applying.propose([change.draft] if change else [])
    return Preview(proposal, foreseen(proposal, actor))


def _change(actor: Actor, calendar: Calendar, inputs: CalendarChange) -> Change | None:
    """The change that was asked for; None when the calendar says so already."""
    before: Spec = dict(calendar.versions.order_by("-number").values_list("spec", flat=True)[0])
    given = inputs.model_dump(mode="json", include=set(_SPEC) & inputs.model_fields_set)
    # A day of validity may be taken away; of everything else, nothing means: as it is.
    given = {name: value for name, value in given.items() if value is not None or name.startswith("valid_")}
    spec = _spec({**before, **given})
    if spec == before:
        return None
    must_know_parts(actor, spec, before)
    sets = applying.days_of_sets(actor, spec["holiday_sets"], before["holiday_sets"])
    sent = [one.date.isoformat() for one in inputs.dates or ()]
    return Change(calendar, spec, before, applying.drafted(calendar.code, spec, sets, sent))


def _spec(given: Mapping[str, Any]) -> Spec:
    """What was edited in the form it is kept in: only what its kind has, days in the order of the week and of the
    year. Of two entries for one date the later one counts."""
    weekly = given["kind"] == "weekly"
    dates = {one["date"]: _single(one) for one in given["dates"]} if weekly else {}
    return {
        "kind": given["kind"],
        "zone": given["zone"] if weekly else "",
        "weekly": {day: given["weekly"][day] for day in WEEKDAYS if given["weekly"].get(day)} if weekly else {},
        "holiday_sets": list(dict.fromkeys(given["holiday_sets"])) if weekly else [],
        "dates": [dates[day] for day in sorted(dates)],
        "valid_from": given["valid_from"] if weekly else None,
        "valid_until": given["valid_until"] if weekly else None,
        "parts": [] if weekly else list(dict.fromkeys(given["parts"])),
    }


def _single(one: Mapping[str, Any]) -> dict[str, Any]:
    kind = one["kind"]
    return {
        "date": one["date"],
        "kind": kind,
        "hours": one["hours"] if kind == "special" else [],
        "like": one["like"] if kind == "make_up" else None,
        "name": one["name"],
    }


def must_know_parts(actor: Actor, spec: Spec, before: Spec | None = None) -> None:
    """Refuse parts that the actor does not know of; those named already may stay."""
    near = places.surroundings(actor)
    known = dict(Calendar.objects.filter(code__in=spec["parts"]).values_list("code", "organisation_id"))
    for code in spec["parts"]:
        kept = code in (before or {}).get("parts", ())
        if code not in known or not (kept or near is None or known[code] in near):
            raise Invalid.field("parts", _("There is no calendar “%(calendar)s” here.") % {"calendar": code})
