"""Merging with a preview, taking it back, splitting messages off, and what resembles an incident."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade

from . import listing, nav, wording
from .doors import agents
from .ticket import changed

#: More resemble an incident only on a page of their own: the search.
OFFERED = 6


def _numbers(values: Any) -> list[str]:
    """Numbers from checkboxes and from what was typed, in capitals, each once."""
    words = [word for name in ("numbers", "more") for text in values.getlist(name) for word in text.split(",")]
    return list(dict.fromkeys(word.strip().upper() for word in words if word.strip()))[:50]


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """GET: what resembles it, and what merging would do. POST: merge them."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    chosen = _numbers(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return _dialog(request, actor, row, chosen)
    if not chosen:
        return _dialog(request, actor, row, chosen, fault=_("Choose at least one."), status=422)
    try:
        facade.act(actor, "merge", row["number"], {"numbers": chosen})
    except Refusal as no:
        return _dialog(request, actor, row, chosen, fault=no.sentence, status=no.status)
    sentence = ngettext(
        "%(count)d is merged into %(number)s.", "%(count)d are merged into %(number)s.", len(chosen)
    ) % {"count": len(chosen), "number": row["number"]}
    undo = f"/incidents/{row['number']}/unmerge?{urlencode({'numbers': ','.join(chosen)})}"
    return changed(request, actor, row["number"], sentence, undo_url=undo)


def _dialog(
    request: HttpRequest, actor: Actor, row: dict[str, Any], chosen: list[str], *, fault: str = "", status: int = 200
) -> HttpResponse:
    base, carried = f"/incidents/{row['number']}", listing.encoded(listing.given(request.GET))
    offered = [one for one in _alike(actor, row, OFFERED) if one["category"] in ("new", "active", "waiting")]
    known = {one["number"] for one in offered}
    context = {
        "row": row,
        "offered": offered,
        "chosen": chosen,
        "typed": ", ".join(number for number in chosen if number not in known),
        "fault": fault,
        "action": f"{base}/merge{carried}",
        "preview_url": f"{base}/merge/preview",
        "back": f"{base}{carried}",
        "heading": _("Merge into %(number)s") % {"number": row["number"]},
        **_foreseen(actor, row["number"], chosen),
    }
    if not is_partial(request):
        return render(request, "desk/merge_page.html", {**context, **nav.frame(request, "incidents")}, status=status)
    answer = render(request, "desk/merge_form.html", context, status=status)
    if status >= 400:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#verb-body", "innerHTML"
    return answer


def _foreseen(actor: Actor, number: str, chosen: list[str]) -> dict[str, Any]:
    """The preview in the context of a template, or why there is none."""
    if not chosen:
        return {"preview": None, "unknown": ""}
    try:
        return {"preview": facade.merge_preview(actor, number, chosen), "unknown": ""}
    except Refusal as no:
        return {"preview": None, "unknown": no.sentence}


@require_safe
@agents
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """What merging would do, while one still chooses."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    return render(request, "desk/merge_preview.html", _foreseen(actor, row["number"], _numbers(request.GET)))


@require_safe
@agents
def merge_selected(request: HttpRequest) -> HttpResponse:
    """A selection of the queue: the oldest takes in the others, unless another is named there."""
    numbers = sorted(_numbers(request.GET) or [n.upper() for n in request.GET.getlist("selected")][:50])
    if len(numbers) < 2:
        return refused(request, 422, _("Choose at least two to merge."))
    into, *others = numbers
    address = f"/incidents/{into}/merge?{urlencode({'numbers': ','.join(others)})}"
    if is_partial(request):
        actor = actor_of(request)
        return _dialog(request, actor, facade.ticket(actor, into), others)
    return redirect(address)


@require_POST
@agents
def unmerge(request: HttpRequest, number: str) -> HttpResponse:
    """Take merged ones out again: those named in the address, or this one itself."""
    actor = actor_of(request)
    chosen = _numbers(request.GET) or [number.upper()]
    try:
        for one in reversed(chosen):
            facade.act(actor, "unmerge", one)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    return changed(request, actor, number.upper(), _("The merge is undone."))


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def split(request: HttpRequest, number: str) -> HttpResponse:
    """GET: which messages are about something else. POST: make an incident of them."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    chosen = [int(one) for one in request.POST.getlist("entries") if one.isascii() and one.isdigit() and len(one) < 19]
    if request.method != "POST":
        return _messages(request, actor, row, chosen)
    data: dict[str, Any] = {"entries": chosen, "inform": "inform" in request.POST}
    if request.POST.get("title", "").strip():
        data["title"] = request.POST["title"].strip()
    try:
        made = facade.split(actor, row["number"], data)
    except Refusal as no:
        sentence = no.sentence if chosen else _("Choose at least one message.")
        return _messages(request, actor, row, chosen, fault=sentence, status=no.status)
    sentence = _("%(new)s is made from messages of %(old)s.") % {"new": made, "old": row["number"]}
    messages.success(request, sentence)
    nav.forget(actor)
    if not is_partial(request):
        return redirect(f"/incidents/{made}")
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = f"/incidents/{made}"
    return answer


def _messages(
    request: HttpRequest, actor: Actor, row: dict[str, Any], chosen: list[int], *, fault: str = "", status: int = 200
) -> HttpResponse:
    carried = listing.encoded(listing.given(request.GET))
    said = [
        {
            "id": entry["id"],
            "who": entry["actor_name"],
            "at": entry["at"],
            "body": entry["body"],
            "internal": entry["visibility"] == "internal",
        }
        for entry in facade.timeline(actor, row)
        if entry["verb"] in ("reply", "note") and entry["body"] and not entry["merged_from"]
    ]
    context = {
        "row": row,
        "said": said[-100:],
        "chosen": chosen,
        "typed": request.POST.get("title", ""),
        "inform": request.method != "POST" or "inform" in request.POST,
        "fault": fault,
        "action": f"/incidents/{row['number']}/split{carried}",
        "back": f"/incidents/{row['number']}{carried}",
        "heading": _("Split %(number)s") % {"number": row["number"]},
    }
    if not is_partial(request):
        return render(request, "desk/split_page.html", {**context, **nav.frame(request, "incidents")}, status=status)
    answer = render(request, "desk/split_form.html", context, status=status)
    if status >= 400:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#verb-body", "innerHTML"
    return answer


def _alike(actor: Actor, row: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "title": one.title,
            "url": f"/incidents/{one.number}",
            "state_label": wording.STATES.get(one.state, one.state),
            "category": one.state_category,
            "priority": one.priority,
            "opened_at": one.opened_at,
            "requester": one.requester,
            "percent": round(one.share * 100),
            "near": one.near,
        }
        for one in facade.similar(actor, row, limit=limit)
    ]


@require_safe
@agents
def similar(request: HttpRequest, number: str) -> HttpResponse:
    """The card of what resembles an incident; fetched when the page stands, so that nobody waits for it."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    context = {
        "row": row,
        "base": f"/incidents/{row['number']}",
        "carried": listing.encoded(listing.given(request.GET)),
        "alike": _alike(actor, row, 5),
    }
    if is_partial(request):
        return render(request, "desk/similar.html", context)
    return render(request, "desk/similar_page.html", {**context, **nav.frame(request, "incidents")})
