"""Search over all records: a number goes straight there, words give a list with what matched."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from quell.kernel.records import find as finding
from quell.kernel.search.query import as_number
from quell.kernel.ui.signed_in import actor_of

from . import nav, panes, wording
from .doors import agents

MOST = 50


@require_safe
@agents
def search(request: HttpRequest) -> HttpResponse:
    """`q` in words, or a number with or without its prefix."""
    actor = actor_of(request)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    context: dict[str, Any] = {"q": text, "hits": [], "most": MOST}
    if text:
        found = finding.find(actor, text, limit=MOST)
        if len(found) == 1 and as_number(text) and panes.link_to(found[0].number):
            return redirect(f"/incidents/{found[0].number}")
        context["hits"] = [
            {
                "number": hit.number,
                "title": hit.title,
                "url": panes.link_to(hit.number),
                "snippet": marked(hit.snippet),
                "state_label": wording.STATES.get(hit.state, hit.state),
                "category": hit.state_category,
                "priority": hit.priority,
            }
            for hit in found
        ]
    return render(request, "desk/search.html", {**context, **nav.frame(request, "search")})


def marked(snippet: str) -> SafeString:
    """A snippet with the words that matched in <mark>; everything a person wrote is escaped."""
    first, *rest = snippet.split(finding.MARK_START)
    pieces = (piece.partition(finding.MARK_END) for piece in rest)
    marks = format_html_join("", "<mark>{}</mark>{}", ((word, after) for word, _end, after in pieces))
    return format_html("{}{}", first.replace(finding.MARK_END, ""), marks)
