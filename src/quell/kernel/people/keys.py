"""The single-letter commands, and the keys a person has given them instead (ux.md 1.3, 3.8 rule 2; WCAG 2.1.4).

Pages name commands by their default key (`data-key="a"`); lists.js translates what is pressed. A key is one sign that
can be typed without Ctrl or Alt, `Space`, or `Shift+` and a letter. `G` and `V` begin a command of two keys: the
first can be changed, the second says where to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ANYWHERE, LISTS, RECORD = gettext_lazy("Everywhere"), gettext_lazy("In lists"), gettext_lazy("On a ticket")
_KEY = re.compile(r"^(?:Shift\+[a-z]|Space|[^\sA-Z=+])$")
#: What is pressed with Shift and a letter is shown so.
SHIFT = "Shift+"
#: The one key that has a name and no sign.
SPACE = "Space"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its default key, what it does, and where."""

    key: str
    label: str | Promise
    where: str | Promise


COMMANDS: tuple[Command, ...] = (
    Command("?", gettext_lazy("Show the keyboard shortcuts"), ANYWHERE),
    Command("/", gettext_lazy("Search or filter this page"), ANYWHERE),
    Command("c", gettext_lazy("Log a call"), ANYWHERE),
    Command("g", gettext_lazy("Go to, with a second letter"), ANYWHERE),
    Command("v", gettext_lazy("Show a view, with its number"), ANYWHERE),
    Command("u", gettext_lazy("Undo"), ANYWHERE),
    Command("j", gettext_lazy("Next row"), LISTS),
    Command("k", gettext_lazy("Previous row"), LISTS),
    Command("Shift+j", gettext_lazy("Extend the selection downwards"), LISTS),
    Command("Shift+k", gettext_lazy("Extend the selection upwards"), LISTS),
    Command("o", gettext_lazy("Open the row"), LISTS),
    Command(SPACE, gettext_lazy("Peek at the row, and again to close"), LISTS),
    Command("x", gettext_lazy("Select the row"), LISTS),
    Command("f", gettext_lazy("Add a condition"), LISTS),
    Command("]", gettext_lazy("Next ticket of the list, or next page"), LISTS),
    Command("[", gettext_lazy("Previous ticket of the list"), LISTS),
    Command("r", gettext_lazy("Reply"), RECORD),
    Command("n", gettext_lazy("Internal note; in lists, something new"), RECORD),
    Command("a", gettext_lazy("Assign"), RECORD),
    Command("i", gettext_lazy("Assign to me"), RECORD),
    Command("p", gettext_lazy("Priority"), RECORD),
    Command("s", gettext_lazy("State"), RECORD),
    Command("e", gettext_lazy("Resolve, or reopen"), RECORD),
    Command("t", gettext_lazy("Tasks"), RECORD),
    Command("m", gettext_lazy("Run a macro"), RECORD),
    Command("Shift+m", gettext_lazy("Merge"), RECORD),
    Command("Shift+s", gettext_lazy("Split"), RECORD),
    Command("z", gettext_lazy("Snooze"), RECORD),
    Command(".", gettext_lazy("Copy number, title and link"), RECORD),
)
DEFAULTS = tuple(command.key for command in COMMANDS)


@dataclass(frozen=True, slots=True)
class Line:
    """A command with the key in force; `name` is its field in a form, `caps` the keys as they are drawn."""

    command: Command
    key: str

    @property
    def name(self) -> str:
        """A name that a form can carry, whatever the key."""
        return f"key-{DEFAULTS.index(self.command.key)}"

    @property
    def caps(self) -> list[str]:
        """One cap for each key to press."""
        return caps(self.key)

    @property
    def changed(self) -> bool:
        """Is it another than it came with?"""
        return self.key != self.command.key


def caps(key: str) -> list[str]:
    """A key as it is printed on a keyboard: "Shift+m" is Shift and M."""
    if key == SPACE:
        return [_("Space")]
    plain = key.removeprefix(SHIFT)
    return [*(["Shift"] if plain != key else []), plain.upper() if len(plain) == 1 else plain]


def read(kept: str) -> dict[str, str]:
    """Own keys by default key, as the person's row keeps them ("a=q Shift+m=w"); what is no command is left out."""
    pairs = (pair.partition("=") for pair in kept.split(" ") if pair)
    return {key: own for key, _sign, own in pairs if key in DEFAULTS and _KEY.match(own)}


@lru_cache(maxsize=256)
def tidied(kept: str) -> str:
    """What a person has kept, without what means nothing (any more)."""
    return write(read(kept))


def write(own: Mapping[str, str]) -> str:
    """As the person's row keeps them: only what differs from the default."""
    return " ".join(f"{key}={own[key]}" for key in DEFAULTS if own.get(key, key) != key)


def lines(kept: str) -> list[Line]:
    """Every command with the key in force."""
    own = read(kept)
    return [Line(command, own.get(command.key, command.key)) for command in COMMANDS]


def sheet(kept: str) -> list[tuple[str, list[Line]]]:
    """The commands by where they work, in the language that is in force. It stands on every page; do not change it."""
    return _sheet(kept, translation.get_language() or "")


@lru_cache(maxsize=256)
def _sheet(kept: str, language: str) -> list[tuple[str, list[Line]]]:
    found: dict[str, list[Line]] = {}
    for line in lines(kept):
        found.setdefault(str(line.command.where), []).append(line)
    return list(found.items())


def kept_of(person: Any) -> str:
    """What a person has kept; nothing for visitors."""
    return str(getattr(person, "keys", ""))


def tidy(typed: str) -> str:
    """What somebody typed as a key: "A" is a, "shift + m" is Shift+m, a blank is Space."""
    text = "".join(typed.split())
    if (typed and not text) or text.lower() in (SPACE.lower(), _("Space").lower()):
        return SPACE
    if text.lower().startswith("shift+"):
        return SHIFT + text[6:].lower()
    return text.lower() if len(text) == 1 else text


def faults(chosen: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with keys chosen (by default key), as a sentence for each at fault."""
    labels = {command.key: str(command.label) for command in COMMANDS}
    found: dict[str, str] = {}
    taken: dict[str, str] = {}
    for key in DEFAULTS:
        own = chosen.get(key, key)
        if not _KEY.match(own):
            found[key] = _("One sign, such as Q, or Shift and a letter, such as Shift+Q.")
        elif own in taken:
            found[key] = _("%(key)s is taken by “%(command)s”. Choose another.") % {
                "key": " ".join(caps(own)),
                "command": labels[taken[own]],
            }
        else:
            taken[own] = key
    return found
