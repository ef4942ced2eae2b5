"""The inbox: what happened that concerns the reader, why it does, and letting it go: done, or snoozed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.actions.directory import notices
from quell.kernel.config.refusal import Invalid, Refusal
from quell.kernel.notify import inbox as lines
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.servicedesk import facade as servicedesk

from . import nav, wording

ICONS = {
    "requester": "user",
    "assigned": "user-check",
    "team": "users-group",
    "queue": "inbox",
    "owner": "flag",
    "watching": "eye",
    "mentioned": "at",
    "escalated": "chevrons-up",
    "unassigned": "bell-ringing",
    "promise": "clock",
    "breach": "circle-x",
    "held": "player-pause",
    "reminder": "alarm",
}
SHELVES = {
    "open": gettext_lazy("Inbox"),
    "unread": gettext_lazy("Unread"),
    "snoozed": gettext_lazy("Snoozed"),
    "done": gettext_lazy("Done"),
}
LARGEST_ID = 2**63 - 1
MORNING = 8


@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """Lines of a shelf, newest first; `before` pages on."""
    actor = actor_of(request)
    if not actor.is_agent:
        return redirect("portal:inbox")
    asked = request.GET.get("shelf", "unread" if request.GET.get("unread") == "1" else "open")
    shelf = asked if asked in SHELVES else "open"
    found, following = lines.page(actor.person_id or 0, shelf=shelf, before=_before(request))
    shown = [
        {
            "id": line.id,
            "url": f"/incidents/{line.number}",
            "sentence": line.sentence,
            "reason": wording.REASONS.get(line.reason, line.reason),
            "icon": ICONS.get(line.reason, "bell"),
            "at": line.at,
            "unread": line.unread,
            "until": line.snoozed_until,
        }
        for line in found
    ]
    tabs = [{"code": code, "label": label, "current": code == shelf} for code, label in SHELVES.items()]
    context: dict[str, Any] = {"lines": shown, "following": following, "shelf": shelf, "shelves": tabs}
    if shelf == "open" and "before" not in request.GET:
        context["files"] = [one for one in servicedesk.exports(actor, 5) if one.state == "done"]
    return render(request, "desk/inbox.html", {**context, **nav.frame(request, "inbox")})


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
    number = lines.mark_read(actor.person_id or 0, line) if line <= LARGEST_ID else None
    if number is None:
        raise Http404
    nav.forget(actor)
    return redirect("/inbox" if request.POST.get("stay") else f"/incidents/{number}")


@require_POST
@signed_in
def done(request: HttpRequest, line: int) -> HttpResponse:
    """Put one line away; `back` takes it out again."""
    actor = actor_of(request)
    _own(request, line)
    if request.POST.get("back"):
        lines.bring_back(actor.person_id or 0, line)
    else:
        lines.mark_done(actor.person_id or 0, line)
    nav.forget(actor)
    return redirect(_home(request))


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read; with `done`, put everything away."""
    actor = actor_of(request)
    if request.POST.get("done"):
        count = lines.mark_done(actor.person_id or 0)
        messages.success(request, _("Put away: %(count)d. They are found under Done.") % {"count": count})
    else:
        lines.mark_all_read(actor.person_id or 0)
    nav.forget(actor)
    return redirect("/inbox")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def snooze(request: HttpRequest, line: int) -> HttpResponse:
    """GET: until when. POST: let it go until then."""
    actor = actor_of(request)
    found = _own(request, line)
    if request.method != "POST":
        context = {"line": found, "times": _times()}
        if is_partial(request):
            return render(request, "desk/snooze_form.html", context)
        return render(request, "desk/snooze_page.html", {**context, **nav.frame(request, "inbox")})
    try:
        notices.snooze(actor, line, {"until": request.POST.get("until", "")})
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    nav.forget(actor)
    return redirect("/inbox")


def _own(request: HttpRequest, line: int) -> lines.Line:
    found = lines.line(actor_of(request).person_id or 0, line) if line <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found


def _home(request: HttpRequest) -> str:
    shelf = request.POST.get("shelf", "")
    return f"/inbox?shelf={shelf}" if shelf in SHELVES and shelf != "open" else "/inbox"


def _times() -> list[dict[str, Any]]:
    """Good times to come back, in the reader's own zone."""
    now = timezone.localtime()
    morning = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    tomorrow = morning + timedelta(days=1)
    monday = morning + timedelta(days=7 - now.weekday())

    def at(label: str, moment: datetime) -> dict[str, Any]:
        return {"label": label, "value": moment.isoformat(), "at": moment}

    offered = [at(_("In an hour"), now + timedelta(hours=1)), at(_("In four hours"), now + timedelta(hours=4))]
    offered.append(at(_("Tomorrow morning"), tomorrow))
    if monday.date() != tomorrow.date():
        offered.append(at(_("Monday morning"), monday))
    return [*offered, at(_("In four weeks"), morning + timedelta(days=28))]
