"""Who is looking at a page: the actor of a request, and the doors that only some may pass."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.sessions import actor_of_page
from quell.kernel.config.refusal import Forbidden, NotSignedIn

View = Callable[..., HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind this request, resolved once; raises NotSignedIn for a visitor."""
    known = getattr(request, "_quell_actor", None)
    if known is None:
        known = actor_of_page(request)
        if known is None:
            raise NotSignedIn(_("Sign in first."))
        request._quell_actor = known  # type: ignore[attr-defined]
    return known


def signed_in(view: View) -> View:
    """Only for people who are signed in; visitors are sent to the sign-in page and come back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in(request)
        actor_of(request)
        return view(request, *args, **kwargs)

    return guarded


def needs(capability: str) -> Callable[[View], View]:
    """Only for people who hold a capability somewhere."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in(request)
            if not actor_of(request).can(capability):
                raise Forbidden(_("Your role does not include this page."))
            return view(request, *args, **kwargs)

        return guarded

    return guard


def _sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a partial request reloads the whole page there, its drafts stay in the browser."""
    answer = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request") == "true":
        partial = HttpResponse(status=401)
        partial["HX-Redirect"] = answer["Location"]
        return partial
    return answer
