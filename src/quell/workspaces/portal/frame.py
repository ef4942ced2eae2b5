"""What every page of the portal shows around its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from quell.kernel.notify import inbox
from quell.kernel.ui.navigation import Item
from quell.kernel.ui.signed_in import actor_of
from quell.practices.communications import facade as communications


def _links(request: HttpRequest) -> list[Item]:
    """Only what exists, and for agents the way back to their desk."""
    home, requests, health = reverse("portal:home"), reverse("portal:requests"), reverse("portal:health")
    links = [
        Item(_("Home"), home, "home", current=request.path == home),
        Item(_("My requests"), requests, "clipboard-list", current=request.path.startswith(requests)),
        Item(_("Service health"), health, "activity", current=request.path == health),
    ]
    if actor_of(request).is_agent:
        links.append(Item(_("Agent desk"), "/", "headset", current=False))
    return links


def _unread(person_id: int) -> int | str:
    """The number at the bell: lines and news not read yet."""
    count = inbox.unread(person_id) + communications.unseen(person_id)
    return "99+" if count >= inbox.COUNTED else count


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of the portal: `template` inside the frame."""
    around = {
        "portal_nav": _links(request),
        "home_url": reverse("portal:home"),
        "profile_url": reverse("portal:profile"),
        "at_a_desk": actor_of(request).is_agent,
        "takes_work": bool(actor_of(request).scope("records.work")),
        "inbox_url": reverse("portal:inbox"),
        "inbox_count": _unread(actor_of(request).person_id or 0),
    }
    return render(request, template, {**around, **(context or {})}, status=status)
