"""By what this browser is known again as one of somebody's devices (kernel/notify/devices.py): a cookie of its own,
which outlives the session, so that signing out or somebody else's signing in can end what was turned on here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from quell.kernel.notify.devices import looks_like_mark, new_mark

NAME = "__Host-quell-device" if settings.BEHIND_TLS else f"quell-device-{settings.PORT}"
AGE = 400 * 24 * 3600  # browsers keep none for longer


def mark_of(request: HttpRequest) -> str:
    """The mark of this browser; empty when it has none."""
    mark = request.COOKIES.get(NAME, "")
    return mark if looks_like_mark(mark) else ""


def mark_for(request: HttpRequest) -> str:
    """The mark of this browser, a new one when it has none; to be left with it by `leave`."""
    return mark_of(request) or new_mark()


def leave(answer: HttpResponse, mark: str) -> None:
    """Let the browser keep its mark, from now on for as long as cookies live."""
    answer.set_cookie(NAME, mark, max_age=AGE, httponly=True, samesite="Lax", secure=settings.BEHIND_TLS, path="/")
