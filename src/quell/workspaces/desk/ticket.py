"""The page of one incident, what is said on it, and the drafts of what is about to be said."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Refusal
from quell.kernel.notify import inbox
from quell.kernel.records import drafts
from quell.kernel.ui.errors import is_partial, toast
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.incidents import facade

from . import nav, panes, queries, sending
from .doors import agents

#: Ways of resolving offered straight from the composer.
QUICK_RESOLUTIONS = ("fixed", "workaround", "user_instructed", "no_fault_found")


@require_safe
@signed_in
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The three panes. Who may not see the inside of the incident goes to its page in the portal."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    if not row["internal"]:
        return redirect("portal:request", row["number"])
    if number != row["number"]:
        return redirect(f"/incidents/{row['number']}")
    around = queries.surroundings(actor, row["id"], row["requester_id"])
    if actor.person_id is not None and around["unread"]:
        inbox.mark_record_read(actor.person_id, row["id"])
        nav.forget(actor)
    if is_partial(request):
        opened = panes.gather(request, actor, row, around, fragment=True)
        return render(request, "desk/ticket_opened.html", opened)
    return render(request, "desk/ticket.html", panes.gather(request, actor, row, around))


def changed(
    request: HttpRequest, actor: Actor, number: str, sentence: str, *, undo_url: str = "", seconds: int = 0
) -> HttpResponse:
    """After something was done: all three panes anew with a toast, or back to the page for a plain post. `undo_url`
    is where the toast's Undo posts to, `seconds` how long that is possible (0: as long as the toast stands).

    Work that was given away may be out of sight now: then the list is next, with the same words.
    """
    nav.forget(actor)
    try:
        row = facade.ticket(actor, number)
    except NotFound:
        messages.success(request, sentence)
        if not is_partial(request):
            return redirect("/incidents/")
        away = HttpResponse(status=204)
        away["HX-Redirect"] = "/incidents/"
        return away
    if not is_partial(request):
        messages.success(request, sentence)
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"/incidents/{number}?{query}" if query else f"/incidents/{number}")
    answer = render(request, "desk/ticket_changed.html", panes.gather(request, actor, row, fragment=True))
    answer.write(toast(request, sentence, undo_url=undo_url, seconds=seconds))
    return answer


@require_POST
@agents
def say(request: HttpRequest, number: str) -> HttpResponse:
    """A reply or a note, with files, and what comes after it: keep open, wait for the requester, or resolve.

    All of it happens, or nothing; a refusal brings the page back with the text in its own mode.
    """
    actor = actor_of(request)
    row = _inside(actor, number)
    mode: drafts.Mode = "internal" if request.POST.get("visibility") == "internal" else "public"
    text = request.POST.get("note" if mode == "internal" else "body", "").strip()
    then = request.POST.get("then", "") if mode == "public" else ""
    try:
        sent = sending.speak_once(request, actor, row, mode, text, then)
    except Refusal as no:
        return _not_sent(request, actor, number, mode, no)
    return changed(request, actor, row["number"], sent.sentence, undo_url=sent.undo_url, seconds=sent.seconds)


def _inside(actor: Actor, number: str) -> dict[str, Any]:
    row = facade.ticket(actor, number)
    if not row["internal"]:
        raise Forbidden(_("Only those who work on this incident write to it from the desk."))
    return row


def _not_sent(request: HttpRequest, actor: Actor, number: str, mode: drafts.Mode, no: Refusal) -> HttpResponse:
    """The page again, with both texts as they were typed and the sentence above the one that was not sent."""
    row = facade.ticket(actor, number)
    partial = is_partial(request)
    context = panes.gather(request, actor, row, fragment=partial)
    context["composer"] |= {
        "mode": mode,
        "body": request.POST.get("body", ""),
        "body_at": "",
        "note": request.POST.get("note", ""),
        "note_at": "",
        "errors": no.sentence,
        "held": no.code == "newer_message",
        "then": request.POST.get("then", ""),
    }
    template = "desk/ticket_pane.html" if partial else "desk/ticket.html"
    return render(request, template, context, status=no.status if no.status in (409, 413) else 422)


@require_POST
@agents
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what is being written. Sent every few seconds while typing; answers nothing."""
    actor = actor_of(request)
    row = _inside(actor, number)
    mode = request.POST.get("mode", "")
    if mode not in drafts.MODES:
        raise Invalid.field("mode", _("Choose one of: %(choices)s.") % {"choices": ", ".join(drafts.MODES)})
    if actor.person_id is not None:
        drafts.keep(actor.person_id, row["id"], mode, request.POST.get("body", ""))
    return HttpResponse(status=204)
