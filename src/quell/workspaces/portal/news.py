"""Announcements for requesters: one announcement, “me too”, putting it away; and the health of all services."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quell.kernel.config.refusal import NotFound, WrongState
from quell.kernel.ui.contact import contact
from quell.kernel.ui.errors import is_partial
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.communications import facade as communications

from .expected import usual_answer
from .frame import page
from .notices import counted_in, light, notice

#: The largest id the database knows; what is larger was made up.
LARGEST_ID = 2**63 - 1


@require_safe
@signed_in
def news(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """One announcement, whole. Whoever was counted in has read its news now."""
    actor = actor_of(request)
    shown = notice(communications.announcement(actor, _known(announcement_id)))
    if shown.shown.fresh and request.method == "GET":
        communications.mark_seen(actor.person_id or 0, announcement_id)
    return page(request, "portal/news.html", {"notice": shown})


@require_POST
@signed_in
def me_too(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Count the person in. In a form that is being filled in, only the notice changes."""
    actor = actor_of(request)
    communications.me_too(actor, _known(announcement_id))
    shown = notice(communications.announcement(actor, announcement_id))
    if is_partial(request):
        return render(request, "portal/known.html", {"notice": shown, "said": counted_in(shown.shown)})
    messages.success(request, counted_in(shown.shown))
    return HttpResponseRedirect(shown.url)


@require_POST
@signed_in
def not_me(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Take it back. What is over, and was readable only because of it, is gone then."""
    communications.not_me(actor_of(request), _known(announcement_id))
    messages.success(request, _("You are not counted any more and hear no more of it."))
    return HttpResponseRedirect(reverse("portal:home"))


@require_POST
@signed_in
def dismiss(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Put it away for oneself."""
    try:
        communications.dismiss(actor_of(request), _known(announcement_id))
    except WrongState as no:
        messages.error(request, no.sentence)
    return HttpResponseRedirect(reverse("portal:home"))


def _known(announcement_id: int) -> int:
    if announcement_id > LARGEST_ID:
        raise NotFound(_("There is nothing at this address, or it is not yours to see."))
    return announcement_id


@require_safe
@signed_in
def health(request: HttpRequest) -> HttpResponse:
    """Every service the person may see and how it is, and what was announced."""
    actor = actor_of(request)
    showing = communications.showing(actor)
    reached = contact(actor.organisation_id)
    context = {
        "lights": [light(one) for one in communications.health(actor, showing)],
        "notices": [notice(row) for row in showing],
        "contact": reached,
        "usual": usual_answer(actor.organisation_id, reached),
    }
    return page(request, "portal/health.html", context)


@require_POST
@signed_in
def follow(request: HttpRequest, code: str, follow: bool) -> HttpResponse:
    """Hear of a service, or no more."""
    (communications.follow if follow else communications.unfollow)(actor_of(request), code[:60])
    messages.success(
        request, _("You hear of this service from now on.") if follow else _("You hear no more of this service.")
    )
    return HttpResponseRedirect(reverse("portal:health"))
