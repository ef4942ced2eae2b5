"""What changed from one version of an agreement to another, line by line, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quell.practices.calendars import facade as calendars

from . import words


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: what, and how it reads before and after ("" where it was not there)."""

    what: str
    before: str
    after: str


def differences(older: Mapping[str, Any], newer: Mapping[str, Any]) -> list[Difference]:
    """Everything that is promised otherwise: the days and texts first, then target by target."""
    found = []
    for field, label in _labels().items():
        before, after = _shown(field, older[field]), _shown(field, newer[field])
        if before != after:
            found.append(Difference(label, before, after))
    old, new = _targets(older), _targets(newer)
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key, ""), new.get(key, "")
        if before != after:
            found.append(Difference(" · ".join(key), before, after))
    return found


def _labels() -> dict[str, str]:
    return {
        "valid_from": _("Holds from"),
        "valid_until": _("Holds until"),
        "review_on": _("Review"),
        "service_names": _("Services"),
        "apply_to_open": _("Applies to open records too"),
        "summary": _("What it is about"),
        "exclusions": _("What does not count"),
        "reporting": _("Reports"),
        "penalties": _("If it is not kept"),
        "tiers": _("Credits"),
        "routes": _("Who works on it one after the other"),
    }


def _shown(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return str(date_format(value, "DATE_FORMAT"))
    if field == "tiers":
        return "; ".join(words.credit(tier) for tier in value)
    if field == "routes":
        return "; ".join(" → ".join(route) for route in value)
    if isinstance(value, list):
        return ", ".join(value)
    return value or ""


def _targets(version: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    """What each target promises, by what it is for."""
    told: dict[tuple[str, ...], str] = {}
    policies = words.policies()
    called = calendars.names({target["calendar"] for target in version["targets"]})
    for target in version["targets"]:
        key = (
            target["metric_name"],
            *(f"P{n}" for n in target["priorities"]),
            *target["service_names"],
            *target["kinds"],
            *(_("criticality %(n)s") % {"n": n} for n in target["criticalities"]),
        )
        pauses = ", ".join(words.pause_reason(one) for one in target["pauses_on"])
        parts = [
            target["words"],
            called.get(target["calendar"], target["calendar"]),
            _("goal %(percent)s %%") % {"percent": f"{target['goal_percent']:f}".rstrip("0").rstrip(".")},
            _("waits for %(reasons)s") % {"reasons": pauses} if pauses else "",
            *(policies[name].get(target[name], "") for name in ("on_change", "on_reopen", "breach_rule", "start_rule")),
            ", ".join(f"{percent} %" for percent in target["warn_at"]),
            # A metric that was changed measures something else.
            _("measured as in version %(n)s") % {"n": target["metric_version"]} if target["metric_version"] > 1 else "",
        ]
        told[key] = " · ".join(part for part in parts if part)
    return told
