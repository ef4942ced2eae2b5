"""All of one's own requests: open or done, searched, page by page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from quell.kernel.config.refusal import Invalid
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.incidents import facade as incidents

from .frame import page
from .promises import of_rows
from .words import summary

PAGE = 20


@require_safe
@signed_in
def my_requests(request: HttpRequest) -> HttpResponse:
    """What I reported or follow. A damaged address begins the list anew instead of failing."""
    actor = actor_of(request)
    done = request.GET.get("show") == "done"
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    states = incidents.FINISHED if done else incidents.UNFINISHED
    given = {"mine": "true", "state": ",".join(states), "q": text}
    cursor = request.GET.get("cursor", "")
    try:
        asked = incidents.wanted(actor, {**given, "cursor": cursor}, default_sort="-updated_at", default_limit=PAGE)
        found = incidents.page(actor, asked)
    except Invalid:
        cursor = ""
        found = incidents.page(actor, incidents.wanted(actor, given, default_sort="-updated_at", default_limit=PAGE))
    promised = {} if done else of_rows(found.rows)
    context = {
        "rows": [summary(row, promised.get(row["id"], "")) for row in found.rows],
        "next_cursor": found.next_cursor,
        "first": not cursor,
        "done": done,
        "q": text,
    }
    return page(request, "portal/requests.html", context)
