"""What administration brings into the palette: its pages and every setting, for those who look after them."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.config.options import all_options
from quell.kernel.ui import palette
from quell.kernel.ui.palette import SETTINGS, Entry, Wish
from quell.practices.calendars import facade

from . import nav
from .doors import reach

#: Letters from which on calendars are looked for by name.
LEAST = 2


def offered(request: HttpRequest, actor: Actor, wanted: Wish) -> Iterator[Entry]:
    """Pages first, then settings; nothing before somebody types, unless `:` asks for settings alone."""
    if wanted.kind not in ("", SETTINGS) or not (wanted.text or wanted.kind):
        return
    yield from palette.best(wanted.text, _pages(actor))
    if reach(actor, SETTINGS_MANAGE):
        yield from palette.best(wanted.text, _settings())
        if len(wanted.text) >= LEAST:
            yield from _calendars(actor, wanted.text)


def _pages(actor: Actor) -> list[Entry]:
    """Rooms in their order, the settings before them: a bare `:` asks for those."""
    rooms = sorted(nav.rooms(actor), key=lambda link: link.url != reverse("administration:settings"))
    return [
        Entry(SETTINGS, str(link.label), link.url, link.icon, detail=_("Administration"), key=link.key)
        for link in rooms
    ]


def _calendars(actor: Actor, text: str) -> Iterator[Entry]:
    """Calendars and holiday sets by name or code."""
    asked = facade.Asked(text, active=True, limit=palette.FEW)
    kinds = (
        (facade.calendars, "calendar", "calendar-time", _("Calendar")),
        (facade.holiday_sets, "holiday_set", "calendar-event", _("Holiday set")),
    )
    for find, page, icon, detail in kinds:
        for row in find(actor, asked)[: palette.FEW]:
            yield Entry(SETTINGS, row["name"], reverse(f"administration:{page}", args=[row["code"]]), icon, detail)


def _settings() -> Iterator[Entry]:
    address = reverse("administration:settings")
    for option in all_options():
        words = f"{option.key} {option.help}"
        yield Entry(SETTINGS, str(option.label), f"{address}#id_{option.key}", "adjustments", option.key, also=words)
