"""The pages behind the links in mails. Looking never acts: programs that check mails open every address in them.

One press answers; nothing is shown but the number and the title that the mail itself carried (security.md).
"""

from __future__ import annotations

from typing import Any

from allauth.core.internal.ratelimit import consume
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.contact import contact
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents

from .forms import RatingForm
from .signed_links import Opened, open_link

LONGEST_TOKEN = 300
#: Presses from one address a minute, and on one link an hour.
LIMITS = {"answer_link": "30/m/ip,10/h/key"}


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str, purpose: str) -> HttpResponse:
    """The page of a link; a POST answers."""
    found = open_link(purpose, token) if len(token) <= LONGEST_TOKEN else None
    if found is None:
        return _page(request, {"ended": True}, status=410)
    if request.method != "POST":
        return _asked(request, found, purpose)
    if consume(request, app="portal", action="answer_link", config=LIMITS, key=token) is None:
        answered = _page(request, {"row": found.row, "too_many": True}, status=429)
        answered["Retry-After"] = "60"
        return answered
    # A rating without stars comes with its words all the same: it is told what is missing, and keeps them.
    if purpose == "works" and not request.POST.keys().isdisjoint(RatingForm.base_fields):
        return _rate(request, found)
    if not found.open_question:
        return _asked(request, found, purpose)
    return _works(request, found) if purpose == "works" else _broken(request, found)


def _works(request: HttpRequest, found: Opened) -> HttpResponse:
    try:
        incidents.act(found.actor, "close", found.row["number"])
    except Refusal as no:
        return _page(request, {"row": found.row, "refused": no.sentence}, status=no.status)
    return _page(request, {"row": found.row, "done": _("Closed. Thank you for telling us."), "rating": _rating()})


def _broken(request: HttpRequest, found: Opened) -> HttpResponse:
    words = " ".join(request.POST.get("reason", "").replace("\x00", "").split())[:5000]
    try:
        reason = words or _("It is still broken.")
        incidents.act(found.actor, "reopen", found.row["number"], {"reason": reason})
    except Refusal as no:
        return _page(request, {"row": found.row, "refused": no.sentence}, status=no.status)
    return _page(request, {"row": found.row, "done": _("Open again. We look at it once more.")})


def _rate(request: HttpRequest, found: Opened) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _page(request, {"row": found.row, "rating": form}, status=422)
    try:
        communications.rate(found.actor, found.row["number"], form.cleaned_data)
    except Refusal as no:
        return _page(request, {"row": found.row, "refused": no.sentence}, status=no.status)
    return _page(request, {"row": found.row, "done": _("Thank you. Your words go to the lead of those who helped.")})


def _asked(request: HttpRequest, found: Opened, purpose: str) -> HttpResponse:
    return _page(request, {"row": found.row, "purpose": purpose, "answered": not found.open_question})


def _rating() -> RatingForm:
    return RatingForm(auto_id="rating-%s")


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shown = {name: context["row"][name] for name in ("number", "title")} if "row" in context else None
    organisation = context["row"]["organisation_id"] if "row" in context else None
    told = {**context, "row": shown, "contact": contact(organisation)}
    return render(request, "portal/answer.html", told, status=status)
