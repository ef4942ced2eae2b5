"""The agent's home: what to do next and why, what nobody has taken, what waits, and the week in figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid
from quell.kernel.ui import moments, set_up_card, tours
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade
from quell.practices.servicedesk import facade as servicedesk
from quell.practices.tasks import facade as tasks

from . import clocks_shown, listing, nav, queries, ranking, tour, wording
from .doors import agents

NEXT = 8
CARD = 6
LISTS = {
    "mine": {"state": "open", "assignee": "@me", "sort": "priority"},
    "unassigned": {"state": "open", "assignee": "none", "sort": "priority"},
}
#: Colour and icon of a reason.
LOOK = {
    ranking.BROKEN: ("solid overdue", "circle-x"),
    ranking.OVERDUE: ("overdue", "alarm"),
    ranking.CRITICAL: ("p1", "flame"),
    ranking.DUE: ("late", "alert-triangle"),
    ranking.REMINDED: ("paused", "clock"),
    ranking.ANSWERED: ("brand", "message"),
    ranking.CAME_BACK: ("paused", "player-play"),
    ranking.UNANSWERED: ("warn", "clock"),
    ranking.PRIORITY: ("", "circle-dot"),
    ranking.OLD: ("late", "hourglass"),
}


@require_safe
@agents
def home(request: HttpRequest) -> HttpResponse:
    """For agents; `agents` sends everybody else to the portal."""
    actor = actor_of(request)
    now = timezone.now()
    local = timezone.localtime(now)
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    known = servicedesk.views(actor)
    keys = servicedesk.arrangement(actor, "home")
    laid = servicedesk.arranged(known, keys)
    next_rows, cards = _next(actor, now), [_card(actor, view) for view in laid]
    # The chips of all boxes with one statement.
    clocks_shown.add_to([*(one["row"] for one in next_rows), *(row for card in cards for row in card["rows"])], now)
    context: dict[str, Any] = {
        "tour": tours.tour(request, tour.marks(actor)),
        "set_up": set_up_card.card(request),
        "greeting": _greeting(local.hour) % {"name": actor.name.split()[0] if actor.name else ""},
        "next": next_rows,
        "cards": cards,
        "place": {"code": "home", "views": laid, "others": [one for one in known if one.key not in keys]},
        "week": queries.week(actor, monday),
        "today": local,
        "links": {name: f"/incidents/{listing.encoded(asked)}" for name, asked in LISTS.items()},
    }
    return render(request, "desk/home.html", {**context, **nav.frame(request, "home")})


def _greeting(hour: int) -> str:
    if hour < 12:
        return _("Good morning, %(name)s")
    return _("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")


def _card(actor: Actor, view: servicedesk.ViewRow) -> dict[str, Any]:
    """A view as a card: its first rows. One that cannot be read any more says so and stays where it is."""
    address = f"/incidents/?view={view.key}"
    card: dict[str, Any] = {"key": view.key, "name": view.name, "url": address, "rows": [], "fault": "", "count": ""}
    if view.key == "breaching" and (soon := nav.counters(actor).get("breaching", 0)):
        card["count"] = wording.count(soon)
    try:
        wanted = facade.wanted(actor, {"query": view.query, "sort": view.sort, "limit": str(CARD)})
        card["rows"] = listing.rows(facade.glance(actor, wanted), f"?view={view.key}")
    except Invalid as fault:
        card["fault"] = fault.sentence
    return card


def _next(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    asked = LISTS["mine"]
    page = facade.page(actor, listing.awake(actor, facade.wanted(actor, {**asked, "limit": "100"})))
    rows = [
        row
        for row in listing.rows(page, listing.encoded(asked))
        if row["state_category"] != "waiting" or (row["resume_at"] is not None and row["resume_at"] <= now)
    ]
    ids = [row["id"] for row in rows]
    back = servicedesk.come_back(actor, ids)
    ranked = ranking.rank(rows, queries.last_words(ids), queries.came_back(ids), now, back)
    return [
        {
            "row": one.row,
            "why": _why(one.reason, back.get(one.row["id"])),
            "since": one.since,
            "colour": LOOK[one.reason][0],
            "icon": LOOK[one.reason][1],
            "promise": one.reason in (ranking.BROKEN, ranking.DUE),
        }
        for one in ranked[:NEXT]
    ] + _tasks(actor, now, NEXT - len(ranked))


def _tasks(actor: Actor, now: datetime, most: int) -> list[dict[str, Any]]:
    """Open tasks in one's hands, those due first, after everything that people wait for."""
    if most <= 0 or actor.person_id is None:
        return []
    found = tasks.page(actor, tasks.Asked(states=("open",), assignee_id=actor.person_id, limit=50))
    ordered = sorted(found, key=lambda row: (row["due_at"] is None, row["due_at"] or now, row["id"]))[:most]
    return [
        {
            "row": {**row, "url": f"/incidents/{row['parent']}", "requester_name": row["parent"] or ""},
            "why": _("Task is overdue") if row["due_at"] is not None and row["due_at"] < now else _("Task"),
            "since": row["due_at"],
            "colour": "late" if row["due_at"] is not None and row["due_at"] < now else "",
            "icon": "checkbox",
            "promise": False,
        }
        for row in ordered
    ]


def _why(reason: str, back: servicedesk.Back | None) -> str:
    """The reason in words; what one has snoozed says until when, and what for."""
    if reason != ranking.REMINDED or back is None:
        return _words(reason)
    when = {"when": moments.short(back.due_at, with_time=True), "text": back.text}
    if back.woken_by == "answer":
        said = _("The requester answered")
    else:
        said = _("Snoozed until %(when)s") % when if back.snooze else _("Reminder %(when)s") % when
    return _("%(said)s: %(text)s") % {"said": said, "text": back.text} if back.text else said


def _words(reason: str) -> str:
    words = {
        ranking.BROKEN: _("Promise is overdue"),
        ranking.OVERDUE: _("Follow-up is due"),
        ranking.CRITICAL: _("Most urgent"),
        ranking.DUE: _("Promise runs out"),
        ranking.REMINDED: _("Reminder"),
        ranking.ANSWERED: _("The requester wrote last"),
        ranking.CAME_BACK: _("Back from on hold"),
        ranking.UNANSWERED: _("Not answered yet"),
        ranking.PRIORITY: _("In your hands"),
        ranking.OLD: _("Quiet for a week"),
    }
    return words[reason]
