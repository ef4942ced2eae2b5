"""The board's part of the navigation and of the palette, for those who see the inside of records."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.ui import palette
from quell.kernel.ui.navigation import Item
from quell.kernel.ui.palette import GO, Entry, Wish


def sections(request: HttpRequest, actor: Actor) -> list[Item]:
    """The way to the reports."""
    if not actor.is_agent:
        return []
    return [Item(_("Reports"), "/reports", "chart-bar")]


def offered(request: HttpRequest, actor: Actor, wanted: Wish) -> Iterator[Entry]:
    """The pages, once somebody types."""
    if not actor.is_agent or wanted.kind not in ("", GO) or not wanted.text:
        return
    entries = [
        Entry(GO, _("Reports"), "/reports", "chart-bar", also="sla ola attainment"),
        Entry(GO, _("Who held it"), reverse("board:held"), "users", also="ola breakdown team person supplier"),
        Entry(GO, _("What will be late"), reverse("board:forecast"), "hourglass", also="forecast breach"),
    ]
    yield from palette.best(wanted.text, entries)
