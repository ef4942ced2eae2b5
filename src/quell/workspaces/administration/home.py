"""The front page of administration: every room with its figures, and what was changed lately."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import AGREEMENTS_MANAGE, JOBS_MANAGE, PEOPLE_MANAGE, SETTINGS_MANAGE
from quell.kernel.actions import demonstration
from quell.kernel.ui import set_up_card
from quell.kernel.ui.navigation import Item
from quell.kernel.ui.signed_in import actor_of

from . import history, nav, queries
from .doors import door, page, reach


@require_safe
@door(PEOPLE_MANAGE, SETTINGS_MANAGE, AGREEMENTS_MANAGE, JOBS_MANAGE)
def home(request: HttpRequest) -> HttpResponse:
    """Cards of the rooms this person looks after."""
    actor = actor_of(request)
    far = reach(actor, PEOPLE_MANAGE, SETTINGS_MANAGE, AGREEMENTS_MANAGE)
    context = {
        "groups": _groups(actor, queries.figures(far)),
        "lines": history.latest(far, 8),
        "keeps_settings": bool(reach(actor, SETTINGS_MANAGE)),
        "set_up": set_up_card.card(request),
    }
    return page(request, "home", context)


def _groups(actor: Actor, figures: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rooms as the navigation groups them, each with what it is for and its figure."""
    said = _said(figures)
    found = [
        (str(section.title), [_card(link, said) for link in section.links])
        for section in nav.groups(actor)[1:]  # the first leads here
    ]
    if reach(actor, PEOPLE_MANAGE).everywhere and demonstration.demonstration() is not None:
        words = {"text": _("Look round, then take it out"), "figure": None}
        url = reverse("administration:demonstration")
        found[-1][1].append({"url": url, "icon": "rocket", "label": _("Demonstration"), "hot": False, **words})
    return [(title, cards) for title, cards in found if cards]


def _said(figures: dict[str, Any]) -> dict[str, tuple[Any, str]]:
    """By the name of a room: a figure (None for none), and what it is for."""
    return {
        "people": (figures["people"], _("Accounts, roles, passwords, tokens")),
        "organisations": (figures["organisations"], _("Who belongs where")),
        "teams": (figures["teams"], _("Members and leads")),
        "roles": (figures["roles"], _("What people may do")),
        "access": (None, _("Why somebody can see something")),
        "services": (figures["services"], _("What people depend on")),
        "calendars": (None, _("When somebody works, and holidays")),
        "categories": (None, _("What incidents are about")),
        "matrix": (None, _("Impact × urgency")),
        "task_templates": (None, _("Steps that are added together")),
        "escalation": (None, _("Who hears of it when, and what is done beside")),
        "agreements": (None, _("What was promised, and to whom")),
        "metrics": (None, _("What is measured, from when to when")),
        "assignment": (None, _("Who gets what, by which rule")),
        "announcements": (None, _("Outages, maintenance, news")),
        "ratings": (None, _("How the help was found")),
        "notifications": (None, _("What reaches whom, and where")),
        "settings": (None, _changed(figures["settings"])),
        "jobs": (None, _("What runs by itself, and what failed")),
        "history": (None, _("Who changed what, and when")),
    }


def _card(link: Item, said: dict[str, tuple[Any, str]]) -> dict[str, Any]:
    name = next(name for name in said if reverse(f"administration:{name}") == link.url)
    figure, text = said[name]
    return {
        "url": link.url,
        "icon": link.icon,
        "label": link.label,
        "text": text,
        "figure": link.count if figure is None else figure,
        "hot": link.hot,
    }


def _changed(count: int) -> str:
    if not count:
        return _("All as they came")
    return ngettext("%(count)d changed", "%(count)d changed", count) % {"count": count}
