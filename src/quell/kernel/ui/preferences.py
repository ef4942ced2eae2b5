"""Theme, density, shortcuts, live updates and language of this browser, in a cookie so that anonymous pages obey too.

A language is chosen once: for whoever is signed in it goes into the profile, and holds on every device and in mails.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from quell.kernel.actions.directory.profile import choose_language
from quell.kernel.ui.context import COOKIE_AGE, DENSITIES, THEMES
from quell.kernel.ui.signed_in import actor_of

KINDS = {"theme": THEMES, "density": DENSITIES, "shortcuts": ("on", "off"), "live": ("off",)}
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def back_to(request: HttpRequest) -> str:
    """Where a form came from, if that is a place of this very site; else the front page."""
    target = request.POST.get("next", "")
    known = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if known and "\x00" not in target else "/"


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen and go back; an unknown value ("auto") returns to the system's own."""
    target = back_to(request)
    answer: HttpResponse
    answer = HttpResponse(status=204) if request.headers.get("X-Quick") else HttpResponseRedirect(target)
    if request.POST.get("language") in LANGUAGES and request.user.is_authenticated:
        choose_language(actor_of(request), request.POST["language"])
    for name, allowed in {**KINDS, "language": LANGUAGES}.items():
        if name not in request.POST:
            continue
        value = request.POST[name]
        if value in allowed:
            answer.set_cookie(name, value, max_age=COOKIE_AGE, samesite="Lax", secure=request.is_secure())
        else:
            answer.delete_cookie(name, samesite="Lax")
    return answer
