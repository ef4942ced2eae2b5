"""Running a macro on an incident: choosing it, reading what it would do, doing it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.actions.outbox import UNDO_SECONDS
from quell.kernel.config.refusal import NotFound, Refusal
from quell.kernel.ui.errors import is_partial
from quell.kernel.ui.errors import refused as refuse
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade
from quell.practices.servicedesk import facade as prepared

from . import bulk, listing, nav
from .doors import agents
from .ticket import changed


def _inside(request: HttpRequest, number: str) -> dict[str, Any]:
    row = facade.ticket(actor_of(request), number)
    if not row["internal"]:
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    return row


@require_safe
@agents
def choose(request: HttpRequest, number: str) -> HttpResponse:
    """The macros there are, found by what one types."""
    row, actor = _inside(request, number), actor_of(request)
    q = request.GET.get("q", "").strip()[:100]
    context = {
        "row": row,
        "q": q,
        "found": prepared.macros(actor, q, limit=30),
        "carried": listing.encoded(listing.given(request.GET)),
        "may_write": True,
    }
    part = "desk/macros_found.html" if request.GET.get("part") else "desk/macros_for.html"
    return _answer(request, part, context, _("Run a macro on %(number)s") % {"number": row["number"]})


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def run(request: HttpRequest, number: str, macro_id: int) -> HttpResponse:
    """GET: what it would do, a sentence a step. POST: do it, all of it or nothing."""
    row, actor = _inside(request, number), actor_of(request)
    known = prepared.macro_by_id(actor, macro_id)
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            ran = prepared.run_macro(actor, macro_id, row["number"])
        except Refusal as no:
            refused = no
        else:
            sentence = _("“%(name)s” is done.") % {"name": known.name}
            if ran.message_id is None:
                return changed(request, actor, row["number"], sentence)
            seconds = UNDO_SECONDS.get(row["organisation_id"])
            undo = f"/outbox/{ran.message_id}/undo" if seconds else ""
            return changed(request, actor, row["number"], sentence, undo_url=undo, seconds=seconds)
    seen = prepared.preview_macro(actor, macro_id, row["number"])
    names = dict(settings.LANGUAGES)
    context = {
        "row": row,
        "macro": known,
        "seen": seen,
        "language": names.get(seen.language, seen.language) if seen.fallback else "",
        "refused": refused.sentence if refused else seen.refused,
        "carried": listing.encoded(listing.given(request.GET)),
    }
    return _answer(request, "desk/macro_seen.html", context, known.name, refused.status if refused else 200)


#: Done while one waits; more goes by the API, or in portions.
MOST_AT_ONCE = 100
#: So many are tried out for the sentence that says how many would be refused.
TRIED = 25


@require_POST
@agents
def many(request: HttpRequest) -> HttpResponse:
    """A macro on a selection: choose it, read what it would do, do it to each by itself."""
    actor = actor_of(request)
    numbers = bulk.chosen(request, actor, request.POST.get("query", ""))
    if not numbers:
        return refuse(request, 422, _("Nothing is selected. Tick the rows first."))
    if len(numbers) > MOST_AT_ONCE:
        return refuse(request, 422, _("At most %(count)d at once.") % {"count": MOST_AT_ONCE})
    context: dict[str, Any] = {"numbers": numbers, "list_query": request.POST.get("query", "")}
    asked = request.POST.get("apply", "") or request.POST.get("macro", "")
    if not (asked.isascii() and asked.isdigit()):
        context["found"] = prepared.macros(actor, limit=60)
        heading = ngettext("Run a macro on %(count)d incident", "Run a macro on %(count)d incidents", len(numbers))
        return _answer(request, "desk/macros_many.html", context, heading % {"count": len(numbers)})
    known = prepared.macro_by_id(actor, int(asked[:18]))
    if "apply" not in request.POST:
        tried = [_tried(actor, known.id, number) for number in numbers[:TRIED]]
        sound = next((one for one in tried if one is not None and not one.refused), tried[0])
        context |= {"macro": known, "seen": sound, "refusals": sum(one is None or bool(one.refused) for one in tried)}
        context["tried"] = len(tried)
        return _answer(request, "desk/macros_many.html", context, known.name)
    done = prepared.run_macro_on_many(actor, known.id, numbers)
    nav.forget(actor)
    context |= {"macro": known, "done": [one for one in done if one.ok], "kept": [one for one in done if not one.ok]}
    return _answer(request, "desk/macros_many.html", context, known.name)


def _tried(actor: Actor, macro_id: int, number: str) -> prepared.MacroPreview | None:
    try:
        return prepared.preview_macro(actor, macro_id, number)
    except Refusal:
        return None  # out of sight by now: counted among those that would be refused


def _answer(request: HttpRequest, part: str, context: dict[str, Any], heading: str, status: int = 200) -> HttpResponse:
    context |= {"heading": heading, "part": part}
    if is_partial(request):
        answer = render(request, part, context, status=status)
        if status >= 400:
            answer["HX-Retarget"], answer["HX-Reswap"] = "#verb-body", "innerHTML"
        return answer
    return render(request, "desk/macro_page.html", {**context, **nav.frame(request, "incidents")}, status=status)
