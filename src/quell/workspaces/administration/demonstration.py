"""The demonstration: what of it is here, and taking it out with one button."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions import demonstration as acts
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of

from .doors import door, page


@require_http_methods(["GET", "HEAD", "POST"])
@door(PEOPLE_MANAGE, whole_instance=True)
def demonstration(request: HttpRequest) -> HttpResponse:
    """What would go, and the button; a POST takes it out in the background."""
    refused, status = "", 200
    if request.method == "POST":
        try:
            acts.let_go(actor_of(request), request.POST.get("word", "").replace("\x00", "")[:100])
        except Refusal as no:
            refused, status = no.sentence, no.status
        else:
            return HttpResponseRedirect(reverse("administration:demonstration"))
    known = acts.demonstration()
    context: dict[str, Any] = {
        **_progress(),
        "known": known,
        "size": known.size() if known else None,
        "obstacle": known.obstacle(actor_of(request)) if known else "",
        "refused": refused,
        "trail": [{"label": _("Demonstration"), "url": ""}],
    }
    return page(request, "demonstration", context, status=status)


@require_safe
@door(PEOPLE_MANAGE, whole_instance=True)
def progress(request: HttpRequest) -> HttpResponse:
    """How far it is, for the page that asks every second."""
    return render(request, "administration/demonstration_progress.html", _progress())


def _progress() -> dict[str, Any]:
    return {"leaving": acts.leaving(), "here": acts.demonstration() is not None}
