"""Small pieces of markup drawn in Python: icons, badges, people, times.

They appear dozens of times on a page, where a template include each would cost more than the page's
queries. Everything a person wrote is escaped by `Markup.format`; what depends on few values is remembered.
"""

from __future__ import annotations

import time
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from typing import Protocol
from zlib import crc32

from django.core.signals import setting_changed
from django.dispatch import receiver
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from quell.kernel.ui import moments

PRIORITIES = {
    1: gettext_lazy("Critical"),
    2: gettext_lazy("High"),
    3: gettext_lazy("Medium"),
    4: gettext_lazy("Low"),
    5: gettext_lazy("Planning"),
}
# State category of a record (architecture.md 1) -> colour and icon. Never colour alone (ux.md 3.1).
CATEGORIES = {
    "new": ("brand", "circle-dashed"),
    "active": ("info", "circle-dot"),
    "waiting": ("paused", "player-pause"),
    "resolved": ("ok", "circle-check"),
    "closed": ("", "check"),
}
AVATAR_COLOURS = 5
LABELS_KEPT = 4096

_ICON = Markup('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>')
_NAMED_ICON = Markup('<svg class="{}" role="img" aria-label="{}"><use href="{}#i-{}"/></svg>')
_PRIORITY = Markup('<span class="priority p{}" title="{}">P{}</span>')
_NO_PRIORITY = Markup('<span class="priority none" title="{}">–</span>')
_TAG = Markup('<span class="tag {}">{}{}</span>')
_AVATAR = Markup('<span class="avatar a{} {}" role="img" aria-label="{}" title="{}">{}</span>')
_HIDDEN_AVATAR = Markup('<span class="avatar a{} {}" aria-hidden="true">{}</span>')
_NOBODY = Markup('<span class="avatar none {}" role="img" aria-label="{}" title="{}">?</span>')
_NEVER = Markup('<span class="muted">{}</span>')
_TIME = Markup('<time datetime="{}" title="{}">{}</time>')


class Named(Protocol):
    """Anyone with a name to draw initials from."""

    name: str


@lru_cache(maxsize=512, typed=True)
def _icon(sprite: str, name: str, size: str, label: str) -> Markup:
    classes = f"i {size}".strip()
    if label:
        return _NAMED_ICON.format(classes, label, sprite, name)
    return _ICON.format(classes, sprite, name)


@cache
def _sprite() -> str:
    """Address of the sprite; its name carries a hash, so it changes only with a new release."""
    return static("quell/icons.svg")


@receiver(setting_changed, dispatch_uid="quell.ui.marks")
def _forget(**changed: object) -> None:
    _sprite.cache_clear()


def words(label: object, language: str | None = None) -> str:
    """The label as text; markup stays markup, which `str()` would undo.

    A label that waits for its language (`gettext_lazy`) is asked once a language, and not on every row of every page.
    """
    if isinstance(label, str):
        return label
    if not isinstance(label, Promise):
        return str(label)
    key = (id(label), _in(language))
    known = _labels.get(key)
    if known is None:
        if len(_labels) >= LABELS_KEPT:
            _labels.clear()
        # The label is kept with its words: as long as it is here, no other object can have its id.
        known = _labels[key] = (label, str(label))
    return known[1]


_labels: dict[tuple[int, str], tuple[object, str]] = {}


def _in(language: str | None) -> str:
    """The language in force, unless the caller knows it."""
    return language if language is not None else translation.get_language() or ""


def icon(name: str, size: str = "", label: str = "") -> Markup:
    """One icon of the sprite. `size` is "", "lg" (20 px) or "xl" (24 px); `label` only when it stands alone."""
    return _icon(_sprite(), name, size, words(label))


@lru_cache(maxsize=64)
def _priority(value: int | None, language: str) -> Markup:
    if value is None:
        return _NO_PRIORITY.format(_("No priority yet"))
    return _PRIORITY.format(value, PRIORITIES.get(value, ""), value)


def priority(value: int | None, *, language: str | None = None) -> Markup:
    """The P1 … P5 badge with its word as tooltip; a dash when there is none."""
    return _priority(value, _in(language))


# typed: a Markup equals the plain text it holds, and must not answer for it unescaped.
@lru_cache(maxsize=1024, typed=True)
def _tag(label: str, colour: str, drawing: Markup) -> Markup:
    return _TAG.format(colour, drawing, label)


def state(label: object, category: str, *, language: str | None = None) -> Markup:
    """A state's words in the colour and with the icon of its category."""
    colour, sign = CATEGORIES.get(category, ("", "circle-dashed"))
    return _tag(words(label, language), colour, icon(sign))


def tag(label: object, colour: str = "", sign: str = "") -> Markup:
    """A tag: words, optional colour (p1 … p5, ok, paused, brand, warn, info, outline) and icon."""
    return _tag(words(label), colour, icon(sign) if sign else Markup(""))


def initials(name: str) -> str:
    """Two letters from first and last name; for a name in CJK characters, the last one."""
    words = [word for word in name.replace(".", " ").replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        word = words[0]
        return word[-1:] if ord(word[0]) > 0x2E80 else word[:2].upper()
    return (words[0][0] + words[-1][0]).upper()


@lru_cache(maxsize=4096, typed=True)
def _avatar(name: str, size: str, hidden: bool) -> Markup:
    # crc32 and not hash(): the colour must be the same in every process and after every restart.
    colour = crc32(name.encode()) % AVATAR_COLOURS
    if hidden:
        return _HIDDEN_AVATAR.format(colour, size, initials(name))
    return _AVATAR.format(colour, size, name, name, initials(name))


@lru_cache(maxsize=64)
def _nobody(size: str, language: str) -> Markup:
    return _NOBODY.format(size, _("Unassigned"), _("Unassigned"))


def avatar(
    person: Named | str | None, size: str = "", *, decorative: bool = False, language: str | None = None
) -> Markup:
    """Initials in a circle, the same colour for the same name everywhere.

    `decorative` hides it from screen readers, for places where the name stands beside it.
    """
    if not person:
        return _nobody(size, _in(language))
    name = person if isinstance(person, str) else getattr(person, "name", None) or str(person)
    return _avatar(name, size, decorative)


def when(moment: datetime | None, style: str = "short", empty: str = "–", *, language: str | None = None) -> Markup:
    """A moment as <time>, full time and zone on hover.

    `style`: "short" (today 14:05, Tue 24 Nov), "long" (always with the
    time of day), "clock" (14:05), "day" (today, Tue 24 Nov), "full".
    """
    if moment is None:
        return _NEVER.format(empty)
    zone = timezone.get_current_timezone()
    return _when(moment, style, _today(zone, int(time.time() // 60)), zone, _in(language))


@lru_cache(maxsize=256)
def _today(zone: tzinfo, minute: int) -> date:
    """The day in a zone; worked out once a minute, because days begin with one."""
    return datetime.fromtimestamp(minute * 60, zone).date()


@lru_cache(maxsize=16_384)
def _when(moment: datetime, style: str, today: date, zone: tzinfo, language: str) -> Markup:
    """Zone and language are in force already; they and the day are arguments because the words depend on them."""
    complete = moments.full(moment)
    if style == "clock":
        words = moments.clock(moment)
    elif style == "day":
        words = moments.day(timezone.localtime(moment).date(), today)
    elif style == "full":
        words = complete
    else:
        words = moments.short(moment, with_time=style == "long")
    return _TIME.format(moment.isoformat(), complete, words)
