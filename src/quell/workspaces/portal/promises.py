"""What was promised to somebody who reported something, in plain words: never what teams and suppliers promise us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from quell.kernel.ui import moments
from quell.practices.clocks import facade as clocks

#: What a requester hears of, in this order.
TOLD = ("response", "update", "resolution", "fulfilment")
_RUNNING = frozenset({"ok", "warn", "late"})
_LATE = frozenset({"limit", "overdue"})


def of_rows(rows: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """The sentence for each open request of a list, by its id; one statement for all of them."""
    ids = [row["id"] for row in rows if row["state_category"] in ("new", "active", "waiting")]
    found = clocks.standings(ids, timezone.now(), ["sla"])
    said = {pk: _next(_told(ones)) for pk, ones in found.items()}
    return {pk: words for pk, words in said.items() if words}


def of_one(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(icon, sentence) of every promise about one request, in the order in which they come."""
    found = clocks.standings([row["id"]], timezone.now(), ["sla"]).get(row["id"], [])
    return [(_icon(one), words) for one in _told(found) if (words := _sentence(one))]


def _told(found: Sequence[clocks.Standing]) -> list[clocks.Standing]:
    known = [one for one in found if one.metric in TOLD and not one.informational]
    return sorted(known, key=lambda one: TOLD.index(one.metric))


def _next(found: Sequence[clocks.Standing]) -> str:
    one = clocks.next_due(list(found))
    return "" if one is None else _sentence(one)


def _icon(one: clocks.Standing) -> str:
    if one.look in _LATE or one.look == "missed":
        return "alert-triangle"
    return {"paused": "clock-pause", "met": "check"}.get(one.look, "clock")


def _sentence(one: clocks.Standing) -> str:
    look, words = one.look, {"moment": _moment(one.due_at)}
    if look == "paused":
        return _paused(one)
    if look in _RUNNING and one.due_at is not None:
        return {
            "response": _("We promised an answer by %(moment)s."),
            "update": _("You hear from us again by %(moment)s."),
            "resolution": _("We promised that it works again by %(moment)s."),
            "fulfilment": _("We promised it by %(moment)s."),
        }[one.metric] % words
    if look in _LATE and one.due_at is not None:
        return {
            "response": _("Late: we promised an answer by %(moment)s."),
            "update": _("Late: we promised to write again by %(moment)s."),
            "resolution": _("Late: we promised that it works again by %(moment)s."),
            "fulfilment": _("Late: we promised it by %(moment)s."),
        }[one.metric] % words
    return _over(one)


def _over(one: clocks.Standing) -> str:
    """What came of it; updates come and go without a word."""
    kept = one.look == "met"
    if one.look not in ("met", "missed") or one.metric == "update":
        return ""
    if one.metric == "response":
        return _("Answered in time.") if kept else _("Answered later than promised.")
    if one.metric == "resolution":
        return _("Solved in time.") if kept else _("Solved later than promised.")
    return _("Done in time.") if kept else _("Done later than promised.")


def _paused(one: clocks.Standing) -> str:
    if one.metric == "update":
        return ""
    words = {"moment": _moment(one.paused_since)}
    if "requester" in one.reasons:
        return _("Waiting for you: the clock stands still since %(moment)s.") % words
    if "scheduled" in one.reasons:
        return _("The clock stands still until the time we agreed on.")
    return _("The clock stands still since %(moment)s.") % words


def _moment(at: datetime | None) -> str:
    return "–" if at is None else moments.short(at, with_time=True)
