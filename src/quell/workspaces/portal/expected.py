"""How soon somebody answers: promised where something is, else as measured lately (capabilities SD23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quell.engines.businesstime.faults import CalendarFault
from quell.engines.desk_hours import DeskHours
from quell.engines.targets import Case
from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.ui import moments
from quell.kernel.ui.contact import Contact
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars
from quell.practices.incidents import facade as incidents

MEASURED = timedelta(days=30)
#: Fewer say nothing about the next.
FEWEST = 10
KEPT_SECONDS = 15 * 60
_NOTHING = -1


def usual_answer(organisation_id: int | None, contact: Contact) -> str:
    """“We usually answer within 25 min.”, or that there are too few answers lately to say; "" for nobody's company."""
    if organisation_id is None:
        return ""
    seconds = _measured(organisation_id, contact.open)
    if seconds is None:
        return _("There are too few answers lately to say how soon the next one comes.")
    return _("We usually answer within %(time)s.") % {"time": rounded(seconds)}


_PATH = "SELECT path FROM people_organisation WHERE id = %s"


def promised_answer(actor: Actor) -> str:
    """By when an answer to a report made now is promised, whatever its priority turns out to be; "" where nothing is
    promised, or not the same for every priority."""
    if actor.organisation_id is None:
        return ""
    now = datetime.now(UTC)
    book = agreements.book()
    with_customers = replace(book, promised=tuple(one for one in book.promised if one.kind == "sla"))
    if not with_customers.promised:
        return ""
    path = sql.row(_PATH, [actor.organisation_id])
    customers = tuple(str(one) for one in reversed(path[0])) if path else ()
    found = agreements.choose(with_customers, "response", Case(customers=customers, kind="incident"), now)
    by_priority = {"other_priority", "other_service", "other_criticality"}
    if found.chosen is None or any(one.reason in by_priority for one in found.passed_over):
        return ""
    terms = agreements.promised(found.chosen.target_id)
    if terms is None:
        return ""
    try:
        timetable = calendars.timetables()[terms.terms.calendar]
    except (KeyError, CalendarFault):
        return ""
    due = timetable.add(now, terms.terms.target.length(timetable, now))
    return (
        "" if due is None else _("We promise an answer by %(moment)s.") % {"moment": moments.short(due, with_time=True)}
    )


def rounded(seconds: float) -> str:
    """As one says it: minutes up to an hour and a half, then hours, then working days of eight."""
    minutes = max(1, round(seconds / 60))
    if minutes > 10:
        minutes = -(-minutes // 5) * 5
    if minutes <= 90:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = max(2, round(minutes / 60))
    if hours <= 16:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = max(2, round(hours / 8))
    return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}


def _measured(organisation_id: int, hours: DeskHours) -> float | None:
    """The median in seconds of the last thirty days, by desk hours where there are any. Measured now and then."""
    key = f"portal:usual-answer:{organisation_id}:{hash((str(hours.week), str(hours.zone), hours.closed))}"
    kept: float | None = cache.get(key)
    if kept is None:
        kept = _median(organisation_id, hours)
        cache.set(key, kept, KEPT_SECONDS)
    return None if kept == _NOTHING else kept


def _median(organisation_id: int, hours: DeskHours) -> float:
    now = datetime.now(UTC)
    found = incidents.answer_times(organisation_id, now - MEASURED)
    # Who still waits counts with the wait so far: a desk that leaves half of its reports lying does not look quick.
    waits = [_wait(opened, answered or now, hours) for opened, answered in found]
    return median(waits) if len(waits) >= FEWEST else _NOTHING


def _wait(start: datetime, end: datetime, hours: DeskHours) -> float:
    return (hours.elapsed(start, end) if hours else end - start).total_seconds()
