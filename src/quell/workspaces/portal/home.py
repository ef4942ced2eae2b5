"""The portal's start page and its search (ux.md 2.2)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.ui.contact import contact
from quell.kernel.ui.errors import is_partial
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.incidents import facade as incidents

from .frame import page
from .words import first_name, summary

SHOWN = 5
READ = 30
FOUND = 8
SHORTEST = 2
LONGEST = 200


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What do you need? Reporting, searching, and where one's own requests stand."""
    actor = actor_of(request)
    asked = incidents.wanted(
        actor, {"mine": "true", "state": ",".join(incidents.UNFINISHED)}, default_sort="-updated_at", default_limit=READ
    )
    found = incidents.page(actor, asked)
    rows = [summary(row) for row in found.rows]
    context = {
        "greeting": _greeting(actor),
        "requests": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "total": f"{len(rows)}+" if found.next_cursor else str(len(rows)),
        "waiting": [row for row in rows if row.waiting],
        "contact": contact(),
    }
    return page(request, "portal/home.html", context)


def _greeting(actor: Actor) -> str:
    """Good morning, by the clock where the person is."""
    hour, name = timezone.localtime().hour, {"name": first_name(actor.name)}
    if 5 <= hour < 12:
        return _("Good morning, %(name)s. What do you need?") % name
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s. What do you need?") % name
    return _("Good evening, %(name)s. What do you need?") % name


@require_safe
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """One's own requests that match, and always last the way to report what was typed."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    context: dict[str, Any] = {"q": text, "found": _found(actor_of(request), text), "short": len(text) < SHORTEST}
    if is_partial(request):
        return render(request, "portal/found.html", context)
    return page(request, "portal/search.html", context)


def _found(actor: Actor, text: str) -> list[Any]:
    if len(text) < SHORTEST:
        return []
    asked = incidents.wanted(actor, {"mine": "true", "q": text}, default_limit=FOUND)
    return [summary(row) for row in incidents.page(actor, asked).rows]
