"""Sentences for what the event log does strangely, and for why a row of it was refused."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

from quell.practices.incidents.rules.incident_log_rows import NotTheLog, Refused

_REFUSALS: Mapping[str, str] = {
    "row-width": gettext_noop("it has %(value)s cells, which is not as many as there are columns"),
    "row-repeated": gettext_noop("it repeats line %(value)s word for word"),
    "number-unreadable": gettext_noop("“%(value)s” is not a number like INC0000045"),
    "state-unknown": gettext_noop("“%(value)s” is not a state of this log"),
    "value-missing": gettext_noop("there is nothing in %(column)s, and it cannot do without"),
    "date-unreadable": gettext_noop("“%(value)s” in %(column)s is not a date like 29/2/2016 01:16"),
    "date-impossible": gettext_noop("there is no such time as “%(value)s” (%(column)s, day first)"),
    "level-unknown": gettext_noop("“%(value)s” is not a level of %(column)s"),
    "flag-unreadable": gettext_noop("“%(value)s” in %(column)s is neither true nor false"),
    "count-unreadable": gettext_noop("“%(value)s” in %(column)s is not a count"),
    "label-too-long": gettext_noop("the label in %(column)s is longer than a label may be"),
    "label-unprintable": gettext_noop("the label in %(column)s holds characters that cannot be printed"),
}
_ODDITIES: Mapping[str, str] = {
    "double_spaces_in_label": gettext_noop("rows with a label written with two spaces (read with one)"),
    "blank_lines": gettext_noop("blank lines (passed over)"),
    "out_of_order_in_file": gettext_noop("incidents whose rows are not in time order (put in order)"),
    "updated_before_opened": gettext_noop("rows updated before their incident was opened (kept so)"),
    "created_before_opened": gettext_noop("incidents created before they were opened (kept so)"),
    "state_minus_100": gettext_noop("rows with the state -100 (read as work in progress)"),
    "reopened_after_closing": gettext_noop("reopenings of a closed incident (kept so)"),
    "reopened_uncounted": gettext_noop("reopenings that the source did not count (kept so)"),
    "transfer_to_same_group": gettext_noop("reassignments counted with the same group before and after"),
    "count_going_down": gettext_noop("rows where a count of the source goes down (the last row decides)"),
    "final_values_changing": gettext_noop("rows where a final value changes (the last row decides)"),
    "update_number_twice": gettext_noop("incidents with the same update number twice (both kept)"),
    "contact_unheard_of": gettext_noop("incidents with a contact type unheard of (channel: import)"),
    "caller_unknown": gettext_noop("incidents whose last row knows no caller (an earlier one, or nobody)"),
    "person_without_group": gettext_noop("incidents with a person but no group (kept so)"),
    "closed_without_resolving": gettext_noop("incidents closed without a resolved row (kept so)"),
    "resolution_time_missing": gettext_noop("incidents without a time of resolution (taken from their rows)"),
    "still_open": gettext_noop("incidents still open at their last row (final values left out)"),
    "here_with_other_events": gettext_noop("incidents here already with more or fewer events (left so)"),
    "here_in_another_organisation": gettext_noop("incidents here already in another organisation (left there)"),
}


def refusal(refused: Refused) -> str:
    """Why a row was refused, as a part of a sentence."""
    known = _REFUSALS.get(refused.code, refused.code)
    return gettext(known) % {"value": refused.value, "column": refused.column}


def oddity(code: str) -> str:
    """What was odd, to stand after a count."""
    return gettext(_ODDITIES.get(code, code))


def not_the_log(fault: NotTheLog, name: str) -> str:
    """One sentence: which columns are missing or there twice."""
    if fault.code == "columns-doubled":
        sentence = gettext("%(file)s is not the incident event log: it has these columns twice: %(columns)s.")
    else:
        sentence = gettext("%(file)s is not the incident event log: it lacks the columns %(columns)s.")
    return sentence % {"file": name, "columns": ", ".join(fault.columns)}
