"""The palette: one field that finds, goes and does (ux.md 2.24).

Workspaces register what they know; the palette asks everybody, ranks, and shows a few of each kind. A first letter
narrows: `#` records, `@` people, `>` things to do, `:` settings, `?` help.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from quell.kernel.access.actor import Actor

from . import navigation
from .signed_in import actor_of, signed_in

GO, OPEN, DO, PEOPLE, SETTINGS, HELP = "go", "open", "do", "people", "settings", "help"
TITLES: dict[str, str | Promise] = {
    OPEN: _("Open"),
    GO: _("Go to"),
    DO: _("Do"),
    PEOPLE: _("People"),
    SETTINGS: _("Settings"),
    HELP: _("Help"),
}
PREFIXES = {"#": OPEN, "@": PEOPLE, ">": DO, ":": SETTINGS, "?": HELP}
#: How many of a kind are shown; alone in the palette, a kind may have more.
FEW, MANY = 5, 12


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked: the words without their prefix, the one kind asked for ("" for all), and where the person is."""

    text: str
    kind: str
    page: str
    limit: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `url` is a link; `post` is done at once by a form; `opens` names a dialog that `url` is loaded into.
    `marks` are drawn before the label (a priority badge), `key` is the shortcut that does the same."""

    kind: str
    label: str
    url: str
    icon: str = "chevron-right"
    detail: str = ""
    key: str = ""
    post: bool = False
    opens: str = ""
    priority: int | None = None
    also: str = field(default="", compare=False)


Provider = Callable[[HttpRequest, Actor, Wish], Iterable[Entry]]
_providers: dict[str, tuple[int, Provider]] = {}


def register(name: str, order: int, provider: Provider) -> None:
    """Add somebody to ask. Lower `order` comes first within a kind."""
    if name in _providers:
        raise ValueError(f"palette provider {name} is registered twice")
    _providers[name] = (order, provider)


def wish(typed: str, page: str) -> Wish:
    """Read what was typed."""
    text = typed.replace("\x00", "").strip()[:200]
    kind = PREFIXES.get(text[:1], "")
    return Wish(text[1:].strip() if kind else text, kind, page, MANY if kind else FEW)


def score(text: str, *labels: str) -> int:
    """How well the words typed fit a label: 0 not at all, 4 best. Forgiving: a word may be the beginning of a word,
    lie inside one, or lend its letters in order ("svct" finds "service types")."""
    wanted = _folded(text)
    if not wanted:
        return 1
    return max((_one(wanted, _folded(label)) for label in labels if label), default=0)


def _one(wanted: str, label: str) -> int:
    if label.startswith(wanted):
        return 4
    if all(any(part.startswith(word) for part in label.split()) for word in wanted.split()):
        return 3
    if all(word in label for word in wanted.split()):
        return 2
    letters = iter(label)
    return 1 if len(wanted) > 2 and all(letter in letters for letter in wanted.replace(" ", "")) else 0


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def best(text: str, entries: Iterable[Entry]) -> list[Entry]:
    """Those that fit, best first, in the order given among equals."""
    rated = [(score(text, str(entry.label), entry.also), entry) for entry in entries]
    return [entry for rate, entry in sorted((one for one in rated if one[0]), key=lambda one: -one[0])]


def found(request: HttpRequest, actor: Actor, wanted: Wish) -> list[dict[str, Any]]:
    """Everything that fits, grouped by kind in the order of `TITLES`."""
    groups: dict[str, list[Entry]] = {kind: [] for kind in TITLES}
    for _name, (_order, provider) in sorted(_providers.items(), key=lambda known: (known[1][0], known[0])):
        for entry in provider(request, actor, wanted):
            if (not wanted.kind or entry.kind == wanted.kind) and len(groups[entry.kind]) < wanted.limit:
                groups[entry.kind].append(entry)
    return [{"kind": kind, "title": TITLES[kind], "entries": entries} for kind, entries in groups.items() if entries]


def pages(request: HttpRequest, actor: Actor, wanted: Wish) -> Sequence[Entry]:
    """Every page of the navigation."""
    if wanted.kind not in ("", GO):
        return ()
    links = [link for section in navigation.sections(request, actor) for link in section.links]
    return best(wanted.text, [Entry(GO, str(link.label), link.url, link.icon, key=link.key) for link in links])


register("pages", 50, pages)


@require_safe
@signed_in
def palette(request: HttpRequest) -> HttpResponse:
    """The lines for what was typed so far; agents only, others find nothing."""
    actor = actor_of(request)
    wanted = wish(request.GET.get("q", ""), request.headers.get("HX-Current-URL", ""))
    groups = found(request, actor, wanted) if actor.is_agent else []
    answer = render(request, "ui/palette_found.html", {"groups": groups, "wanted": wanted})
    answer["Cache-Control"] = "no-store"
    return answer
