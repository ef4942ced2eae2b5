"""What the history says of an agreement, in words: the journal keeps plain values, as they were written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from quell.engines.clock.terms import DURATION
from quell.practices.calendars import facade as calendars

from . import words

_DAYS = ("valid_from", "valid_until", "review_on")
#: What tells a target from others of its version; the rest is what it promises.
_WHERE = ("metric", "priorities", "services", "kinds", "criticalities")


def spoken(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes of one line, {field: [before, after]}, with states, days, credits and targets in words; all else as
    it is. Targets stay lists of things with a name, so that they are told target by target."""
    called = calendars.names(_calendars(changes.get("targets")))
    return {
        field: [_said(field, value, called) for value in pair] if isinstance(pair, list) else pair
        for field, pair in changes.items()
    }


def _calendars(pair: Any) -> set[str]:
    return {one["calendar"] for targets in pair or () for one in targets or () if one.get("calendar")}


def _said(field: str, value: Any, called: Mapping[str, str]) -> Any:
    if field == "state" and isinstance(value, str):
        return words.state(value)
    if field in _DAYS and isinstance(value, str):
        return str(date_format(date.fromisoformat(value), "DATE_FORMAT"))
    if field == "tiers" and isinstance(value, list):
        return [words.credit(tier) for tier in value]
    if field == "routes" and isinstance(value, list):
        return [" → ".join(route) for route in value]
    if field == "targets" and isinstance(value, list):
        return [_target(one, called) for one in value]
    return value


def _target(said: Mapping[str, Any], called: Mapping[str, str]) -> dict[str, Any]:
    """A target by the names people know: "Resolution · P1, P2", and what differs from the usual."""
    policies = words.policies()
    told: dict[str, Any] = {"name": _name(said)}
    labels = _labels()
    if "amount" in said:
        told[_("Within")] = words.amount(said.get("kind", DURATION), said["amount"])
    for key, value in said.items():
        if key in ("name", "kind", "amount", *_WHERE):
            continue
        shown = value
        if key == "calendar":
            shown = called.get(value, value)
        elif key == "pauses_on":
            shown = [words.pause_reason(one) for one in value]
        elif key in policies:
            shown = policies[key].get(value, value)
        elif key == "goal_percent":
            shown = _("%(value)s %%") % {"value": number_format(value)}
        elif key == "warn_at":
            shown = [f"{percent} %" for percent in value]
        told[labels.get(key, key)] = shown
    return told


def _labels() -> dict[str, str]:
    return {
        "calendar": _("Counted in"),
        "goal_percent": _("Goal"),
        "pauses_on": _("Pauses while"),
        "warn_at": _("Warnings"),
        "on_change": _("When priority or service change"),
        "on_reopen": _("When it is reopened"),
        "breach_rule": _("Broken"),
        "start_rule": _("Begins"),
        "keep_breach": _("What is broken stays broken, also when the priority is lowered"),
    }


def _name(said: Mapping[str, Any]) -> str:
    """What it measures, and for which records; codes of services and kinds stay as they are."""
    parts = [words.metric_called(said.get("metric", ""))]
    parts += [", ".join(f"P{n}" for n in said["priorities"])] if said.get("priorities") else []
    parts += [*said.get("services", ()), *said.get("kinds", ())]
    parts += [_("criticality %(n)s") % {"n": n} for n in said.get("criticalities", ())]
    return " · ".join(filter(None, parts)) or str(said.get("name", ""))
