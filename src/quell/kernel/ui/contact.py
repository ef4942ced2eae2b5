"""How people reach the desk when the page does not help: shown at sign-in, on the portal and beside refusals; and
whether anybody is there just now (capabilities SD23, domain.md 4.1)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.utils import dates, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.engines.desk_hours import DAY, DeskHours, Span, Unreadable, grouped, parse_days, parse_week
from quell.kernel.config import sql
from quell.kernel.config.options import Option, register

from . import moments


def _hours_fault(text: str) -> str:
    try:
        parse_week(text)
    except Unreadable as fault:
        return _("“%(part)s” is not understood. Write hours such as Mon–Fri 07–19, Sat 9–12.") % {"part": fault.at}
    return ""


def _days_fault(text: str) -> str:
    try:
        parse_days(text)
    except Unreadable as fault:
        return _("“%(part)s” is not a day. Write days such as 2026-12-24, 2026-12-25.") % {"part": fault.at}
    return ""


def _zone_fault(text: str) -> str:
    if text and text not in zoneinfo.available_timezones():
        return _("This is not a time zone. Give one such as Europe/Copenhagen.")
    return ""


DESK_PHONE = register(
    Option(
        "desk.phone",
        "",
        gettext_lazy("Phone number of the service desk"),
        gettext_lazy("Shown at sign-in and on the portal. Leave it empty when there is none."),
    )
)
DESK_HOURS = register(
    Option(
        "desk.hours",
        "",
        gettext_lazy("Hours of the service desk"),
        gettext_lazy("As people say it: Mon–Fri 07–19, Sat 9–12. Empty means that the portal promises no hours."),
        check=_hours_fault,
    )
)
DESK_ZONE = register(
    Option(
        "desk.zone",
        "",
        gettext_lazy("Time zone of the service desk"),
        gettext_lazy("Where those hours are meant, such as Europe/Copenhagen. Empty means the installation's own."),
        check=_zone_fault,
    )
)
DESK_CLOSED = register(
    Option(
        "desk.closed",
        "",
        gettext_lazy("Closed days of the service desk"),
        gettext_lazy("Days nobody is there although the week says so: 2026-12-24, 2026-12-25."),
        check=_days_fault,
    )
)
OPTIONS = (DESK_PHONE, DESK_HOURS, DESK_ZONE, DESK_CLOSED)

# The nearest organisation above that has set a value decides, then the instance.
_VALUES = """
SELECT DISTINCT ON (v.key) v.key, v.value FROM config_optionvalue v
LEFT JOIN people_organisation o ON o.id = %(organisation)s
WHERE v.key = ANY(%(keys)s) AND (v.organisation_id IS NULL OR v.organisation_id = ANY(o.path))
ORDER BY v.key, array_position(o.path, v.organisation_id) DESC NULLS LAST
"""

# A visitor belongs nowhere yet: when the instance names no desk and one organisation does, it is that one.
_ONLY_DESK = """
SELECT min(v.organisation_id) FROM config_optionvalue v
WHERE v.key = %(key)s AND v.value <> '""'::jsonb HAVING count(*) = 1
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """The desk's phone number, its hours in words, and whether it is open; each may be empty or unknown. A visitor's
    zone is not known, so a visitor is told times as the desk's own clock shows them."""

    phone: str
    hours: str
    open: DeskHours
    now: datetime
    visitor: bool = False

    @property
    def dial(self) -> str:
        """The number as a `tel:` address wants it: digits, and a plus at the front."""
        digits = "".join(c for c in self.phone if c.isascii() and c.isdigit())
        return f"+{digits}" if self.phone.strip().startswith("+") else digits

    @property
    def closed(self) -> bool:
        """Is nobody there now, although the desk has hours?"""
        return bool(self.open) and not self.open.is_open(self.now)

    @property
    def opens(self) -> datetime | None:
        """When somebody is there again, in UTC."""
        return self.open.next_opening(self.now)

    @property
    def closed_words(self) -> str:
        """What to tell people who come out of hours."""
        if self.opens is None:
            return _("We are closed now.")
        with timezone.override(self.open.zone if self.visitor else timezone.get_current_timezone()):
            return _("We are closed now; we start again %(when)s.") % {"when": opening_words(self.opens)}


def opening_words(opens: datetime) -> str:
    """“today 07:00”, “Monday 07:00”, “Tue 24 Nov 07:00”: in the reader's own zone."""
    ahead = (timezone.localtime(opens).date() - timezone.localdate()).days
    if 1 < ahead < 7:
        day = str(dates.WEEKDAYS[timezone.localtime(opens).weekday()])
        return _("%(day)s %(time)s") % {"day": day, "time": moments.clock(opens)}
    return moments.short(opens, with_time=True)


def contact(organisation_id: int | None = None, now: datetime | None = None) -> Contact:
    """What is set for the organisation or the nearest above it, else for the instance. For visitors, of whom nothing
    is known, what the instance says, or the one organisation that has a number."""
    place = organisation_id
    if place is None and (only := sql.row(_ONLY_DESK, {"key": DESK_PHONE.key})) is not None:
        place = only[0]
    values = {"keys": [option.key for option in OPTIONS], "organisation": place}
    found = dict(sql.rows(_VALUES, values))
    phone, hours, zone, closed = (str(found.get(option.key, option.default)).strip() for option in OPTIONS)
    desk = _desk(hours, zone or settings.TIME_ZONE, closed)
    return Contact(phone, hours_words(desk), desk, now or timezone.now(), visitor=organisation_id is None)


@lru_cache(maxsize=256)
def _desk(hours: str, zone: str, closed: str) -> DeskHours:
    """What was set, as hours; what was stored before it was checked and cannot be read counts as not set."""
    try:
        return DeskHours(parse_week(hours), zoneinfo.ZoneInfo(zone), parse_days(closed))
    except (Unreadable, zoneinfo.ZoneInfoNotFoundError, ValueError):
        return DeskHours({}, zoneinfo.ZoneInfo(settings.TIME_ZONE))


def hours_words(desk: DeskHours) -> str:
    """“Mon–Fri 07–19, Sat 9–12” in the reader's language; "" without hours."""
    runs = grouped(desk.week)
    if [(first, last, spans) for first, last, spans in runs] == [(0, 6, ((0, DAY),))]:
        return _("day and night")
    return ", ".join(f"{_days(first, last)} {_times(spans)}" for first, last, spans in runs)


def _days(first: int, last: int) -> str:
    short = dates.WEEKDAYS_ABBR
    if first == last:
        return str(short[first])
    return _("%(first)s–%(last)s") % {"first": short[first], "last": short[last]}


def _times(spans: Sequence[Span]) -> str:
    return ", ".join(f"{_time(start)}–{_time(end)}" for start, end in spans)


def _time(minute: int) -> str:
    hour, rest = divmod(minute, 60)
    return f"{hour:02d}:{rest:02d}" if rest else f"{hour:02d}"
