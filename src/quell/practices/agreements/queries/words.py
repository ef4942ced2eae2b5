"""The words for everything agreements say by code: kinds, states, sides, targets, metrics, policies, reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quell.engines.clock import terms
from quell.kernel.config.shipped import pgettext_noop, spoken

METRIC_NAMES = {
    "assignment": pgettext_noop("metric", "Assignment"),
    "response": pgettext_noop("metric", "First response"),
    "update": pgettext_noop("metric", "Next update"),
    "resolution": pgettext_noop("metric", "Resolution"),
    "fulfilment": pgettext_noop("metric", "Fulfilment"),
    "approval": pgettext_noop("metric", "Approval"),
    "supplier": pgettext_noop("metric", "Supplier"),
    "handling": pgettext_noop("metric", "Handling by a team"),
    "acceptance": pgettext_noop("metric", "Acceptance"),
}
METRIC_DESCRIPTIONS = {
    "assignment": pgettext_noop("metric", "From the report until a team or a person has it."),
    "response": pgettext_noop("metric", "From the report until somebody of the desk answers or begins."),
    "update": pgettext_noop("metric", "From each answer of the desk until its next one, while the record is open."),
    "resolution": pgettext_noop("metric", "From the report until it is resolved."),
    "fulfilment": pgettext_noop("metric", "From the last approval until everything is delivered."),
    "approval": pgettext_noop("metric", "How long somebody lets others wait for a decision."),
    "supplier": pgettext_noop("metric", "While a supplier has it: from handing it over until it comes back."),
    "handling": pgettext_noop("metric", "While a team has it, until it is resolved; paused while others have it."),
    "acceptance": pgettext_noop("metric", "From passing it on until the receiver accepts it, begins or sends it back."),
}


def metric_name(code: str, name: str) -> str:
    """A metric's name in the language of the reader, unless it was given another."""
    return spoken("metric", METRIC_NAMES, code, name)


def metric_called(code: str) -> str:
    """The same where only its code is known: one's own metric is called by that."""
    return metric_name(code, METRIC_NAMES.get(code, code))


def metric_description(code: str, description: str) -> str:
    """What it measures, likewise."""
    return spoken("metric", METRIC_DESCRIPTIONS, code, description)


def kind(code: str) -> str:
    """What kind of agreement it is."""
    words = {"sla": _("SLA with a customer"), "ola": _("OLA with a team"), "uc": _("Contract with a supplier")}
    return words.get(code, code)


def state(code: str) -> str:
    """Where a version is in its life."""
    words = {
        "draft": _("Draft"),
        "negotiation": _("In negotiation"),
        "agreed": _("Agreed"),
        "active": _("In force"),
        "under_review": _("Under review"),
        "renewed": _("Replaced"),
        "expired": _("Expired"),
        "terminated": _("Terminated"),
    }
    return words.get(code, code)


def side(code: str) -> str:
    """Who signs."""
    return {"customer": _("Who is promised something"), "provider": _("Who promises it")}.get(code, code)


def span(seconds: int) -> str:
    """A length of open time: 30 min, 4 h, 1 h 30 min."""
    hours, minutes = divmod(abs(round(seconds / 60)) if abs(seconds) >= 60 else 0, 60)
    if abs(seconds) < 60 and seconds:
        return _("%(count)s s") % {"count": abs(seconds)}
    parts = []
    if hours:
        parts.append(_("%(count)s h") % {"count": hours})
    if minutes or not hours:
        parts.append(_("%(count)s min") % {"count": minutes})
    return " ".join(parts)


def amount(target_kind: str, value: int) -> str:
    """How long a target gives."""
    if target_kind == terms.DURATION:
        return span(value)
    if target_kind == terms.SAME_TIME:
        return ngettext(
            "the same time %(count)s working day later", "the same time %(count)s working days later", value
        ) % {"count": value}
    if value == 0:
        return _("by the end of the same day")
    return ngettext("by the end of the next working day", "by closing time %(count)s working days later", value) % {
        "count": value
    }


def target_kinds() -> dict[str, str]:
    """Every kind of target."""
    return {
        terms.DURATION: _("hours and minutes"),
        terms.SAME_TIME: _("same time, working days later"),
        terms.END_OF_DAY: _("end of a working day"),
    }


def policies() -> dict[str, dict[str, str]]:
    """Every policy of a target, by its name and value."""
    return {
        "on_change": {
            terms.CARRY: _("what has passed is kept"),
            terms.RECALCULATE: _("as if it had held from the start"),
            terms.RESTART: _("begins anew"),
            terms.PROPORTIONAL: _("the used share is kept"),
        },
        "on_reopen": {
            terms.CONTINUE: _("goes on; the time between does not count"),
            terms.COUNT_THROUGH: _("the time between counts"),
            terms.ANEW: _("a clock of its own"),
        },
        "breach_rule": {
            terms.BY_ELAPSED: _("when more time has passed"),
            terms.BY_DEADLINE: _("when the due moment has passed"),
        },
        "start_rule": {
            "reported": _("when somebody told us"),
            "detected": _("when monitoring saw it"),
        },
    }


def pause_reason(code: str) -> str:
    """What a record waits for."""
    words = {
        "requester": _("the requester"),
        "supplier": _("a supplier"),
        "problem": _("a problem"),
        "change": _("a change"),
        "part": _("a part"),
        "scheduled": _("an agreed time"),
        "task": _("tasks"),
        "approval": _("a decision"),
    }
    return words.get(code, code)


def credit(tier: dict[str, Any]) -> str:
    """One tier of what is owed."""
    said = _("below %(below)s %%: %(credit)s %% of the fee") % {"below": tier["below"], "credit": tier["credit"]}
    return f"{said} · {tier['text']}" if tier.get("text") else said


def length(value: timedelta | None) -> str:
    """A timedelta as a span; "" for none."""
    return "" if value is None else span(round(value.total_seconds()))


def no_metric(code: str) -> str:
    """The refusal for a metric that is not there."""
    return _("There is no metric “%(code)s”.") % {"code": code}
