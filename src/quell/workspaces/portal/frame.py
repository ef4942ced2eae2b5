"""What every page of the portal shows around its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from quell.kernel.ui.navigation import Item
from quell.kernel.ui.signed_in import actor_of


def _links(request: HttpRequest) -> list[Item]:
    """Only what exists, and for agents the way back to their desk."""
    home, requests = reverse("portal:home"), reverse("portal:requests")
    links = [
        Item(_("Home"), home, "home", current=request.path == home),
        Item(_("My requests"), requests, "clipboard-list", current=request.path.startswith(requests)),
    ]
    if actor_of(request).is_agent:
        links.append(Item(_("Agent desk"), "/", "headset", current=False))
    return links


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of the portal: `template` inside the frame."""
    around = {
        "portal_nav": _links(request),
        "home_url": reverse("portal:home"),
        "profile_url": reverse("portal:profile"),
    }
    return render(request, template, {**around, **(context or {})}, status=status)
