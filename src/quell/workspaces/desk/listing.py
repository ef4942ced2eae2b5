"""From the address of a list to what stands on the page: filter, words of its chips, carried query string.

The address is the whole state of a list: it can be shared, kept as a bookmark, and travels with the ticket that
was opened from it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid
from quell.practices.incidents import facade

from . import nav, queries, wording

SORTS = ("priority", "-updated_at", "-opened_at", "opened_at", "number")
DEFAULT = {"state": "open", "sort": "priority"}
#: Parameters of pages that show a list beside something else.
OWN = ("tab", "show", "hx", "compose")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MOMENTS = ("opened_after", "opened_before", "updated_after")


#: Seconds that names of categories are kept in memory: they change once a month, and stand on every page.
NAMES_KEPT = 30.0
_names: dict[int | None, tuple[float, dict[str, str]]] = {}


@dataclass(frozen=True, slots=True)
class Chip:
    """One narrowing of the list in words, and the address without it."""

    label: str
    value: str
    url: str


def given(parameters: QueryDict) -> dict[str, str]:
    """The list's parameters: repeated ones joined by commas, empty ones dropped, this house's own left out."""
    found: dict[str, str] = {}
    for name in parameters:
        if name in OWN:
            continue
        text = ",".join(part for part in parameters.getlist(name) if part.strip())
        if text:
            found[name] = text
    return found


def wanted(actor: Actor, asked: Mapping[str, str]) -> facade.Wanted:
    """What the practice makes of it; a plain day is the midnight of the reader's zone. Raises Invalid."""
    readable = {name: _moment(text) if name in _MOMENTS else text for name, text in asked.items()}
    return facade.wanted(actor, readable, default_sort="-opened_at")


def _moment(text: str) -> str:
    if not _DAY.match(text):
        return text
    try:
        day = parse_date(text)
    except ValueError:
        return text
    if day is None or not 1 < day.year < 9999:
        return text
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone()).isoformat()


def encoded(asked: Mapping[str, str]) -> str:
    """As a query string with its question mark, "" when nothing is asked."""
    text = urlencode(dict(asked))
    return f"?{text}" if text else ""


def without_cursor(asked: Mapping[str, str]) -> dict[str, str]:
    """The same list from its beginning."""
    return {name: text for name, text in asked.items() if name != "cursor"}


def chips(actor: Actor, asked: Mapping[str, str]) -> list[Chip]:
    """The narrowings in words, each with the address that takes it away."""
    shown = []
    for name, text in asked.items():
        if name in ("sort", "cursor", "limit"):
            continue
        rest = {key: content for key, content in without_cursor(asked).items() if key != name}
        label = str(wording.FIELDS.get(name, name))
        shown.append(Chip(label, _words(actor, name, text), f"/incidents/{encoded(rest)}"))
    return shown


def _words(actor: Actor, name: str, text: str) -> str:
    parts = [part.strip() for part in text.split(",")]
    if name == "team":
        names = queries.team_names(actor, [part for part in parts if part not in ("none", "@myteams")])
        special = {"none": _("none"), "@myteams": _("mine")}
        return ", ".join(special.get(part) or names.get(part, part) for part in parts)
    if name in ("assignee", "requester", "owner"):
        special = {"none": _("nobody"), "@me": _("me"), "me": _("me")}
        return ", ".join(special.get(part) or _name(actor, part) for part in parts)
    if name == "state":
        return ", ".join(_("open") if part == "open" else wording.value("state", part).lower() for part in parts)
    if name == "priority":
        return ", ".join(f"P{part}" for part in parts)
    if name in ("channel", "hold_reason"):
        return ", ".join(wording.value(name, part) for part in parts)
    if name == "category":
        return ", ".join(category_name(actor.organisation_id, part) for part in parts)
    return text


def _name(actor: Actor, email: str) -> str:
    known = directory.known(actor, email)
    return str(known["name"]) if known else email


def shortcuts(asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lists everybody needs, one press each."""
    lists = [
        (_("Open"), {"state": "open", "sort": "priority"}),
        (_("Mine"), {"state": "open", "assignee": "@me", "sort": "priority"}),
        (_("My teams"), {"state": "open", "team": "@myteams", "sort": "priority"}),
        (_("Unassigned"), {"state": "open", "assignee": "none", "sort": "priority"}),
        (_("On hold"), {"state": "on_hold", "sort": "-updated_at"}),
        (_("Resolved"), {"state": "resolved", "sort": "-updated_at"}),
        (_("All"), {}),
    ]
    here = {name: text for name, text in asked.items() if name not in ("sort", "cursor", "limit")}
    return [
        {
            "label": label,
            "url": f"/incidents/{encoded(parameters)}",
            "current": here == {name: text for name, text in parameters.items() if name != "sort"},
        }
        for label, parameters in lists
    ]


def code_of(asked: Mapping[str, str]) -> str:
    """Which entry of the navigation this list is."""
    narrowed = {name: text for name, text in asked.items() if name not in ("sort", "cursor", "limit")}
    known = {
        (("state", "open"), ("assignee", "none")): "unassigned",
        (("state", "open"), ("assignee", "@me")): "mine",
        (("state", "open"), ("team", "@myteams")): "teams",
        (("state", "on_hold"),): "on_hold",
    }
    for narrowing, code in known.items():
        if narrowed == dict(narrowing):
            return code
    return "incidents"


def title_of(asked: Mapping[str, str]) -> str:
    """What the list is called."""
    titles = {"unassigned": _("Unassigned"), "mine": _("My work"), "teams": _("My teams"), "on_hold": _("On hold")}
    return titles.get(code_of(asked)) or _("Incidents")


def rows(page: facade.Page, carried: str) -> list[dict[str, Any]]:
    """The rows of a page as the templates take them: the practice's own, with address and words."""
    for row in page.rows:
        row["url"] = f"/incidents/{row['number']}{carried}"
        row["state_label"] = wording.STATES.get(row["state"], row["state"])
    return page.rows


def category_name(organisation_id: int | None, path: str) -> str:
    """A category with the names of those above it; its path when it is no longer offered."""
    now = time.monotonic()
    known = _names.get(organisation_id)
    if known is None or now - known[0] > NAMES_KEPT:
        if len(_names) > 500:
            _names.clear()
        known = _names[organisation_id] = (now, dict(facade.categories(organisation_id)))
    return known[1].get(path) or path.replace("/", " › ")


def pane(actor: Actor, asked: Mapping[str, str]) -> dict[str, Any]:
    """The list beside a ticket: the one it was opened from, else what is open. A list that cannot be read (somebody
    else's team in a shared address) gives way to that one too: the ticket matters more."""
    chosen = dict(asked) or dict(DEFAULT)
    try:
        page = facade.page(actor, wanted(actor, chosen))
    except Invalid:
        chosen = dict(DEFAULT)
        page = facade.page(actor, wanted(actor, chosen))
    carried = encoded(chosen)
    return {
        "rows": rows(page, carried),
        "carried": carried,
        "list_url": f"/incidents/{encoded(without_cursor(chosen))}",
        "list_title": title_of(chosen),
        "pane_count": _counted(actor, chosen),
        "pane_chips": chips(actor, chosen),
        "pane_next": f"{encoded({**without_cursor(chosen), 'cursor': page.next_cursor})}" if page.next_cursor else "",
        "sort_words": _sort_words(chosen.get("sort", "-opened_at")),
    }


def _counted(actor: Actor, asked: Mapping[str, str]) -> str:
    """How many the list holds, where the navigation knows it already; counting for a glance alone is too dear."""
    code = code_of(asked)
    if code == "incidents" and {name: text for name, text in asked.items() if name not in ("sort", "cursor")} != {
        "state": "open"
    }:
        return ""
    return wording.count(nav.counters(actor)["open" if code == "incidents" else code])


def _sort_words(sort: str) -> str:
    words = {
        "priority": _("priority"),
        "-priority": _("least urgent"),
        "-updated_at": _("latest change"),
        "updated_at": _("oldest change"),
        "-opened_at": _("newest"),
        "opened_at": _("oldest"),
        "number": _("number"),
        "-number": _("newest number"),
    }
    return str(words.get(sort, sort))
