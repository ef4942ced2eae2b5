"""The requesters' inbox: what happened to their requests, and news of what they said “me too” to."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quell.kernel.notify import inbox as lines
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.communications import facade as communications

from .frame import page
from .notices import from_shown

ICONS = {"requester": "message", "watching": "eye", "mentioned": "at"}
LARGEST_ID = 2**63 - 1


@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """Lines newest first; `before` pages on. News of announcements stands above the first page."""
    actor = actor_of(request)
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
    found, following = lines.page(actor.person_id or 0, before=before)
    context: dict[str, Any] = {
        "lines": [{"line": line, "icon": ICONS.get(line.reason, "bell")} for line in found],
        "following": following,
        "news": [] if before else [from_shown(one) for one in communications.joined(actor)],
        "first": before is None,
    }
    return page(request, "portal/inbox.html", context)


@require_POST
@signed_in
def read(request: HttpRequest, line: int) -> HttpResponse:
    """Mark a line as read and open the request."""
    number = lines.mark_read(actor_of(request).person_id or 0, line) if line <= LARGEST_ID else None
    if number is None:
        raise Http404
    return HttpResponseRedirect(reverse("portal:request", args=[number]))


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actor = actor_of(request)
    lines.mark_all_read(actor.person_id or 0)
    communications.mark_seen(actor.person_id or 0)
    return HttpResponseRedirect(reverse("portal:inbox"))
