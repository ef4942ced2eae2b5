"""Theme, density, shortcuts and live updates of this browser, kept in a cookie so that anonymous pages obey too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from quell.kernel.ui.context import COOKIE_AGE, DENSITIES, THEMES

KINDS = {"theme": THEMES, "density": DENSITIES, "shortcuts": ("on", "off"), "live": ("off",)}


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen and go back; an unknown value ("auto") returns to the system's own."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    answer: HttpResponse
    answer = HttpResponse(status=204) if request.headers.get("X-Quick") else HttpResponseRedirect(target)
    for name, allowed in KINDS.items():
        if name not in request.POST:
            continue
        value = request.POST[name]
        if value in allowed:
            answer.set_cookie(name, value, max_age=COOKIE_AGE, samesite="Lax", secure=request.is_secure())
        else:
            answer.delete_cookie(name, samesite="Lax")
    return answer
