"""Clocks on the desk's pages: the chip of a row, and the pane beside a ticket.

What ticks carries how much is left when it was drawn and the open time that is now: the script counts from there
without asking, and stands still when the desk closes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from markupsafe import Markup

from quell.kernel.ui import marks, moments
from quell.practices.agreements import facade as agreements
from quell.practices.clocks import facade as clocks

from . import clock_words

#: What has so much left does not tick: nobody waits for its minutes.
_TICKING = 16 * 3600
_TAG = Markup('<span class="tag nowrap {}" title="{}"{}>{}{}</span>')
_TICKS = Markup(' data-left="{} {} {} {}" data-words="{}"')


def seconds(amount: timedelta) -> int:
    """Whole seconds towards zero: 59 s left are 0:00, and so are 59 s over."""
    whole = int(abs(amount).total_seconds())
    return -whole if amount < timedelta() else whole


def words_of(one: clocks.Standing) -> str:
    """How a clock stands."""
    return clock_words.standing(one.look, seconds(one.remaining), seconds(one.elapsed))


def tag_of(one: clocks.Standing, now: datetime) -> Markup:
    """How a clock stands, as a tag that counts on by itself; on hover what it is, and when it is due."""
    look = one.look
    colour, _bar, sign = clock_words.LOOKS[look]
    hover = [agreements.metric_called(one.metric)]
    if due := clock_words.due_words(one.due_at, look):
        hover.append(due)
    if look == "paused":
        hover.append(clock_words.stood_still(one.reasons))
    words = words_of(one)
    ticks = _ticks(one, now)
    return _TAG.format(colour, " · ".join(hover), ticks, marks.icon(sign), words)


def _ticks(one: clocks.Standing, now: datetime) -> Markup | str:
    left = seconds(one.remaining)
    if one.opens is None or one.closes is None or one.look == "limit" or abs(left) >= _TICKING:
        return ""
    moments_of = (now, one.opens, one.closes)
    rest, over = _("%(time)s left") % {"time": "0:00"}, _("Overdue %(time)s") % {"time": "0:00"}
    return _TICKS.format(left, *(int(moment.timestamp()) for moment in moments_of), f"{rest}|{over}")


def add_to(rows: Iterable[dict[str, Any]], now: datetime | None = None) -> None:
    """Give every open row of some lists its chip, all with one statement; "" for what nothing is promised about."""
    moment = now or timezone.now()
    open_rows = [row for row in rows if row["state_category"] in ("new", "active", "waiting")]
    found = clocks.standings([row["id"] for row in open_rows], moment, ["sla"])
    for row in open_rows:
        one = clocks.next_due(found.get(row["id"], []))
        row["clock"] = "" if one is None else tag_of(one, moment)


def pane(row: dict[str, Any], carried: str) -> dict[str, Any]:
    """The clocks beside a ticket: those of the customer, that of the team that has it, and that of its supplier."""
    now = timezone.now()
    found = clocks.standings([row["id"]], now).get(row["id"], [])
    shown = [one for one in found if one.kind != "ola" or not one.holder or one.holder == str(row["team_id"] or "")]
    base = f"/incidents/{row['number']}/clocks"
    return {
        "clocks": [_line(one, now, row, base, carried) for one in sorted(shown, key=_order) if one.look != "cancelled"],
        "clocks_agreement": _agreement(shown),
        "clocks_url": f"{base}{carried}",
    }


_KINDS = ("sla", "ola", "uc")
_METRICS = ("response", "assignment", "update", "resolution", "fulfilment", "approval", "handling", "acceptance")


def _order(one: clocks.Standing) -> tuple[int, int, str]:
    place = _METRICS.index(one.metric) if one.metric in _METRICS else len(_METRICS)
    return _KINDS.index(one.kind), place, one.metric


def _agreement(shown: Sequence[clocks.Standing]) -> str:
    """The agreement with the customer, for the head of the pane."""
    for one in shown:
        if one.kind == "sla" and (target := agreements.promised(one.target_id)) is not None:
            return str(target.agreement_name)
    return ""


def _line(one: clocks.Standing, now: datetime, row: dict[str, Any], base: str, carried: str) -> dict[str, Any]:
    look = one.look
    sep = "&" if carried else "?"
    return {
        "id": one.id,
        "label": label(one, row["team_name"] or ""),
        "due": clock_words.due_words(one.due_at, look),
        "tag": tag_of(one, now),
        "bar": clock_words.LOOKS[look][1] if look not in ("met", "missed", "paused") else None,
        "percent": min(100, max(0, one.percent)),
        "used": _("%(percent)s %% of the time for “%(metric)s” is used up")
        % {"percent": one.percent, "metric": agreements.metric_called(one.metric)},
        "why": clock_words.stood_still(one.reasons) if look == "paused" else "",
        "since": one.paused_since if look == "paused" else None,
        "informs": one.informational,
        "url": f"{base}{carried}{sep}clock={one.id}",
    }


def label(one: clocks.Standing, team: str) -> str:
    """What a clock is called: the metric, and for OLA and UC whose promise it is."""
    target = agreements.promised(one.target_id)
    name = agreements.metric_called(one.metric)
    if one.kind == "ola":
        return _("OLA %(team)s") % {"team": team} if team else _("OLA: %(metric)s") % {"metric": name}
    if one.kind == "uc":
        supplier = target.supplier if target else ""
        return supplier or name
    return name


def moment(at: datetime | None) -> str:
    """A moment with its time of day."""
    return moments.short(at, with_time=True) if at is not None else "–"
