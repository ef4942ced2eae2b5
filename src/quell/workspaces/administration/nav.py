"""Administration's part of the navigation: only the rooms this person looks after."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import (
    AGREEMENTS_MANAGE,
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
    """Inside administration all its rooms, by what they are about; elsewhere the one way in."""
    if request.path.startswith("/admin/"):
        return groups(actor)
    told = _telling(actor)
    if not _looks_after(actor):
        return [*told, Section(_("Administration"), rooms(actor))]
    return [*told, Section(_("Manage"), [_front()])]


#: (name of the page, words, icon) by matter.
Told = tuple[str, str, str]


def groups(actor: Actor, *, led: bool = True) -> list[Section]:
    """The pages of administration that are open to somebody: the front page, then one group for each matter. `led`:
    with what leads of a desk do."""
    settings, leads = bool(reach(actor, SETTINGS_MANAGE)), led and bool(reach(actor, RECORDS_LEAD))
    people: list[Told] = [
        ("people", _("People"), "users"),
        ("organisations", _("Organisations"), "building"),
        ("teams", _("Teams"), "users-group"),
        ("roles", _("Roles"), "shield"),
        ("access", _("Access"), "eye"),
    ]
    work: list[Told] = [
        ("services", _("Services"), "activity"),
        ("calendars", _("Calendars"), "calendar-time"),
        ("categories", _("Categories"), "category"),
        ("matrix", _("Priority matrix"), "layout-grid"),
        ("task_templates", _("Task templates"), "clipboard-list"),
        ("escalation", _("Escalation"), "chevrons-up"),
    ]
    promising: list[Told] = [
        ("agreements", _("Agreements"), "heart-handshake"),
        ("metrics", _("Metrics"), "hourglass"),
    ]
    assigning: list[Told] = [("assignment", _("Assignment"), "route")]
    telling: list[Told] = [("announcements", _("Announcements"), "speakerphone"), ("ratings", _("Ratings"), "star")]
    hearing: list[Told] = [("notifications", _("Notifications"), "bell")]
    guided: list[Told] = [("set_up", _("Set-up"), "wand")]
    return [
        Section(
            _("Administration"),
            [*([_front()] if _looks_after(actor) else []), *_items(guided, set_up.guides(actor))],
        ),
        Section(_("People"), _items(people, bool(reach(actor, PEOPLE_MANAGE)))),
        Section(_("Work"), [*_items(work, settings), *_items(assigning, leads)]),
        Section(_("Promises"), _items(promising, settings or bool(reach(actor, AGREEMENTS_MANAGE)))),
        Section(_("What people hear"), [*_items(telling, leads), *_items(hearing, settings)]),
        Section(_("This instance"), _instance(actor)),
    ]


def _items(told: Sequence[Told], is_open: bool) -> list[Item]:
    return [_item(*one) for one in told] if is_open else []


def _instance(actor: Actor) -> list[Item]:
    links = []
    if reach(actor, SETTINGS_MANAGE):
        links.append(_item("settings", _("Settings"), "adjustments"))
    if reach(actor, JOBS_MANAGE).everywhere:
        failed = dead_letters.failed()
        links.append(Item(_("Background jobs"), reverse("administration:jobs"), "refresh", failed or None, failed > 0))
    if reach(actor, AUDIT_VIEW, PEOPLE_MANAGE, SETTINGS_MANAGE):
        links.append(_item("history", _("Changes"), "history"))
    return links


def rooms(actor: Actor) -> list[Item]:
    """The same pages in one row, without what leads of a desk do."""
    return [link for section in groups(actor, led=False) for link in section.links]


def _front() -> Item:
    return Item(_("Administration"), reverse("administration:home"), "settings", exact=True, key="g a")


def _looks_after(actor: Actor) -> bool:
    return bool(reach(actor, PEOPLE_MANAGE, SETTINGS_MANAGE, AGREEMENTS_MANAGE)) or reach(actor, JOBS_MANAGE).everywhere


def _telling(actor: Actor) -> list[Section]:
    """What leads of a desk do for everybody: announcements, and reading how the help was found."""
    if not reach(actor, RECORDS_LEAD):
        return []
    links = [
        _item("agreements", _("Agreements"), "heart-handshake"),
        _item("assignment", _("Assignment"), "route"),
        _item("announcements", _("Announcements"), "speakerphone"),
        _item("ratings", _("Ratings"), "star"),
    ]
    return [Section(_("Everybody"), links)]


def _item(name: str, label: str, icon: str) -> Item:
    return Item(label, reverse(f"administration:{name}"), icon)
