"""The front page of administration: every room with its figures, and what was changed lately."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import JOBS_MANAGE, PEOPLE_MANAGE, SETTINGS_MANAGE
from quell.kernel.actions import demonstration
from quell.kernel.jobs import dead_letters
from quell.kernel.ui import set_up_card
from quell.kernel.ui.signed_in import actor_of

from . import history, queries
from .doors import door, page, reach


@require_safe
@door(PEOPLE_MANAGE, SETTINGS_MANAGE, JOBS_MANAGE)
def home(request: HttpRequest) -> HttpResponse:
    """Cards of the rooms this person looks after."""
    actor = actor_of(request)
    far = reach(actor, PEOPLE_MANAGE, SETTINGS_MANAGE)
    context = {
        "cards": _cards(actor, queries.figures(far)),
        "lines": history.latest(far, 8),
        "set_up": set_up_card.card(request),
    }
    return page(request, "home", context)


def _cards(actor: Actor, figures: dict[str, Any]) -> list[dict[str, Any]]:
    cards = []
    if reach(actor, PEOPLE_MANAGE):
        cards += [
            _card("people", "users", _("People"), figures["people"], _("Accounts, roles, passwords, tokens")),
            _card("organisations", "building", _("Organisations"), figures["organisations"], _("Who belongs where")),
            _card("teams", "users-group", _("Teams"), figures["teams"], _("Members and leads")),
            _card("roles", "shield", _("Roles"), figures["roles"], _("What people may do")),
        ]
    if reach(actor, SETTINGS_MANAGE):
        cards += [
            _card("services", "activity", _("Services"), figures["services"], _("What people depend on")),
            _card("task_templates", "clipboard-list", _("Task templates"), None, _("Steps that are added together")),
            _card("categories", "category", _("Categories"), None, _("What incidents are about")),
            _card("matrix", "layout-grid", _("Priority matrix"), None, _("Impact × urgency")),
            _card("settings", "adjustments", _("Settings"), None, _changed(figures["settings"])),
        ]
    if reach(actor, JOBS_MANAGE).everywhere:
        failed = dead_letters.failed()
        card = _card(
            "jobs", "refresh", _("Background jobs"), failed, _("failed for good") if failed else _("Nothing has failed")
        )
        cards.append({**card, "hot": failed > 0})
    if reach(actor, PEOPLE_MANAGE).everywhere and demonstration.demonstration() is not None:
        cards.append(_card("demonstration", "rocket", _("Demonstration"), None, _("Look round, then take it out")))
    return cards


def _changed(count: int) -> str:
    if not count:
        return _("All as they came")
    return ngettext("%(count)d changed", "%(count)d changed", count) % {"count": count}


def _card(name: str, icon: str, label: str, figure: int | None, text: str) -> dict[str, Any]:
    return {"url": reverse(f"administration:{name}"), "icon": icon, "label": label, "figure": figure, "text": text}
