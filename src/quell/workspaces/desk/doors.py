"""Who enters the desk: people with a role over other people's records. Everybody else has the portal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from quell.kernel.ui.signed_in import actor_of, signed_in

View = Callable[..., HttpResponse]


def agents(view: View) -> View:
    """Only for agents; other people are sent to the portal (to the request itself where one is named, as in
    mails), visitors to the sign-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actor_of(request).is_agent:
            number = kwargs.get("number")
            return redirect("portal:request", number) if number else redirect("portal:home")
        return view(request, *args, **kwargs)

    return signed_in(guarded)
