"""What was promised and kept: the figures of a period, and the clocks behind each (domain.md 5.8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid
from quell.kernel.ui.signed_in import actor_of
from quell.practices.agreements import facade as agreements
from quell.practices.clocks import facade

from . import shown
from .doors import address, given, managers, page

HERE = "/reports"
#: Months of the picture.
MONTHS = 12


@require_safe
@managers
def attainment(request: HttpRequest) -> HttpResponse:
    """The figures, beside those of the period before, the months, and what broke promises."""
    actor, now = actor_of(request), datetime.now(UTC)
    fault, asked = "", facade.asked_of(actor, {}, now)
    try:
        asked = facade.asked_of(actor, given(request), now)
    except Invalid as no:
        fault = no.errors[0].message if no.errors else no.sentence
    found = facade.report(actor, asked, now)
    before = facade.report(actor, replace(asked, period=asked.period.next(-1), group="none"), now).total
    total = found.total
    context = {
        "fault": fault,
        "asked": asked,
        "total": shown.row(total, asked),
        "rows": [shown.row(one, asked) for one in found.rows],
        "mean": shown.percent(found.mean) if len(found.rows) > 1 else "",
        "change": change(total, before),
        "trend": months(actor, asked, now),
        "causes": shown.causes(facade.report(actor, replace(asked, group="cause"), now)),
        "uncoded": {"count": total.uncoded, "url": shown.to_clocks(asked, "uncoded")},
        "promised": total.decided + total.open_within + total.open_breached + total.excluded > 0,
        "agreed": bool(agreements.promised_within(actor)),
        **frame(asked, HERE, now),
        "tabs": tabs(HERE, facade.exclusions_waiting(actor)),
    }
    return page(request, "attainment", context, status=422 if fault else 200)


def months(actor: Actor, asked: facade.Asked, now: datetime) -> dict[str, Any]:
    """The last twelve months up to the period, as a picture."""
    year = replace(asked, group="month", period=facade.months_until(asked.period, MONTHS))
    return shown.trend(facade.report(actor, year, now), asked)


def change(now: facade.Figures, before: facade.Figures) -> dict[str, Any] | None:
    """How attainment moved against the period before, in points."""
    if now.attainment is None or before.attainment is None:
        return None
    points = round(now.attainment - before.attainment, 2)
    return {"points": _signed(points), "better": points > 0, "worse": points < 0, "before": before.attainment}


def _signed(points: float) -> str:
    """ "+0.72" or "−0.89", as numbers are written in the reader's language."""
    sign = "+" if points > 0 else "−" if points < 0 else "±"
    return sign + str(number_format(abs(points), 2))


def frame(asked: facade.Asked, path: str, now: datetime) -> dict[str, Any]:
    """What all pages with a period show: the choices, the way back and on, what it is narrowed to."""
    same = asked.parameters
    return {
        "tabs": tabs(path),
        "period_words": shown.period_words(asked.period),
        "periods": _periods(asked, now),
        "earlier": address(path, {**same, "period": asked.period.next(-1).text}),
        "later": address(path, {**same, "period": asked.period.next().text}),
        "groups": group_words(),
        "chips": [
            {"label": label, "text": text, "off": address(path, {**same, name: ""})}
            for name, label, text in narrowed(asked)
        ],
        "kept": {name: text for name, text in same.items() if name not in ("period", "group", "basis", "kind")},
        "here": address(path, same),
        "exports": {one: address("/reports/export", {**same, "format": one}) for one in ("csv", "xlsx")},
    }


def narrowed(asked: facade.Asked) -> list[tuple[str, str, str]]:
    """What a report is narrowed to, besides the kind of agreement: the filter, what it is called, what it says."""
    labels = {
        "metric": _("Measure"),
        "agreement": _("Agreement"),
        "service": _("Service"),
        "team": _("Team"),
        "organisation": _("Customer"),
        "target": _("Target"),
        "priority": _("Priority"),
    }
    words = asked.filters
    if asked.target and (named := facade.group_names("target", [asked.target]).get(asked.target)):
        words["target"] = named.name
    return [(name, label, words[name]) for name, label in labels.items() if name in words]


def tabs(path: str, waiting: int = 0) -> list[dict[str, Any]]:
    """The pages of the reports; `waiting`: how many exclusions the reader is to decide about."""
    pages = {
        HERE: _("Promised and kept"),
        "/reports/held": _("Who held it"),
        "/reports/forecast": _("What will be late"),
        "/reports/exclusions": _("Left out"),
    }
    return [
        {"url": url, "label": label, "current": url == path, "count": waiting if url.endswith("exclusions") else 0}
        for url, label in pages.items()
    ]


def _periods(asked: facade.Asked, now: datetime) -> list[dict[str, Any]]:
    zone = asked.period.zone
    month, quarter, year = (facade.period_of(kind, now, zone) for kind in ("month", "quarter", "year"))
    offered = [month, *(month.next(-n) for n in range(1, 4)), quarter, quarter.next(-1), year, year.next(-1)]
    if asked.period not in offered:
        offered.insert(0, asked.period)
    return [{"value": one.text, "label": shown.period_words(one), "current": one == asked.period} for one in offered]


def group_words() -> dict[str, str]:
    """What the table can be grouped by."""
    return {
        "target": _("Target"),
        "metric": _("Measure"),
        "agreement": _("Agreement"),
        "service": _("Service"),
        "team": _("Team"),
        "organisation": _("Customer"),
        "priority": _("Priority"),
        "month": _("Month"),
    }


@require_safe
@managers
def clocks(request: HttpRequest) -> HttpResponse:
    """Exactly the clocks that a figure counts, the latest first."""
    actor, now = actor_of(request), datetime.now(UTC)
    words = given(request)
    asked = facade.asked_of(actor, words, now)
    sought = facade.Sought(words.get("key", ""), facade.known_figure(words.get("figure") or "all"))
    found = facade.lines_behind(actor, asked, sought, now, after=facade.read_place(words.get("cursor", "")))
    rows, more = found[: facade.PAGE], len(found) > facade.PAGE
    named = facade.group_names(asked.group, [sought.key], asked.period) if sought.key else {}
    name = named.get(sought.key)
    same = {**asked.parameters, "key": sought.key, "figure": sought.figure}
    context = {
        "trail": [{"label": _("Reports"), "url": address(HERE, asked.parameters)}, {"label": _("Clocks"), "url": ""}],
        "title": shown.figure_words()[sought.figure],
        "of": " · ".join(part for part in (name.name, name.detail) if part) if name else "",
        "count": facade.count_behind(actor, asked, sought, now),
        "rows": [shown.clock(one) for one in rows],
        "next": facade.write_place(rows[-1]) if more else "",
        "first": not words.get("cursor"),
        "exports_clocks": {one: address("/reports/clocks/export", {**same, "format": one}) for one in ("csv", "xlsx")},
        "held_url": address("/reports/held", {**same, "metric": asked.metric or "every"}),
        "asked": asked,
        **frame(asked, HERE, now),
    }
    return page(request, "clocks", context)
