"""A quick look at an incident over the list it stands in: enough to know whether to open it (ux.md 1.3, `Space`).

Looking leaves nothing behind: no line of the inbox is read by it, and nobody is shown as being here.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.ui.errors import is_partial
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade

from . import listing, story, wording
from .doors import agents

#: The latest messages that are shown, and how many entries of history are searched for them.
LATEST, SEARCHED = 3, 60


@require_safe
@agents
def peek(request: HttpRequest, number: str) -> HttpResponse:
    """Title, state, people, what was reported and what was said last, as this reader may see them; without script,
    the page of the incident."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    carried = listing.encoded(listing.given(request.GET))
    url = f"/incidents/{row['number']}{carried}"
    if not is_partial(request):
        return redirect(url)
    entries = facade.timeline(actor, row)
    context = {
        "row": row,
        "ticket_url": url,
        "state_label": wording.STATES.get(row["state"], row["state"]),
        "category_words": listing.category_name(row["organisation_id"], row["category"]) if row["category"] else "",
        "channel_label": wording.value("channel", row["channel"]),
        "facts": _facts(row),
        **_said(entries, row),
    }
    return render(request, "desk/peek.html", context)


def _facts(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and words of what helps to decide; what is empty is left out, except that nobody works on it."""
    shown = [
        (_("Agent"), row["assignee_name"] or _("Nobody yet")),
        (_("Team"), row["team_name"]),
        (_("Service"), row["service_name"]),
    ]
    return [(label, words) for label, words in shown if words]


def _said(entries: list[dict[str, Any]], row: dict[str, Any]) -> dict[str, Any]:
    """What was reported, the latest messages and notes after it (oldest first), and how many stand between."""
    opened = row["description"] or row["title"]
    talk = [line for line in story.told(entries[1:][-SEARCHED:], row) if line["kind"] in ("message", "note")]
    before = sum(1 for entry in entries[1:-SEARCHED] if entry["body"]) if len(entries) > SEARCHED else 0
    latest = talk[-LATEST:]
    return {"opened": opened, "latest": latest, "between": before + len(talk) - len(latest)}
