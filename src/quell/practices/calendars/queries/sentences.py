"""What is wrong with a calendar, a promise or a holiday set, as a sentence for the person who can mend it.

Engines refuse with codes and facts; every code of theirs has its sentence here, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from quell.engines.businesstime.calendar import clock
from quell.engines.businesstime.faults import CalendarFault
from quell.engines.clock.faults import ClockFault
from quell.engines.clock.terms import DURATION

DAY_SECONDS = 24 * 3600


def sentence(fault: CalendarFault | ClockFault) -> str:
    """The sentence of a refusal of the engines, with its facts filled in."""
    facts = _Facts({name: str(value) for name, value in fault.facts.items()})
    words = _of_clocks() if isinstance(fault, ClockFault) else {**_of_calendars(), **_of_questions()}
    if fault.code == "unknown_day" or "day" in facts:
        facts["day"] = day_name(facts["day"])
    if fault.code == "not_a_time" and "begin" in facts:
        facts["found"] = "–".join(clock(int(fault.facts[edge])) for edge in ("begin", "end"))
    if fault.code == "target_too_long":
        facts.update({name: _days(fault, name) for name in ("amount", "longest")})
    return words[fault.code] % facts


def _days(fault: CalendarFault | ClockFault, name: str) -> str:
    """A length of promised time in whole days, begun ones included: durations are kept in seconds, the others in days
    already."""
    length = int(fault.facts[name])
    days = -(-length // DAY_SECONDS) if fault.facts["kind"] == DURATION else length
    return str(number_format(days, force_grouping=True))


def day_name(found: str) -> str:
    """A weekday in words; anything else (a date) as it is."""
    names = {
        "mon": _("Monday"),
        "tue": _("Tuesday"),
        "wed": _("Wednesday"),
        "thu": _("Thursday"),
        "fri": _("Friday"),
        "sat": _("Saturday"),
        "sun": _("Sunday"),
    }
    return names.get(found, found)


class _Facts(dict[str, str]):
    """Facts of a fault; one that is not told is an ellipsis, so that no refusal fails for want of it."""

    def __missing__(self, name: str) -> str:
        return "…"


def _of_calendars() -> Mapping[str, str]:
    return {
        "not_a_calendar": _("This is not a calendar (“%(found)s”): it needs a zone and weekly hours, or parts."),
        "unknown_field": _("There is no field “%(field)s” here."),
        "unknown_zone": _("“%(zone)s” is not a time zone. Give one such as Europe/Copenhagen."),
        "unknown_day": _("“%(day)s” is not a day of the week: mon, tue, wed, thu, fri, sat or sun."),
        "not_a_time": _("%(day)s: “%(found)s” are no hours. Give them as 08:00 to 16:00; a day ends at 24:00."),
        "not_a_date": _("“%(found)s” is not a date. Give it as 2026-12-24."),
        "empty_span": _("%(day)s: hours that begin and end at %(at)s have no length. For a whole day: 00:00 to 24:00."),
        "overlapping": _("%(day)s: %(first)s and %(second)s overlap. Make them one, or change where one ends."),
        "never_open": _("This calendar is never open, so nothing could ever become due. Give it some hours."),
        "validity_reversed": _("It would end (%(until)s) before it begins (%(since)s). Swap the two dates."),
        "unknown_calendar": _("There is no calendar “%(calendar)s” here."),
        "circular": _("These calendars are made of each other: %(path)s. Take one of them out."),
        "no_parts": _("Say which calendars it is made of."),
        "out_of_range": _("Only the years %(first)s to %(last)s can be counted."),
    }


def _of_questions() -> Mapping[str, str]:
    return {
        "not_a_question": _("This is not a question: it needs calendar, op, start, and seconds or end."),
        "unknown_op": _("“%(op)s” is not among the questions: due or elapsed."),
        "not_a_moment": _("“%(found)s” in “%(field)s” is not a moment. Give it with its zone: 2026-03-02T08:00:00Z."),
        "not_an_amount": _("“%(found)s” is not an amount of time. Give whole seconds."),
        "never_due": _("The calendar closes for good before %(seconds)s seconds of working time have passed."),
    }


def _of_clocks() -> Mapping[str, str]:
    return {
        "target_zero": _("A promise of %(amount)s cannot be kept or broken. Give an amount above zero."),
        "target_too_long": _("%(amount)s days are more than the longest promise, five years (%(longest)s days)."),
        "target_unknown_kind": _("“%(kind)s” is not a kind of promise: working time, or working days."),
        "unknown_policy": _("“%(policy)s” is not among the rules to choose from here."),
        "warning_out_of_range": _("Warn at rising percentages above 0 and up to 1000; these are not: %(percents)s."),
        "unknown_calendar": _("There is no calendar “%(calendar)s” here."),
        "unknown_event": _("“%(kind)s” is nothing that can happen to a clock."),
        "terms_missing": _("“%(kind)s” needs the terms it begins with."),
    }


def feed_trouble(code: str, detail: str = "") -> str:
    """Why a holiday file or its address was not read; the dates known before stay."""
    words = {
        "not_a_calendar_file": _("This is not an iCalendar file. It begins with BEGIN:VCALENDAR and is text in UTF-8."),
        "too_large": _("This file holds more than holidays: at most one megabyte, 5,000 events and 5,000 dates."),
        "no_dates": _("There are no all-day events for these years in the file."),
        "not_called": _("This address is not called. Give an https address that is open to everybody."),
        "no_answer": _("Nobody answered at this address."),
        "unknown_country": _("Holidays of this country are not known any more."),
        "refused": _("The address answered, but not with a file (status %(status)s)."),
    }
    return words.get(code, words["no_answer"]) % {"status": detail or "?"}
