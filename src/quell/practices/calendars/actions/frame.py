"""What the verbs of calendars and holiday sets share: the rows locked, the turn taken, faults made refusals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from quell.engines.businesstime.calendar import WEEKDAYS
from quell.engines.businesstime.faults import CalendarFault
from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config import sql
from quell.kernel.config.refusal import Conflict, FieldError, Forbidden, Invalid, Stale

from ..models import Calendar, HolidaySet
from ..permissions import can_manage
from ..queries.sentences import sentence

CALENDAR, HOLIDAY_SET = "calendar", "holiday_set"
#: Versions are numbered over all calendars and made one after the other, so that nobody sees a later one before an
#: earlier one is there.
_TURN = "SELECT pg_advisory_xact_lock(hashtext('calendars.version'))"
#: The field that a fault of the engines is about; a day names it more closely.
_FIELDS = {
    "unknown_zone": "zone", "validity_reversed": "valid_until", "unknown_calendar": "parts", "circular": "parts",
    "no_parts": "parts", "never_open": "weekly", "unknown_day": "weekly", "not_a_date": "dates",
}  # fmt: skip


def in_turn() -> None:
    """Wait for whoever makes a version just now, before any row is locked. Until the end of the transaction."""
    sql.execute(_TURN)


def locked_calendar(actor: Actor, code: str, version: int | None) -> Calendar:
    """The calendar's row, locked, with permission asked; raises NotFound, Forbidden, Stale."""
    found = Calendar.objects.select_for_update(of=("self",)).select_related("organisation").filter(code=code).first()
    return _theirs(actor, found, code, version)


def locked_set(actor: Actor, code: str, version: int | None) -> HolidaySet:
    """The same for a holiday set."""
    found = HolidaySet.objects.select_for_update(of=("self",)).select_related("organisation").filter(code=code).first()
    return _theirs(actor, found, code, version)


def _theirs(actor: Actor, found: Any, code: str, version: int | None) -> Any:
    near = places.surroundings(actor)
    if found is None or (near is not None and found.organisation_id not in near):
        raise places.unknown(code)
    must_manage(actor, found.organisation_id)
    if version is not None and version != found.version:
        raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=found.version)
    return found


def must_manage(actor: Actor, organisation_id: int) -> None:
    """Refuse with the verdict's own sentence."""
    verdict = can_manage(actor, organisation_id)
    if not verdict:
        raise Forbidden(verdict.reason)


def must_be_free(known: bool, code: str) -> None:
    """Refuse a code that something has already."""
    if known:
        told = _("The code “%(code)s” is taken.") % {"code": code}
        raise Conflict(told, errors=[FieldError("code", told)])


@contextmanager
def faults_as_refusals(dates: Iterable[str] = (), *, combined: bool = False) -> Iterator[None]:
    """Turn a fault of the engines into a refusal that names the field at fault."""
    try:
        yield
    except CalendarFault as fault:
        day = str(fault.facts.get("day", ""))
        field = _FIELDS.get(fault.code, "weekly")
        if day in WEEKDAYS:
            field = f"weekly.{day}"
        elif day:
            field = next((f"dates.{at}.hours" for at, one in enumerate(dates) if one == day), "dates")
        elif combined and fault.code == "never_open":
            field = "parts"
        raise Invalid.field(field, sentence(fault)) from None
