"""How the portal shows announcements and the health of services: words and shapes, never colour alone (ux.md 3.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quell.kernel.ui import moments
from quell.practices.communications import facade as communications

#: More than two would be a notice board (ux.md 2.2).
MOST = 2
LOOKS = {
    "outage": ("warn", "speakerphone"),
    "maintenance": ("", "tools"),
    "information": ("", "info-circle"),
}
SEVERITIES = {
    "outage": gettext_lazy("Outage"),
    "maintenance": gettext_lazy("Maintenance"),
    "information": gettext_lazy("News"),
}
HEALTH = {
    "works": gettext_lazy("Works"),
    "maintenance": gettext_lazy("Maintenance"),
    "degraded": gettext_lazy("Disturbed"),
    "down": gettext_lazy("Does not work"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """An announcement as the portal draws it."""

    shown: communications.Shown
    kind: str
    icon: str
    facts: str
    url: str

    @property
    def severity(self) -> str:
        """Its severity in words."""
        return str(SEVERITIES[self.shown.severity])


def notice(row: Mapping[str, Any]) -> Notice:
    """From a row of the room."""
    return from_shown(communications.in_words(row))


def from_shown(shown: communications.Shown) -> Notice:
    """From an announcement in the reader's language."""
    kind, icon = LOOKS[shown.severity]
    if shown.phase == "over":
        kind, icon = "ok", "circle-check"
    return Notice(shown, kind, icon, _facts(shown), reverse("portal:news", args=[shown.id]))


def _facts(shown: communications.Shown) -> str:
    """When the next word comes, until when it lasts, how many it hits."""
    parts = []
    if shown.phase == "over":
        parts.append(_("This is over."))
    elif shown.next_update_at is not None:
        parts.append(_("Next update %(when)s.") % {"when": moments.short(shown.next_update_at)})
    elif shown.ends_at is not None:
        parts.append(_("Until %(when)s.") % {"when": moments.short(shown.ends_at, with_time=True)})
    if shown.count:
        words = ngettext("%(count)d person is affected.", "%(count)d people are affected.", shown.count)
        parts.append(words % {"count": shown.count})
    return " ".join(parts)


def speaks_of(found: Notice, text: str) -> bool:
    """Does an announcement share a word with what was typed? Words of three letters and more count by their beginning,
    in either direction; scripts that part no words by two signs in a row."""
    said = f"{found.shown.title} {found.shown.text} {found.shown.service}".casefold()
    theirs = re.findall(r"\w+", said)
    for word in re.findall(r"\w+", text.casefold()):
        if not word.isascii() and any(ord(sign) >= 0x2E80 for sign in word):
            if any(word[at : at + 2] in said for at in range(len(word) - 1)):
                return True
        elif len(word) >= 3 and any(one.startswith(word) or (len(one) >= 4 and word.startswith(one)) for one in theirs):
            return True
    return False


def counted_in(shown: communications.Shown) -> str:
    """What somebody hears who has just said “me too”."""
    if shown.next_update_at is None:
        return _("We count you in. You hear from us as soon as there is news.")
    return _("We count you in. You get the next update %(when)s.") % {"when": moments.short(shown.next_update_at)}


@dataclass(frozen=True, slots=True)
class Light:
    """A service and how it is, in words."""

    code: str
    name: str
    health: str
    words: str
    following: bool


def light(found: communications.ServiceHealth) -> Light:
    """From the room's own."""
    words = str(HEALTH[found.health])
    if found.until is not None:
        until = moments.short(found.until, with_time=True)
        words = _("%(health)s until %(when)s") % {"health": words, "when": until}
    return Light(found.code, found.name, found.health, words, found.following)
