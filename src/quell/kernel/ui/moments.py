"""Times and sizes as people say them (ux.md 3.7): "today 14:05", "Tue 24 Nov", "4.2 MB".

Every function takes an aware moment and shows it in the active time zone. The formats are translatable,
because word order and punctuation of dates differ by language.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import formats, timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

KB = 1024


def clock(moment: datetime) -> str:
    """Hour and minute: "14:05"."""
    return timezone.localtime(moment).strftime("%H:%M")


def day(when: date, today: date) -> str:
    """A day in words: "today", "yesterday", "Tue 24 Nov", or with the year when it is another year."""
    if when == today:
        return _("today")
    if when == today - timedelta(days=1):
        return _("yesterday")
    if when == today + timedelta(days=1):
        return _("tomorrow")
    if when.year == today.year:
        return _this_year(when, translation.get_language() or "")
    return _another_year(when, translation.get_language() or "")


def short(moment: datetime, now: datetime | None = None, *, with_time: bool = False) -> str:
    """ "today 14:05" near now, "Tue 24 Nov" further off; `with_time` keeps the time of day on far days too."""
    local = timezone.localtime(moment)
    today = timezone.localdate(now or timezone.now())
    words = day(local.date(), today)
    near = abs((local.date() - today).days) <= 1
    if near or with_time:
        return _("%(day)s %(time)s") % {"day": words, "time": local.strftime("%H:%M")}
    return words


def weekday(when: date) -> str:
    """The day at the head of a page: "Tuesday 24 November"."""
    return capfirst(formats.date_format(when, pgettext("date format: Tuesday 24 November", "l j F")))


def column_day(when: date) -> str:
    """The day above a column of a week: "Tue 24"."""
    return formats.date_format(when, pgettext("date format: Tue 24", "D j"))


def dated(when: date, *, year: bool = True, time: bool = False) -> str:
    """A day of a table with its weekday: "Tue 24 Nov 2026", without the `year` "Tue 24 Nov"; of a datetime also the
    `time` it holds, as it is."""
    if year:
        words = formats.date_format(when, pgettext("date format: Tue 24 Nov 2026", "D j M Y"))
    else:
        words = _this_year(when, translation.get_language() or "")
    return _("%(day)s %(time)s") % {"day": words, "time": when.strftime("%H:%M")} if time else words


def full(moment: datetime) -> str:
    """Everything, with the zone, for the tooltip: "Tuesday 24 November 2026 14:05:09 CET"."""
    local = timezone.localtime(moment)
    time = local.strftime("%H:%M:%S")
    return f"{_complete(local.date(), translation.get_language() or '').format(time=time)} {local.tzname()}"


# The same few days stand on every page, and wording one asks the catalogue for month, weekday and their order each
# time: 75 µs, where the rest of a moment takes five. The language is in force already; it is told as part of the key.


@lru_cache(maxsize=1024)
def _this_year(when: date, language: str) -> str:
    return formats.date_format(when, pgettext("date format: Tue 24 Nov", "D j M"))


@lru_cache(maxsize=1024)
def _another_year(when: date, language: str) -> str:
    return formats.date_format(when, pgettext("date format: 24 Nov 2025", "j M Y"))


@lru_cache(maxsize=1024)
def _complete(when: date, language: str) -> str:
    words = formats.date_format(when, pgettext("date format: Tuesday 24 November 2026", "l j F Y"))
    return _("%(day)s %(time)s") % {"day": words, "time": "{time}"}


def number(count: int | str) -> str:
    """A count as people read it: 24,918, in Danish 24.918. Text, such as "99+", stays as it is. Chinese groups by
    three as well, as its screens do."""
    if isinstance(count, str) or -1000 < count < 1000:
        return str(count)
    return f"{count:,}".replace(",", formats.get_format("THOUSAND_SEPARATOR") or ",")


def size(count: int) -> str:
    """Bytes as people read them, counted in 1024 like the upload limit (kernel/files) and the script."""
    if count < KB:
        return _("%(count)d bytes") % {"count": count}
    units = (_("kB"), _("MB"), _("GB"), _("TB"))
    power = 1
    while power < len(units) and count >= KB ** (power + 1):
        power += 1
    amount = count / KB**power
    places = 1 if amount < 10 else 0
    # number_format cuts digits off instead of rounding, so it gets the rounded number.
    words = formats.number_format(round(amount, places), places)
    return _("%(amount)s %(unit)s") % {"amount": words, "unit": units[power - 1]}


def duration(seconds: int) -> str:
    """A stretch of time, two units at most: "45 s", "12 min", "3 h 05", "2 d 4 h"."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hour}
    if hours:
        return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": minute}
    if minutes:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(seconds)d s") % {"seconds": rest}
