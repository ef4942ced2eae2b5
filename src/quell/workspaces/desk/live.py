"""What an open page asks for when it hears that something changed: its ticket, some of its rows, the counters.

The same context and the same macros draw these pieces and the pages, so what changes in place looks as if the page
had been loaded again.
"""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quell.kernel.config.refusal import Invalid
from quell.kernel.ui.errors import refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade

from . import clocks_shown, listing, narrowing, nav, panes, views
from .doors import agents

#: Numbers asked for at once; a page that hears of more loads anew.
MOST = 100


@require_safe
@agents
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """Head, conversation and side pane of an incident, to be morphed into the page. The composer stays as it is, with
    its text, and with the line its writer has seen last: what came since then holds a reply back
    until it has stood in sight of somebody who had not begun to write (composer.js)."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    if not row["internal"]:
        return refused(request, 404)
    return render(request, "desk/live_ticket.html", panes.gather(request, actor, row, fragment=True))


@require_safe
@agents
def rows(request: HttpRequest) -> HttpResponse:
    """Those of the incidents (`number`, repeated) that stand in the list of the address, drawn as its rows. What is
    left out does not belong to it, any more or at all."""
    actor = actor_of(request)
    numbers = tuple(dict.fromkeys(request.GET.getlist("number")))[:MOST]
    asked = listing.without_cursor(listing.given(request.GET))
    beside = bool(asked.pop("beside", ""))
    asked.pop("number", None)
    try:
        wanted = listing.wanted(actor, asked)
        here = narrowing.narrowed(actor, asked)
    except Invalid as fault:
        return refused(request, fault.status, fault.sentence)
    only = replace(wanted, filter=replace(wanted.filter, numbers=numbers or ("",)), cursor=None, limit=MOST)
    page = facade.page(actor, only)
    shown = listing.rows(page, listing.encoded(asked))
    clocks_shown.add_to(shown)
    context = {
        "rows": shown,
        "beside": beside,
        "layout": asked.get("layout") or (here.view.layout if here.view else ""),
        "columns": views.columns_of(asked, here),
        "sort": "",
    }
    return render(request, "desk/live_rows.html", context)


@require_safe
@agents
def counters(request: HttpRequest) -> HttpResponse:
    """The numbers of the navigation by address: what is shown, and whether it asks for attention."""
    actor = actor_of(request)
    nav.forget(actor)
    frame = nav.frame(request)
    links = [link for section in frame["nav"] for link in section["links"]]
    return JsonResponse({link["url"]: [link["count"], bool(link["hot"])] for link in links})
