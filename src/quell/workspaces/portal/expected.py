"""How soon somebody usually answers: measured, not promised (capabilities SD23)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quell.engines.desk_hours import DeskHours
from quell.kernel.ui.contact import Contact
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
