"""Calls for more skill or more authority, and taking them back, as sentences of the history."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def sentence(entry: dict[str, Any]) -> str:
    """Who was called and why, such as "called on Mia (level 2): the supplier is stuck · needs 20,000 DKK"."""
    data = entry["data"]
    words = {
        "who": entry["actor_name"],
        "level": data.get("level", ""),
        "people": ", ".join(entry.get("called", ())[::2]),
        "to": _to(entry),
    }
    if entry["verb"] == "de_escalate":
        said = _back(words, data)
    elif words["people"]:
        said = _("%(who)s called on %(people)s (level %(level)s)") % words
    elif words["to"] and words["level"]:
        said = _("%(who)s escalated it to %(to)s (level %(level)s)") % words
    else:
        said = _("%(who)s escalated it") % words
    if entry["reason"]:
        said = f"{said}: {entry['reason']}"
    return f"{said} · {needs}" if (needs := _needs(data)) else said


def _back(words: dict[str, Any], data: dict[str, Any]) -> str:
    if words["to"]:
        return _("%(who)s took the escalation back: it is with %(to)s again") % words
    if data.get("level"):
        return _("%(who)s took the escalation back, to level %(level)s") % words
    return _("%(who)s took the escalation back") % words


def _to(entry: dict[str, Any]) -> str:
    """Whose hands it came into."""
    found = [str(entry["changes"][name]["to"] or "") for name in ("assignee", "team") if name in entry["changes"]]
    return next((name for name in found if name), "")


def _needs(data: dict[str, Any]) -> str:
    """What somebody has to decide about."""
    if data.get("amount"):
        amount = Decimal(data["amount"])
        places = 0 if amount == amount.to_integral_value() else 2
        shown = number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
        return _("needs %(amount)s %(currency)s") % {"amount": shown, "currency": data.get("currency", "")}
    if data.get("authority") == "authority":
        return _("needs somebody who may decide")
    return ""
