"""Signing in of programs: `Authorization: Bearer TOKEN`, and nothing else. Cookies are not looked at, so there is no
request that a foreign page could forge."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from quell.kernel.access.actor import Actor, actor_for_token
from quell.kernel.config.refusal import NotSignedIn


class Bearer(HttpBearer):
    """Documents the scheme; the frame has found the actor before an operation runs."""

    def __call__(self, request: HttpRequest) -> Actor:
        return actor_of(request)

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Required by the framework; the frame authenticates."""
        return actor_of(request)


def sign_in(request: HttpRequest, request_id: str) -> Actor:
    """The actor behind the request's token; raises NotSignedIn."""
    scheme, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise NotSignedIn(_("Sign in with an API token: Authorization: Bearer TOKEN."))
    actor = actor_for_token(secret.strip(), request_id=request_id)
    if actor is None:
        raise NotSignedIn(_("This token is not valid, or not any more."))
    return actor


def actor_of(request: HttpRequest) -> Actor:
    """Who calls; known once the frame has let the request in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
