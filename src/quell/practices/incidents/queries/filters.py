"""From what stands in an address (`?state=new&team=network&assignee=@me`) to a checked filter.

API, queue and saved addresses share this. Unknown parameters and unknown values are errors, never ignored
(contract.md). Somebody else's team or person counts as unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import FieldError, Invalid
from quell.kernel.items.models import Item
from quell.kernel.people.models import Membership, Organisation, Person, Team
from quell.kernel.records.models import Record, StateCategory

from ..models import Category
from ..rules.codes import CHANNELS, HOLD_REASONS
from ..rules.lifecycle import INCIDENT
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
        found: dict[str, Any] = {}
        ids: list[int] = []
        for part in _split(text):
            if part == NONE_WORD and none_field:
                found[none_field] = True
            elif part in (ME_WORD, "me") and actor.person_id is not None:
                ids.append(actor.person_id)
            else:
                ids.append(_person(actor, name, part))
        if ids:
            found[field] = tuple(ids)
        return found

    return read


def _person(actor: Actor, name: str, email: str) -> int:
    scope = actor.scope("people.view")
    people = Person.objects.filter(email=email.lower())
    if not scope.everywhere:
        reach = {*scope.organisations, *scope.team_organisations, actor.organisation_id or 0}
        people = people.filter(organisation_id__in=reach)
    person_id = people.values_list("pk", flat=True).first()
    if person_id is None:
        raise Invalid.field(name, _("Nobody with the address “%(email)s” is known here.") % {"email": email})
    return person_id


def _reach(actor: Actor) -> set[int] | None:
    """Organisations whose teams and services the actor may name; None for all."""
    scope = actor.scope("records.view")
    if scope.everywhere:
        return None
    ids = {*scope.organisations, *scope.team_organisations, actor.organisation_id or 0}
    above = Organisation.objects.filter(pk__in=ids).values_list("path", flat=True)
    return {place for path in above for place in path} | ids


def _teams(actor: Actor, text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    ids: list[int] = []
    for part in _split(text):
        if part == NONE_WORD:
            found["no_team"] = True
        elif part == MY_TEAMS_WORD:
            mine = list(Membership.objects.filter(person_id=actor.person_id or 0).values_list("team_id", flat=True))
            ids.extend(mine or [0])
        else:
            ids.append(
                _coded(actor, Team.objects.filter(code=part), "team", part, _("No team “%(code)s” is known here."))
            )
    if ids:
        found["team_ids"] = tuple(ids)
    return found


def _services(actor: Actor, text: str) -> dict[str, Any]:
    sentence = _("No service “%(code)s” is known here.")
    items = Item.objects.filter(item_class="service")
    return {"service_ids": tuple(_coded(actor, items.filter(code=p), "service", p, sentence) for p in _split(text))}


def _organisations(actor: Actor, text: str) -> dict[str, Any]:
    sentence = _("No organisation “%(code)s” is known here.")
    reach = _reach(actor)
    ids: list[int] = []
    for part in _split(text):
        found = Organisation.objects.filter(code=part).values_list("pk", flat=True).first()
        if found is None or (reach is not None and found not in reach):
            raise Invalid.field("organisation", sentence % {"code": part})
        ids.append(found)
    return {"organisation_ids": tuple(ids)}


def _coded(actor: Actor, rows: Any, name: str, code: str, sentence: str) -> int:
    reach = _reach(actor)
    if reach is not None:
        rows = rows.filter(organisation_id__in=reach)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise Invalid.field(name, sentence % {"code": code})
    return int(found)


def _categories(actor: Actor, text: str) -> dict[str, Any]:
    paths = tuple(part.lower().strip("/") for part in _split(text))
    rows, reach = Category.objects.filter(path__in=paths), _reach(actor)
    if reach is not None:
        rows = rows.filter(Q(organisation=None) | Q(organisation_id__in=reach))
    known = set(rows.values_list("path", flat=True))
    for path in paths:
        if path not in known:
            raise Invalid.field("category", _("No category “%(path)s” is known here.") % {"path": path})
    return {"category_paths": paths}


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
    found = Record.objects.visible_to(actor).filter(number=text.upper()).values_list("pk", flat=True).first()
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
    "opened_after": _moment("opened_after"),
    "opened_before": _moment("opened_before"),
    "updated_after": _moment("updated_after"),
}

#: Every parameter of a list, for documentation and for pages that carry filters along.
PARAMETERS = (*_READERS, "sort", "limit", "cursor")
