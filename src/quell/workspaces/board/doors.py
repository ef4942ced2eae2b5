"""Who enters the board, and the frame of its pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quell.kernel.notify import inbox
from quell.kernel.ui.signed_in import actor_of, signed_in

View = Callable[..., HttpResponse]


def managers(view: View) -> View:
    """Only for people with a role over other people's records; everybody else is sent to the portal."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actor_of(request).is_agent:
            return redirect("portal:home")
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def given(request: HttpRequest) -> dict[str, str]:
    """The parameters of the address, each once, tidied. Days from and to stand for the period."""
    found = {name: " ".join(request.GET.get(name, "").split())[:100] for name in request.GET}
    first, last = found.pop("from", ""), found.pop("to", "")
    if first and last:
        found["period"] = f"{first}..{last}"
    return found


def address(path: str, parameters: Mapping[str, Any]) -> str:
    """A path with parameters, without those that are empty."""
    return f"{path}?{urlencode({name: value for name, value in parameters.items() if value not in ('', None)})}"


def page(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the board."""
    told = {"inbox_count": inbox.unread(actor_of(request).person_id or 0) or ""}
    return render(request, f"board/{template}.html", {**context, **told}, status=status)
