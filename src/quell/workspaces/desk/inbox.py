"""The inbox: what happened that concerns the reader, and why it does."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quell.kernel.config.refusal import Invalid
from quell.kernel.notify import inbox as lines
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.servicedesk import facade as servicedesk

from . import nav, wording

ICONS = {
    "requester": "user",
    "assigned": "user-check",
    "team": "users-group",
    "owner": "flag",
    "watching": "eye",
    "mentioned": "at",
    "escalated": "chevrons-up",
}


@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """Lines, newest first; `unread=1` shows only what is new, `before` pages on."""
    actor = actor_of(request)
    unread_only = request.GET.get("unread") == "1"
    found, following = lines.page(actor.person_id or 0, unread_only=unread_only, before=_before(request))
    shown = [
        {
            "id": line.id,
            "url": f"/incidents/{line.number}",
            "sentence": line.sentence,
            "reason": wording.REASONS.get(line.reason, line.reason),
            "icon": ICONS.get(line.reason, "bell"),
            "at": line.at,
            "unread": line.unread,
        }
        for line in found
    ]
    context: dict[str, Any] = {"lines": shown, "following": following, "unread_only": unread_only}
    if actor.is_agent:
        context["files"] = [one for one in servicedesk.exports(actor, 5) if one.state == "done"]
        return render(request, "desk/inbox.html", {**context, **nav.frame(request, "inbox")})
    return redirect("portal:home")


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise Invalid.field("before", _("This address is not complete. Begin again at the inbox."))
    return int(text)


@require_POST
@signed_in
def read(request: HttpRequest, line: int) -> HttpResponse:
    """Mark one line as read and open what it is about."""
    actor = actor_of(request)
    number = lines.mark_read(actor.person_id or 0, line)
    if number is None:
        raise Http404
    nav.forget(actor)
    return redirect("/inbox" if request.POST.get("stay") else f"/incidents/{number}")


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actor = actor_of(request)
    lines.mark_all_read(actor.person_id or 0)
    nav.forget(actor)
    return redirect("/inbox")
