"""The people of the desk: who is here and holds what, who is away and who stands in, who knows what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.errors import refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.workforce import facade

from . import nav
from .doors import agents

TABS = {"people": gettext_lazy("People"), "absences": gettext_lazy("Absences"), "skills": gettext_lazy("Skills")}
#: How far ahead absences are shown, in days; the bars show four weeks of it.
AHEAD, SHOWN_DAYS = 92, 28


@require_safe
@agents
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who works for the reader's organisation: here or not, what they hold."""
    actor = actor_of(request)
    now = datetime.now(UTC)
    found = facade.members(actor, _home(actor), now=now)
    lines = [
        {
            "one": one,
            "away": facade.away_tag(one, now),
            "share": min(100, round(100 * one.load / one.capacity)) if one.capacity else 100,
            "work": f"/incidents/?state=open&assignee={one.email}&sort=priority",
        }
        for one in found
    ]
    here = sum(1 for line in lines if not line["away"])
    return _page(request, "people", {"lines": lines, "here": here})


@require_safe
@agents
def absences(request: HttpRequest) -> HttpResponse:
    """The next months as a list, and the next weeks as bars."""
    actor = actor_of(request)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = facade.absences(actor, today, today + timedelta(days=AHEAD))
    rows.sort(key=lambda row: (row["starts_at"], row["id"]))
    days = [today + timedelta(days=n) for n in range(SHOWN_DAYS)]
    lanes = [
        {
            "name": row["name"],
            "days": [row["starts_at"] < day + timedelta(days=1) and row["ends_at"] > day for day in days],
        }
        for row in rows
        if row["starts_at"] < days[-1] + timedelta(days=1)
    ]
    return _page(request, "absences", {"rows": rows, "lanes": lanes, "days": days})


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def skills(request: HttpRequest) -> HttpResponse:
    """Who knows what, and what hangs on one person; leads rate, and add skills."""
    actor = actor_of(request)
    home = _home(actor)
    if request.method == "POST":
        try:
            _rate(request, actor, home)
        except Refusal as no:
            return refused(request, no.status, no.sentence)
        messages.success(request, _("Saved."))
        return redirect("/workforce/skills")
    staff, lines = facade.skill_matrix(actor, home)
    rows = [
        {
            "line": line,
            "levels": [line.levels.get(one.email, 0) for one in staff],
            "gap": line.needed > 0 and line.capable == 0,
        }
        for line in lines
    ]
    leads = bool(staff) and facade.may_rate(actor, staff[0])
    return _page(request, "skills", {"staff": staff, "rows": rows, "leads": leads, "levels": range(6)})


def _rate(request: HttpRequest, actor: Actor, home: str) -> None:
    if name := request.POST.get("name", "").strip():
        code = request.POST.get("code", "").strip() or name.lower().replace(" ", "-")
        facade.create_skill(actor, {"code": code, "name": name, "organisation": home})
        return
    level = request.POST.get("level", "")
    rating = {"level": int(level) if level.isascii() and level.isdigit() and len(level) == 1 else 9}
    facade.rate_skills(actor, request.POST.get("person", ""), {"skills": {request.POST.get("skill", ""): rating}})


def _home(actor: Actor) -> str:
    """The code of the reader's own organisation."""
    return places.code_of(actor.organisation_id)


def _page(request: HttpRequest, tab: str, context: dict[str, Any]) -> HttpResponse:
    tabs = [
        {"url": "/workforce" if code == "people" else f"/workforce/{code}", "label": label, "current": code == tab}
        for code, label in TABS.items()
    ]
    return render(
        request, f"desk/workforce_{tab}.html", {**context, "tabs": tabs, "tab": tab, **nav.frame(request, "workforce")}
    )
