"""What a requester may ask of the desk on their own request besides writing: news, a call, and how the help was."""

from __future__ import annotations

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents

from .forms import CallForm, RatingForm
from .my_request import own

#: One reminder a day: more would not make anybody quicker.
REMIND_AGAIN_SECONDS = 20 * 3600


@require_POST
@signed_in
def remind(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for news, once a day."""
    actor = actor_of(request)
    row, _followers = own(actor, number)
    key = f"portal:reminded:{row['id']}:{actor.person_id}"
    if not cache.add(key, 1, REMIND_AGAIN_SECONDS):
        messages.info(request, _("You have reminded us today already. Call us if it is urgent."))
        return _back(row["number"])
    words = _("Is there any news?")
    try:
        incidents.act(actor, "comment", row["number"], {"body": words, "visibility": "public"})
    except Refusal as no:
        cache.delete(key)
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("We have reminded those who work on it."))
    return _back(row["number"])


@require_POST
@signed_in
def call_me(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a call."""
    actor = actor_of(request)
    row, _followers = own(actor, number)
    form = CallForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(fault) for fault in form.errors["phone"]))
        return _back(row["number"])
    words = _("Call me back on %(phone)s.") % {"phone": form.cleaned_data["phone"]}
    try:
        incidents.act(actor, "comment", row["number"], {"body": words, "visibility": "public"})
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("We call you back."))
    return _back(row["number"])


@require_POST
@signed_in
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """How the help was."""
    actor = actor_of(request)
    row, _followers = own(actor, number)
    form = RatingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the five."))
        return _back(row["number"])
    try:
        communications.rate(actor, row["number"], form.cleaned_data)
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Thank you. Your words go to the lead of those who helped."))
    return _back(row["number"])


def _back(number: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:request", args=[number]))
