"""The frame of the desk's pages: navigation with counters, the inbox's counter, where things are.

Administration uses the same frame, so an agent who manages settings keeps their bearings.
"""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.ui.navigation import Item
from quell.kernel.ui.signed_in import actor_of

from . import queries, wording

#: Counters are glances, not facts to act on: they may be this many seconds old.
FRESH = 10.0
_kept: dict[int, tuple[float, dict[str, int]]] = {}
_MOST_KEPT = 2000


def counters(actor: Actor) -> dict[str, int]:
    """The counters of the navigation, from this process's memory while they are fresh."""
    now = time.monotonic()
    key = actor.person_id or 0
    known = _kept.get(key)
    if known is not None and now - known[0] < FRESH:
        return known[1]
    if len(_kept) > _MOST_KEPT:
        _kept.clear()
    found = queries.counters(actor)
    _kept[key] = (now, found)
    return found


def forget(actor: Actor) -> None:
    """After the actor changed something, count anew."""
    _kept.pop(actor.person_id or 0, None)


def frame(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """Context of the agent shell; `current` is the code of the entry where the reader is."""
    actor = actor_of(request)
    counted = counters(actor)
    incidents = "/incidents/"
    links = [
        _link("home", _("Home"), "/", "home", current, key="g h"),
        _link("inbox", _("Inbox"), "/inbox", "bell", current, counted["unread"], hot=counted["unread"] > 0, key="g i"),
        _link("incidents", _("Incidents"), f"{incidents}?state=open&sort=priority", "alert-triangle", current,
              counted["open"], key="g q"),
        _link("unassigned", _("Unassigned"), f"{incidents}?state=open&assignee=none&sort=priority", "user-off", current,
              counted["unassigned"]),
        _link("mine", _("My work"), f"{incidents}?state=open&assignee=%40me&sort=priority", "inbox", current,
              counted["mine"], key="g m"),
        _link("teams", _("My teams"), f"{incidents}?state=open&team=%40myteams&sort=priority", "users-group", current,
              counted["teams"]),
        _link("on_hold", _("On hold"), f"{incidents}?state=on_hold&sort=-updated_at", "player-pause", current,
              counted["on_hold"]),
        _link("follow_ups", _("Follow-ups"), "/follow-ups", "alarm", current, counted["follow_ups"],
              hot=counted["follow_ups"] > 0, key="g f"),
        _link("time", _("My week"), "/time", "clock", current, key="g t"),
    ]  # fmt: skip
    nav = [{"title": "", "links": links}]
    if actor.scope("records.work"):
        ours = [
            _link("workforce", _("Team"), "/workforce", "users", current),
            _link("reports", _("Reports"), "/reports", "chart-bar", current),
        ]
        nav.append({"title": "", "links": ours})
    nav.append(
        {
            "title": _("Prepared"),
            "links": [
                _link("texts", _("Canned replies"), "/texts", "template", current),
                _link("macros", _("Macros"), "/macros", "bolt", current),
            ],
        }
    )
    nav += _beyond(actor, current)
    return {
        "nav": nav,
        "me_nav": [{"url": "/profile/availability", "icon": "user-check", "label": _("My availability")}]
        if actor.scope("records.work")
        else [],
        "mobile_nav": [
            links[0],
            links[2],
            _link("new", _("Log call"), "/incidents/new", "phone", current),
            links[1],
            _link("search", _("Search"), "/search", "search", current),
        ],
        "inbox_count": "99+" if counted["unread"] > 99 else counted["unread"] or "",
    }


def _beyond(actor: Actor, current: str) -> list[dict[str, Any]]:
    """What leads write for everybody, and the way into administration."""
    found = []
    leading = actor.scope("records.lead")
    if leading.everywhere or leading.organisations:
        links = [
            _link("assignment", _("Assignment"), "/admin/assignment", "route", current),
            _link("announcements", _("Announcements"), "/admin/announcements", "speakerphone", current),
        ]
        found.append({"title": _("Everybody"), "links": links})
    if administration := _administration(actor):
        links = [_link("administration", _("Administration"), administration, "settings", current)]
        found.append({"title": _("Manage"), "links": links})
    return found


def sections(request: HttpRequest, actor: Actor) -> list[Item]:
    """The desk's part of the navigation on pages of other workspaces: the few places one goes back to."""
    if not actor.is_agent:
        return []
    links = frame(request)["nav"][0]["links"]
    return [
        Item(link["label"], link["url"], link["icon"], link["count"], link["hot"], current=False, key=link["key"])
        for link in (links[0], links[1], links[2], links[4])
    ]


def _link(
    code: str,
    label: str,
    url: str,
    icon: str,
    current: str,
    counted: int | None = None,
    *,
    hot: bool = False,
    key: str = "",
) -> dict[str, Any]:
    shown = "" if counted is None or (code in ("inbox", "follow_ups") and not counted) else wording.count(counted)
    return {
        "label": label,
        "url": url,
        "icon": icon,
        "count": shown,
        "hot": hot,
        "current": code == current,
        "key": key,
    }


def _administration(actor: Actor) -> str:
    if not (actor.can("settings.manage") or actor.can("people.manage") or actor.can("jobs.manage")):
        return ""
    try:
        return reverse("administration:home")
    except NoReverseMatch:
        return ""
