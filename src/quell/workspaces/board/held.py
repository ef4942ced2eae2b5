"""Who held the clocks of a report: the figures and the tickets behind each (capability SL09)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.actions.run import state_label
from quell.kernel.config.refusal import Invalid
from quell.kernel.ui.signed_in import actor_of
from quell.practices.agreements import facade as agreements
from quell.practices.clocks import facade

from . import shown
from .doors import address, given, managers, page
from .reports import frame, narrowed

HERE, TICKETS = "/reports/held", "/reports/held/tickets"
#: What is added up unless somebody asks for more: the time of each ticket once.
USUAL = {"kind": "sla", "metric": "resolution", "figure": "counted"}
EVERY = "every"


def asked_here(actor: Actor, words: dict[str, str], now: datetime) -> tuple[facade.Asked, facade.Sought, str]:
    """What a page, or a file, is about: which clocks, and by whom their time is divided; raises Invalid."""
    words = {**words}
    if not words.get("key") and "metric" not in words:
        words = {**words, "metric": USUAL["metric"], "kind": words.get("kind", USUAL["kind"])}
    if words.get("metric") == EVERY:
        words["metric"] = ""
    asked = facade.asked_of(actor, words, now)
    sought = facade.Sought(words.get("key", ""), facade.known_figure(words.get("figure") or USUAL["figure"]))
    return asked, sought, facade.known_holder(words.get("by") or facade.HOLDERS[0])


def address_of(asked: facade.Asked, sought: facade.Sought, by: str) -> dict[str, str]:
    """All of it as in an address."""
    figure = "" if sought.figure == USUAL["figure"] else sought.figure
    return {**asked.parameters, "metric": asked.metric or EVERY, "key": sought.key, "figure": figure, "by": by}


def holder_words() -> dict[str, str]:
    """Each kind of holder."""
    return {"team": _("Team"), "person": _("Person"), "state": _("State"), "supplier": _("Supplier")}


def called(by: str, name: str, key: str) -> str:
    """A holder in words."""
    return state_label(key) if by == "state" and key == name else name


@require_safe
@managers
def held(request: HttpRequest) -> HttpResponse:
    """The time of the clocks, by team, person, state or supplier."""
    actor, now = actor_of(request), datetime.now(UTC)
    fault, found = "", None
    words = given(request)
    try:
        asked, sought, by = asked_here(actor, words, now)
        found = facade.held(actor, asked, sought, by, now)
    except Invalid as no:
        fault = no.errors[0].message if no.errors else no.sentence
        if found is None and no.errors and no.errors[0].field != "period":
            words = {}
        asked, sought, by = _as_far_as_meant(actor, words, now)
    same = address_of(asked, sought, by)
    rows = [_row(one, by, same) for one in found.rows] if found is not None else []
    context = {
        **frame(asked, HERE, now),
        **_chosen(asked, sought, same),
        "fault": fault,
        "asked": asked,
        "by": by,
        "bys": [
            {"label": label, "url": address(HERE, {**same, "by": code}), "current": code == by}
            for code, label in holder_words().items()
        ],
        "heading": holder_words()[by],
        "rows": rows,
        "total": _row(found.total, by, same) if found is not None else None,
        "clocks": found.clocks if found is not None else 0,
        "measures": _measures(actor, asked),
        "exports": {one: address("/reports/held/export", {**same, "format": one}) for one in ("csv", "xlsx")},
    }
    return page(request, "held", context, status=422 if fault else 200)


def _as_far_as_meant(actor: Actor, words: dict[str, str], now: datetime) -> tuple[facade.Asked, facade.Sought, str]:
    """The same where it could not be answered; what cannot even be read is left out."""
    try:
        return asked_here(actor, words, now)
    except Invalid:
        return asked_here(actor, {}, now)


def _row(one: facade.Share, by: str, same: dict[str, str]) -> dict[str, Any]:
    return {
        "name": called(by, one.name, one.key),
        "share": shown.percent(one.share),
        "filled": one.share or 0,
        "counted": agreements.span_word(one.counted),
        "paused": agreements.span_word(one.paused) if one.paused else "–",
        "median": agreements.span_word(one.median),
        "tickets": one.tickets,
        "url": address(TICKETS, {**same, "holder": one.key}),
    }


def _chosen(asked: facade.Asked, sought: facade.Sought, same: dict[str, str]) -> dict[str, Any]:
    """What the clocks are narrowed to beside the filters of every report: a figure, a line of it, a target."""
    chips = [(name, label, text) for name, label, text in narrowed(asked) if name != "metric"]
    if sought.figure != USUAL["figure"]:
        chips.append(("figure", _("Only"), shown.figure_words()[sought.figure]))
    if sought.key:
        named = facade.group_names(asked.group, [sought.key], asked.period).get(sought.key)
        chips.append(("key", _("Line"), named.name if named else sought.key))
    chosen_here = ("period", "basis", "kind", "metric")
    return {
        "chips": [
            {"label": label, "text": text, "off": address(HERE, {**same, name: ""})} for name, label, text in chips
        ],
        "kept": {name: text for name, text in same.items() if text and name not in chosen_here},
        "earlier": address(HERE, {**same, "period": asked.period.next(-1).text}),
        "later": address(HERE, {**same, "period": asked.period.next().text}),
        "here": address(HERE, same),
    }


def _measures(actor: Actor, asked: facade.Asked) -> list[dict[str, Any]]:
    known = {one["code"]: agreements.metric_name(one["code"], one["name"]) for one in agreements.metrics(actor)}
    if asked.metric:
        known.setdefault(asked.metric, agreements.metric_called(asked.metric))
    found = [{"value": code, "label": label, "current": code == asked.metric} for code, label in known.items()]
    return [*found, {"value": EVERY, "label": _("All measures together"), "current": not asked.metric}]


@require_safe
@managers
def tickets(request: HttpRequest) -> HttpResponse:
    """Exactly the tickets behind a line, those it held longest first."""
    actor, now = actor_of(request), datetime.now(UTC)
    words = given(request)
    asked, sought, by = asked_here(actor, words, now)
    holder = words.get("holder", "")
    cursor = words.get("cursor", "")
    after = int(cursor) if cursor.isdecimal() and len(cursor) < 9 else 0
    count, found = facade.held_tickets(actor, asked, sought, by, holder, now, limit=facade.PAGE, after=after)
    same = address_of(asked, sought, by)
    row = next((one for one in facade.held(actor, asked, sought, by, now).rows if one.key == holder), None)
    context = {
        **frame(asked, HERE, now),
        **_chosen(asked, sought, same),
        "trail": [{"label": _("Who held it"), "url": address(HERE, same)}, {"label": _("Tickets"), "url": ""}],
        "title": called(by, row.name, row.key) if row else _("All together"),
        "count_words": ngettext("%(num)s ticket makes up this line.", "%(num)s tickets make up this line.", count)
        % {"num": count},
        "rows": [_ticket(one) for one in found],
        "next": str(after + facade.PAGE) if after + facade.PAGE < count else "",
        "first": not after,
        "exports": {
            one: address("/reports/held/tickets/export", {**same, "holder": holder, "format": one})
            for one in ("csv", "xlsx")
        },
    }
    return page(request, "held_tickets", context)


def _ticket(one: facade.Ticket) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "url": shown.record_url(one.record_kind, one.number),
        "clocks": f"{shown.record_url(one.record_kind, one.number)}/clocks",
        "state": state_label(one.state),
        "counted": agreements.span_word(one.counted),
        "paused": agreements.span_word(one.paused) if one.paused else "–",
    }
