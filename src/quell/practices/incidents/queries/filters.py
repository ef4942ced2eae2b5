"""From what stands in an address (`?state=new&team=network&assignee=@me`) to a checked filter.

API, queue and saved addresses share this. Unknown parameters and unknown values are errors, never ignored
(contract.md). Somebody else's team or person counts as unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import FieldError, Invalid
from quell.kernel.records.models import StateCategory

from ..rules.codes import CHANNELS, HOLD_REASONS
from ..rules.lifecycle import INCIDENT
from . import naming
from .asking import asked
from .listing import MOST, Filter, Order

OPEN_WORD, NONE_WORD, ME_WORD, MY_TEAMS_WORD = "open", "none", "@me", "@myteams"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list as asked for."""

    filter: Filter
    order: Order
    limit: int
    cursor: str | None


def wanted(
    actor: Actor, given: Mapping[str, str], *, default_sort: str = "-opened_at", default_limit: int = 50
) -> Wanted:
    """Check every parameter; raises Invalid naming all that are at fault. Values are separated by commas."""
    errors: list[FieldError] = []
    values: dict[str, Any] = {}
    order, limit, cursor = Order.parse(default_sort), default_limit, None
    for name, text in given.items():
        try:
            if "\x00" in text:
                raise Invalid.field(name, _("This text contains characters that cannot be stored."))
            if name == "sort":
                order = Order.parse(text)
            elif name == "limit":
                limit = _whole(name, text, 1, MOST)
            elif name == "cursor":
                cursor = text or None
            elif name in _READERS:
                if text != "":
                    values |= _READERS[name](actor, text)
            else:
                raise Invalid.field(name, _("There is no such parameter here."))
        except Invalid as fault:
            errors.extend(fault.errors)
    if errors:
        raise Invalid(errors[0].message if len(errors) == 1 else _("Some filters need another look."), errors=errors)
    query = values.get("asked")
    if query is not None and query.sort and "sort" not in given:
        order = Order.parse(query.sort)
    return Wanted(Filter(**values), order, limit, cursor)


def _whole(name: str, text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text[:9]) <= high:
        raise Invalid.field(name, _("A whole number between %(low)d and %(high)d.") % {"low": low, "high": high})
    return int(text)


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _states(actor: Actor, text: str) -> dict[str, Any]:
    parts = _split(text)
    if parts == [OPEN_WORD]:
        return {"categories_of_state": ("new", "active", "waiting")}
    expanded = [s for p in parts for s in (_open_states() if p == OPEN_WORD else [p])]
    return {"states": _codes("state", expanded, tuple(INCIDENT.states))}


def _open_states() -> list[str]:
    return [code for code, state in INCIDENT.states.items() if state.category in ("new", "active", "waiting")]


def _codes(name: str, parts: list[str], known: tuple[str, ...]) -> tuple[str, ...]:
    for part in parts:
        if part not in known:
            raise Invalid.field(name, _("Choose one of: %(choices)s.") % {"choices": ", ".join(known)})
    return tuple(dict.fromkeys(parts))


def _of_list(name: str, field: str, known: tuple[str, ...]) -> Callable[[Actor, str], dict[str, Any]]:
    return lambda actor, text: {field: _codes(name, _split(text), known)}


def _priorities(actor: Actor, text: str) -> dict[str, Any]:
    return {"priorities": tuple(dict.fromkeys(_whole("priority", part, 1, 5) for part in _split(text)))}


def _person_field(name: str, field: str, none_field: str = "") -> Callable[[Actor, str], dict[str, Any]]:
    def read(actor: Actor, text: str) -> dict[str, Any]:
        parts = _split(text)
        found: dict[str, Any] = {none_field: True} if none_field and NONE_WORD in parts else {}
        mine = (ME_WORD, "me") if actor.person_id is not None else ()
        named = [part for part in parts if part not in mine and not (none_field and part == NONE_WORD)]
        sentence = _("Nobody with the address “%(name)s” is known here.")
        ids = _known(name, [one.lower() for one in named], naming.people(actor, named), sentence)
        if len(named) < len([part for part in parts if not (none_field and part == NONE_WORD)]):
            ids = [actor.person_id or 0, *ids]
        if ids:
            found[field] = tuple(ids)
        return found

    return read


def _known(name: str, texts: list[str], found: Mapping[str, int], sentence: str) -> list[int]:
    """The ids of what was named; raises Invalid for the first that nobody knows here."""
    for text in texts:
        if text not in found:
            raise Invalid.field(name, sentence % {"name": text})
    return [found[text] for text in texts]


def _teams(actor: Actor, text: str) -> dict[str, Any]:
    parts = _split(text)
    named = [part for part in parts if part not in (NONE_WORD, MY_TEAMS_WORD)]
    ids = _known("team", named, naming.teams(actor, named), _("No team “%(name)s” is known here."))
    if MY_TEAMS_WORD in parts:
        ids = [*ids, *(naming.my_teams(actor) or [0])]
    return {**({"no_team": True} if NONE_WORD in parts else {}), **({"team_ids": tuple(ids)} if ids else {})}


def _services(actor: Actor, text: str) -> dict[str, Any]:
    named = _split(text)
    found = naming.services(actor, named)
    return {"service_ids": tuple(_known("service", named, found, _("No service “%(name)s” is known here.")))}


def _organisations(actor: Actor, text: str) -> dict[str, Any]:
    named, sentence = _split(text), _("No organisation “%(name)s” is known here.")
    return {"organisation_ids": tuple(_known("organisation", named, naming.organisations(actor, named), sentence))}


def _categories(actor: Actor, text: str) -> dict[str, Any]:
    paths = [part.lower().strip("/") for part in _split(text)]
    found = dict.fromkeys(naming.categories(actor, paths), 0)
    _known("category", paths, found, _("No category “%(name)s” is known here."))
    return {"category_paths": tuple(paths)}


def _moment(name: str) -> Callable[[Actor, str], dict[str, Any]]:
    def read(actor: Actor, text: str) -> dict[str, Any]:
        try:
            # A plus sign in an address arrives as a space.
            moment = parse_datetime(text.strip().replace(" ", "+"))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not 1 < moment.year < 9999:
            raise Invalid.field(name, _("Give a time such as 2026-03-02T08:00:00Z."))
        return {name: moment}

    return read


def _parent(actor: Actor, text: str) -> dict[str, Any]:
    found = naming.records(actor, [text]).get(text.upper())
    if found is None:
        raise Invalid.field("parent", _("There is no %(number)s here, or it is not yours to see.") % {"number": text})
    return {"parent_id": found}


def _flag(name: str) -> Callable[[Actor, str], dict[str, Any]]:
    def read(actor: Actor, text: str) -> dict[str, Any]:
        if text not in ("true", "false"):
            raise Invalid.field(name, _("This must be true or false."))
        return {name: text == "true"}

    return read


def _words(actor: Actor, text: str) -> dict[str, Any]:
    return {"q": text[:400]}


def _query(actor: Actor, text: str) -> dict[str, Any]:
    return {"asked": asked(actor, text)}


_READERS: dict[str, Callable[[Actor, str], dict[str, Any]]] = {
    "state": _states,
    "state_category": _of_list("state_category", "categories_of_state", tuple(StateCategory.values)),
    "priority": _priorities,
    "organisation": _organisations,
    "team": _teams,
    "assignee": _person_field("assignee", "assignee_ids", "no_assignee"),
    "requester": _person_field("requester", "requester_ids"),
    "owner": _person_field("owner", "owner_ids"),
    "service": _services,
    "category": _categories,
    "channel": _of_list("channel", "channels", CHANNELS),
    "hold_reason": _of_list("hold_reason", "hold_reasons", HOLD_REASONS),
    "parent": _parent,
    "major": _flag("major"),
    "mine": _flag("mine"),
    "q": _words,
    "query": _query,
    "opened_after": _moment("opened_after"),
    "opened_before": _moment("opened_before"),
    "updated_after": _moment("updated_after"),
    "due_before": _moment("due_before"),
}

#: Every parameter of a list, for documentation and for pages that carry filters along.
PARAMETERS = (*_READERS, "sort", "limit", "cursor")
