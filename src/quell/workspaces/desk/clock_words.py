"""The desk's words about clocks: how they stand, why they stood still, and what the history says of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quell.kernel.ui import marks, moments
from quell.practices.agreements import facade as agreements

KINDS = {"sla": gettext_lazy("SLA"), "ola": gettext_lazy("OLA"), "uc": gettext_lazy("Supplier contract")}
#: Colour of the tag, of the bar, and the icon, by how a clock stands (ux.md 2.8: never by colour alone).
LOOKS = {
    "ok": ("ok", "", "clock"),
    "warn": ("warn", "warn", "clock"),
    "late": ("late", "late", "alert-triangle"),
    "limit": ("late", "late", "alert-triangle"),
    "overdue": ("solid overdue", "bad", "circle-x"),
    "paused": ("paused", "", "clock-pause"),
    "met": ("ok", "", "check"),
    "missed": ("overdue", "bad", "circle-x"),
    "cancelled": ("", "", "ban"),
}
CAUSES = {
    "late_assignment": gettext_lazy("Assigned too late"),
    "waiting_in_team": gettext_lazy("Waited inside the team"),
    "waiting_supplier": gettext_lazy("Waited for a supplier"),
    "wrong_priority": gettext_lazy("Wrong priority"),
    "capacity": gettext_lazy("Too few people"),
    "unrealistic_target": gettext_lazy("A target that cannot be kept"),
}
LINES = (
    "clock_warning", "clock_breach", "clock_restated", "clock_terms", "judge_clock", "propose_exclusion",
    "decide_exclusion",
)  # fmt: skip
ICONS = {
    "clock_warning": "clock", "clock_breach": "circle-x", "clock_restated": "calendar-time",
    "clock_terms": "certificate", "judge_clock": "clipboard-check",
    "propose_exclusion": "clipboard-check", "decide_exclusion": "clipboard-check",
}  # fmt: skip


def span(seconds: int) -> str:
    """An amount of open time beside a clock: 1:12 up to a day of it, then hours."""
    minutes = abs(seconds) // 60
    if minutes < 24 * 60:
        return f"{minutes // 60}:{minutes % 60:02d}"
    return _("%(hours)s h") % {"hours": minutes // 60}


def standing(look: str, left: int, elapsed: int) -> str:
    """How a clock stands; `left` and `elapsed` in seconds of open time."""
    if look in ("ok", "warn", "late"):
        return _("%(time)s left") % {"time": span(left)}
    if look == "overdue":
        return _("Overdue %(time)s") % {"time": span(left)}
    if look == "met":
        return _("Met in %(time)s") % {"time": span(elapsed)}
    if look == "missed":
        return _("Missed by %(time)s") % {"time": span(left)}
    return {"limit": _("Due, at its limit"), "paused": _("Paused")}.get(look, _("Taken back"))


def reason(code: str) -> str:
    """What a clock stands still for."""
    if code == "elsewhere":
        return _("another team")
    return agreements.pause_word(code)


def stood_still(reasons: tuple[str, ...] | list[str]) -> str:
    """Waiting for what."""
    if not reasons:
        return _("Paused")
    return _("Waiting for %(reasons)s") % {"reasons": ", ".join(reason(code) for code in reasons)}


def cause(code: str) -> str:
    """What a stretch of a clock began with."""
    words = {
        "start": _("The clock began"),
        "stop": _("The clock stopped"),
        "reopen": _("It was opened again"),
        "cancel": _("The clock was taken back"),
        "wait": _("It was put on hold"),
        "resume": _("Work went on"),
        "until": _("The date until which it waited had come"),
        "change": _("Another promise applies from here"),
    }
    return words.get(code, code)


def said(entry: dict[str, Any]) -> str | None:
    """A line of history about clocks; None for every other."""
    verb, data = entry["verb"], entry["data"]
    if verb not in LINES:
        return None
    words: dict[str, Any] = {"who": entry["actor_name"]}
    if verb in ("clock_restated", "clock_terms"):
        return _moved(entry, words)
    metric = agreements.metric_called(data.get("metric", ""))
    kind = marks.words(KINDS.get(data.get("kind", ""), ""))
    words |= {"metric": metric, "kind": kind, "percent": data.get("percent")}
    if verb == "judge_clock":
        return _judged(data.get("set", {}), words)
    if verb in ("propose_exclusion", "decide_exclusion"):
        return _excluded(verb, data, words)
    # What speaks after the breach says how far it has gone: the breach was told before.
    if verb == "clock_breach" and (data.get("percent") or 0) <= 100:
        sentence = _("%(kind)s broken: %(metric)s") % words
    else:
        sentence = _("%(kind)s: %(percent)s %% of the time for “%(metric)s” is used up") % words
    told = len(data.get("people") or ())
    if told:
        sentence += " · " + ngettext("%(n)s person was told", "%(n)s people were told", told) % {"n": told}
    return sentence


def _moved(entry: dict[str, Any], words: dict[str, Any]) -> str:
    if entry["verb"] == "clock_restated":
        sentence = _("Clocks counted again by corrected working hours")
    else:
        sentence = _("Clocks go on by a new version of the agreement")
    moved = [
        _("%(metric)s due %(after)s instead of %(before)s")
        % {
            "metric": agreements.metric_called(one.get("metric", "")),
            "before": _moment(one.get("due_before")),
            "after": _moment(one.get("due_after")),
        }
        for one in entry["data"].get("clocks", ())
        if one.get("due_before") != one.get("due_after")
    ]
    parts = [sentence, *moved]
    return " · ".join(parts) + (f": {entry['reason']}" if entry["reason"] else "")


def _moment(text: Any) -> str:
    moment = parse_datetime(text) if isinstance(text, str) and text else None
    return moments.short(moment, with_time=True) if moment else "–"


def _judged(changes: dict[str, Any], words: dict[str, Any]) -> str:
    parts = []
    if "breach_cause" in changes:
        now = changes["breach_cause"][1]
        parts.append(marks.words(CAUSES[now]) if now in CAUSES else _("no cause"))
    if "excluded_because" in changes:
        now = changes["excluded_because"][1]
        parts.append(_("not counted: %(reason)s") % {"reason": now} if now else _("counted again"))
    return _("%(who)s judged the broken promise “%(metric)s”: %(said)s") % {**words, "said": ", ".join(parts)}


def _excluded(verb: str, data: dict[str, Any], words: dict[str, Any]) -> str:
    words |= {"reason": data.get("excluded_because", ""), "word": data.get("word", "")}
    if verb == "propose_exclusion":
        rule = data.get("rule", "")
        if rule:
            sentence = _("%(who)s left the broken promise “%(metric)s” out of the figures: %(reason)s") % words
            return f"{sentence} · {excluded_by_rule(rule)}"
        return _("%(who)s proposes to leave the broken promise “%(metric)s” out of the figures: %(reason)s") % words
    if data.get("state") == "accepted":
        sentence = _("%(who)s agreed to leave the broken promise “%(metric)s” out of the figures: %(reason)s") % words
    else:
        sentence = _("%(who)s did not agree to leave out the broken promise “%(metric)s”: it counts") % words
    return f"{sentence} · {words['word']}" if words["word"] else sentence


def excluded_by_rule(rule: str) -> str:
    """Why nobody else had to decide."""
    rules = {
        "alone": _("by rule: nobody else may decide"),
        "one_word": _("by rule: one person's word is enough here"),
    }
    return rules.get(rule, rule)


def due_words(due: datetime | None, look: str) -> str:
    """By when; "" while there is no such moment."""
    if due is None or look in ("met", "missed", "cancelled"):
        return ""
    return _("by %(moment)s") % {"moment": moments.short(due, with_time=True)}
