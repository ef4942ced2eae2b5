"""The portal's start page and its search (ux.md 2.2)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.ui import tours
from quell.kernel.ui.contact import contact
from quell.kernel.ui.errors import is_partial
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents

from .expected import usual_answer
from .frame import page
from .notices import MOST as NOTICES
from .notices import light, notice, speaks_of
from .promises import of_rows
from .tour import REQUESTER
from .words import first_name, summary

SHOWN = 5
#: Lights on the start page; all that are hurt stand there anyway.
LIGHTS = 5
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
    promised = of_rows(found.rows)
    rows = [summary(row, promised.get(row["id"], "")) for row in found.rows]
    context = {
        "tour": tours.tour(request, REQUESTER),
        "greeting": _greeting(actor),
        "requests": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "total": f"{len(rows)}+" if found.next_cursor else str(len(rows)),
        "waiting": [row for row in rows if row.waiting],
        **_around(actor),
    }
    return page(request, "portal/home.html", context)


def _around(actor: Actor) -> dict[str, Any]:
    """What is known to be broken, how the services are, how to reach the desk and how soon it answers."""
    showing = communications.showing(actor)
    lights = [light(one) for one in communications.health(actor, showing)]
    hurt = sum(one.health != "works" for one in lights)
    reached = contact(actor.organisation_id)
    return {
        "notices": [notice(row) for row in showing[:NOTICES]],
        "more_notices": len(showing) > NOTICES,
        "lights": lights[: max(hurt, LIGHTS)],
        "hurt": hurt,
        "contact": reached,
        "usual": usual_answer(actor.organisation_id, reached),
    }


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
    """What is known to be broken, services, one's own requests that match, and always last the way to report it."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    actor = actor_of(request)
    context: dict[str, Any] = {"q": text, "short": len(text) < SHORTEST, **_found(actor, text)}
    if is_partial(request):
        return render(request, "portal/found.html", context)
    return page(request, "portal/search.html", context)


def _found(actor: Actor, text: str) -> dict[str, Any]:
    """By group, with `count` of all together."""
    if len(text) < SHORTEST:
        return {"outages": [], "services": [], "found": [], "count": 0}
    showing = communications.showing(actor)
    outages = [one for one in map(notice, showing) if one.shown.can_join and speaks_of(one, text)]
    words = text.casefold().split()
    lights = [light(one) for one in communications.health(actor, showing)]
    services = [one for one in lights if any(word in one.name.casefold() for word in words)][:FOUND]
    asked = incidents.wanted(actor, {"mine": "true", "q": text}, default_limit=FOUND)
    found = [summary(row) for row in incidents.page(actor, asked).rows]
    count = len(outages) + len(services) + len(found)
    return {"outages": outages, "services": services, "found": found, "count": count}
