"""From the address of a list to what stands on the page: filter, words of its chips, carried query string.

The address is the whole state of a list: it can be shared, kept as a bookmark, and travels with the ticket that
was opened from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid
from quell.kernel.ui import marks
from quell.practices.incidents import facade
from quell.practices.servicedesk import facade as servicedesk

from . import clocks_shown, narrowing, nav, wording
from .category_names import _names, category_name

__all__ = ["_names", "category_name"]

SORTS = ("priority", "due_at", "-updated_at", "-opened_at", "opened_at", "number")
DEFAULT = {"state": "open", "sort": "priority"}
#: Rows of the list beside a ticket: two screens of them. The ticket has to find room on the page as well.
BESIDE = "30"
#: Parameters of pages that show a list beside something else.
OWN = ("tab", "show", "hx", "compose")
#: Entries of the navigation that are shipped views.
CODES = {"mine": "mine", "my-team": "teams", "unassigned": "unassigned", "waiting": "on_hold"}
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MOMENTS = ("opened_after", "opened_before", "updated_after", "due_before")


def given(parameters: QueryDict) -> dict[str, str]:
    """The list's parameters: repeated ones joined by commas, empty ones dropped, this house's own left out."""
    found: dict[str, str] = {}
    for name in parameters:
        if name in OWN:
            continue
        text = (" " if name == "query" else ",").join(part for part in parameters.getlist(name) if part.strip())
        if text:
            found[name] = text
    return found


def wanted(actor: Actor, asked: Mapping[str, str]) -> facade.Wanted:
    """What the practice makes of it; a plain day is the midnight of the reader's zone. Raises Invalid."""
    plain = narrowing.resolved(actor, asked)
    readable = {name: _moment(text) if name in _MOMENTS else text for name, text in plain.items()}
    found = facade.wanted(actor, readable, default_sort="-opened_at")
    mine = plain.get("assignee") == "@me" or "assignee:@me" in plain.get("q", "")
    return awake(actor, found) if mine else found


def awake(actor: Actor, found: facade.Wanted) -> facade.Wanted:
    """A list of one's own work without what one has snoozed."""
    asleep = servicedesk.asleep(actor)
    if not asleep:
        return found
    return replace(found, filter=replace(found.filter, without=tuple(sorted(asleep))))


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


def code_of(asked: Mapping[str, str]) -> str:
    """Which entry of the navigation this list is."""
    if asked.get("view") in CODES and "query" not in asked:
        return CODES[asked["view"]]
    narrowed = {name: text for name, text in asked.items() if name not in ("sort", "cursor", "limit")}
    known = {
        (("state", "open"), ("assignee", "none")): "unassigned",
        (("state", "open"), ("assignee", "@me")): "mine",
        (("state", "open"), ("team", "@myteams")): "teams",
        (("state", "on_hold"),): "on_hold",
    }
    for conditions, code in known.items():
        if narrowed == dict(conditions):
            return code
    return "incidents"


_TITLES = {
    "unassigned": gettext_lazy("Unassigned"),
    "mine": gettext_lazy("My work"),
    "teams": gettext_lazy("My teams"),
    "on_hold": gettext_lazy("On hold"),
}


def title_of(asked: Mapping[str, str], view: servicedesk.ViewRow | None = None) -> str:
    """What the list is called."""
    if view is not None:
        return str(view.name)
    return marks.words(_TITLES.get(code_of(asked), wording.EVERYTHING))


def rows(page: facade.Page, carried: str) -> list[dict[str, Any]]:
    """The rows of a page as the templates take them: the practice's own, with address and words."""
    for row in page.rows:
        row["url"] = f"/incidents/{row['number']}{carried}"
        row["state_label"] = wording.STATES.get(row["state"], row["state"])
        row["clock"] = ""
    return page.rows


def pane(actor: Actor, asked: Mapping[str, str]) -> dict[str, Any]:
    """The list beside a ticket: the one it was opened from, else what is open. A list that cannot be read (somebody
    else's team in a shared address) gives way to that one too: the ticket matters more."""
    chosen = dict(asked) or dict(DEFAULT)
    try:
        page = facade.glance(actor, wanted(actor, {"limit": BESIDE, **chosen}))
        here = narrowing.narrowed(actor, without_cursor(chosen))
    except Invalid:
        chosen = dict(DEFAULT)
        page = facade.glance(actor, wanted(actor, {"limit": BESIDE, **chosen}))
        here = narrowing.narrowed(actor, chosen)
    carried = encoded(chosen)
    shown = rows(page, carried)
    clocks_shown.add_to(shown)
    return {
        "rows": shown,
        "carried": carried,
        "list_url": f"/incidents/{encoded(without_cursor(chosen))}",
        "list_title": title_of(chosen, here.view),
        "pane_count": _counted(actor, chosen),
        "pane_chips": narrowing.chips(actor, here),
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


_SORT_WORDS = {
    "priority": gettext_lazy("priority"),
    "-priority": gettext_lazy("least urgent"),
    "-updated_at": gettext_lazy("latest change"),
    "updated_at": gettext_lazy("oldest change"),
    "-opened_at": gettext_lazy("newest"),
    "opened_at": gettext_lazy("oldest"),
    "due_at": gettext_lazy("time left"),
    "-due_at": gettext_lazy("most time left"),
    "number": gettext_lazy("number"),
    "-number": gettext_lazy("newest number"),
}


def _sort_words(sort: str) -> str:
    return marks.words(_SORT_WORDS.get(sort, sort))
