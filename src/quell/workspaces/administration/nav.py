"""Administration's part of the navigation: only the rooms this person looks after."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import (
    AUDIT_VIEW,
    JOBS_MANAGE,
    PEOPLE_MANAGE,
    RECORDS_LEAD,
    SETTINGS_MANAGE,
)
from quell.kernel.actions import set_up
from quell.kernel.jobs import dead_letters
from quell.kernel.ui.navigation import Item, Section

from .doors import reach


def sections(request: HttpRequest, actor: Actor) -> Sequence[Section]:
    """Inside administration all its rooms; elsewhere the one way in."""
    told = _telling(actor)
    links = rooms(actor)
    if not reach(actor, PEOPLE_MANAGE, SETTINGS_MANAGE) and not reach(actor, JOBS_MANAGE).everywhere:
        return [*told, Section(_("Administration"), links)]
    if not request.path.startswith("/admin/"):
        return [*told, Section(_("Manage"), links[:1])]
    return [Section(_("Administration"), links), *told]


def rooms(actor: Actor) -> list[Item]:
    """The pages of administration that are open to somebody, the front page first."""
    people, settings = bool(reach(actor, PEOPLE_MANAGE)), bool(reach(actor, SETTINGS_MANAGE))
    jobs, audit = reach(actor, JOBS_MANAGE).everywhere, bool(reach(actor, AUDIT_VIEW, PEOPLE_MANAGE, SETTINGS_MANAGE))
    links = []
    if people or settings or jobs:
        home = Item(_("Administration"), reverse("administration:home"), "settings", exact=True, key="g a")
        links.append(home)
    if set_up.guides(actor):
        links.append(_item("set_up", _("Set-up"), "wand"))
    if people:
        links += [
            _item("people", _("People"), "users"),
            _item("organisations", _("Organisations"), "building"),
            _item("teams", _("Teams"), "users-group"),
            _item("roles", _("Roles"), "shield"),
            _item("access", _("Access"), "eye"),
        ]
    if settings:
        links += [
            _item("categories", _("Categories"), "category"),
            _item("matrix", _("Priority matrix"), "layout-grid"),
            _item("task_templates", _("Task templates"), "clipboard-list"),
            _item("services", _("Services"), "activity"),
            _item("settings", _("Settings"), "adjustments"),
        ]
    if jobs:
        failed = dead_letters.failed()
        links.append(Item(_("Background jobs"), reverse("administration:jobs"), "refresh", failed or None, failed > 0))
    if audit:
        links.append(_item("history", _("Changes"), "history"))
    return links


def _telling(actor: Actor) -> list[Section]:
    """What leads of a desk do for everybody: announcements, and reading how the help was found."""
    if not reach(actor, RECORDS_LEAD):
        return []
    links = [
        _item("assignment", _("Assignment"), "route"),
        _item("announcements", _("Announcements"), "speakerphone"),
        _item("ratings", _("Ratings"), "star"),
    ]
    return [Section(_("Everybody"), links)]


def _item(name: str, label: str, icon: str) -> Item:
    return Item(label, reverse(f"administration:{name}"), icon)
