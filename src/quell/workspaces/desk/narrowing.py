"""The conditions of a list, whichever way its address says them, as chips that can be edited one by one.

An address holds the parameters of the API (`?state=open&team=network`), a query (`?query=…`) or a saved view
(`?view=mine`). For the page they are one tree of conditions; every address a chip leads to says them as a query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from quell.engines.query.printing import node as printed
from quell.engines.query.printing import write
from quell.engines.query.tree import Node, Not, Query, Term, Value, Words, conjuncts, every
from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid, NotFound
from quell.kernel.records.query_words import dialect, read_query
from quell.practices.servicedesk import facade as servicedesk

from . import queries, wording
from .category_names import category_name

#: Parameters that say how a list looks, not what it holds.
LOOK = ("view", "layout", "columns", "density")
#: Parameters that are neither.
PAGING = ("sort", "cursor", "limit")
_AS_TERM = {
    "opened_after": ("opened", ">"), "opened_before": ("opened", "<"), "updated_after": ("updated", ">"),
    "due_before": ("due", "<"),
}  # fmt: skip
_AGO = re.compile(r"-(\d+)(min|h|d|w|mo|y)")
_AHEAD = re.compile(r"\+(\d+)(min|h|d|w|mo|y)")


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words, the address without it, and the address of its editor ("" when it has none)."""

    label: str
    value: str
    url: str
    edit: str = ""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is asked for: its conditions, words searched for beside them, its view, and how it looks."""

    parts: tuple[Node, ...] = ()
    q: str = ""
    sort: str = ""
    view: servicedesk.ViewRow | None = None
    look: Mapping[str, str] | None = None

    @property
    def query(self) -> str:
        """The conditions as a query."""
        return write(Query(every(*self.parts)))

    @property
    def changed(self) -> bool:
        """Does it differ from the view it came from?"""
        if self.view is None:
            return False
        look = self.look or {}
        columns = look.get("columns", ",".join(self.view.columns))
        return (
            self.query != self.view.query
            or bool(self.q)
            or (self.sort or self.view.sort) != self.view.sort
            or look.get("layout", self.view.layout) != self.view.layout
            or look.get("density", self.view.density) != self.view.density
            or columns != ",".join(self.view.columns)
        )

    def address(self, parts: Sequence[Node] | None = None, **others: str | None) -> str:
        """The list's address, with other conditions or with parameters changed (None takes one away)."""
        kept = self.parts if parts is None else tuple(parts)
        query = write(Query(every(*kept)))
        view = self.view.key if self.view is not None and query else ""
        found = {"view": view, "query": "" if self.view and query == self.view.query else query, "q": self.q}
        found |= {"sort": self.sort, **(self.look or {})}
        found |= {name: text or "" for name, text in others.items()}
        text = urlencode({name: text for name, text in found.items() if text})
        return f"/incidents/?{text}" if text else "/incidents/"


def resolved(actor: Actor, asked: Mapping[str, str]) -> dict[str, str]:
    """The parameters as the practice reads them: a view gives its query and order where the address has none of its
    own. Raises Invalid when there is no such view."""
    plain = {name: text for name, text in asked.items() if name not in LOOK}
    view = view_of(actor, asked)
    if view is not None:
        if not any(name not in PAGING and name != "q" for name in plain) and view.query:
            plain["query"] = view.query
        plain.setdefault("sort", view.sort)
    return plain


def view_of(actor: Actor, asked: Mapping[str, str]) -> servicedesk.ViewRow | None:
    """The view an address names; raises Invalid when it is gone or not theirs."""
    if not asked.get("view"):
        return None
    try:
        return servicedesk.view(actor, asked["view"])
    except NotFound as gone:
        raise Invalid.field("view", gone.sentence) from None


def narrowed(actor: Actor, asked: Mapping[str, str]) -> Narrowed:
    """The conditions of an address that has been found sound; raises Invalid."""
    plain = resolved(actor, asked)
    parts: list[Node] = []
    for name, text in plain.items():
        if name not in (*PAGING, "q", "query"):
            parts.extend(_term(name, text))
    query = read_query(plain.get("query", ""), dialect("incident").fields)
    parts.extend(conjuncts(query.condition))
    look = {name: asked[name] for name in LOOK if name in asked and name != "view"}
    return Narrowed(tuple(parts), plain.get("q", ""), asked.get("sort", query.sort), view_of(actor, asked), look)


def _term(name: str, text: str) -> list[Node]:
    if name == "mine":
        told = Term("is", ":", (Value("involved"),))
        return [told if text == "true" else Not(told)]
    field, operator = _AS_TERM.get(name, (name, ":"))
    values = [part.strip() for part in text.split(",") if part.strip()]
    values = [{"me": "@me"}.get(one, one) if field in ("assignee", "owner", "requester") else one for one in values]
    return [Term(field, operator, tuple(Value(one) for one in values))] if values else []


def chips(actor: Actor, here: Narrowed) -> list[Chip]:
    """Every condition in words."""
    names = _names(actor, here.parts)
    shown = []
    for at, part in enumerate(here.parts):
        label, value = _said(actor, part, names)
        rest = [one for place, one in enumerate(here.parts) if place != at]
        inner = part.inner if isinstance(part, Not) else part
        edit = f"/incidents/condition?at={at}&{packed(here)}" if isinstance(inner, Term) else ""
        shown.append(Chip(label, value, here.address(rest), edit))
    if here.q:
        shown.append(Chip(_("Words"), here.q, here.address(q=None)))
    return shown


def packed(here: Narrowed) -> str:
    """The list as one parameter, `list=…`, for pages that lead back to it."""
    return urlencode({"list": here.address().partition("?")[2]})


def adding(here: Narrowed) -> str:
    """Where a condition is added to the list."""
    return f"/incidents/condition?{packed(here)}"


def _names(actor: Actor, parts: Sequence[Node]) -> dict[str, str]:
    """Names of the teams that the conditions speak of."""
    codes: list[str] = []
    for part in parts:
        inner = part.inner if isinstance(part, Not) else part
        if isinstance(inner, Term) and inner.name == "team":
            codes.extend(value.text for value in inner.values if value.text not in ("none", "@myteams"))
    return queries.team_names(actor, codes)


def _said(actor: Actor, part: Node, teams: Mapping[str, str]) -> tuple[str, str]:
    if isinstance(part, Not) and isinstance(part.inner, (Term, Words)):
        label, value = _said(actor, part.inner, teams)
        return label, _("not %(value)s") % {"value": value}
    if isinstance(part, Words):
        return _("Words"), part.text
    if not isinstance(part, Term):
        return _("Condition"), printed(part)
    label = wording.field(part.name)
    words = [value_words(actor, part.name, value.text, teams) for value in part.values]
    value = ", ".join(words)
    if part.name in wording.MOMENTS:
        return label, _when(part.operator, part.values[0].text)
    signs = {"!=": _("not %(value)s"), "<": "< %(value)s", "<=": "≤ %(value)s", ">": "> %(value)s", ">=": "≥ %(value)s"}
    return label, signs.get(part.operator, "%(value)s") % {"value": value}


def _when(operator: str, text: str) -> str:
    """A time in words: the last so many days, before or after a day."""
    ago = _AGO.fullmatch(text)
    if ago and operator in (":", ">", ">="):
        return _("the last %(span)s") % {"span": f"{ago.group(1)} {ago.group(2)}"}
    if (ahead := _AHEAD.fullmatch(text)) and operator in ("<", "<="):
        return _("within %(span)s, or over") % {"span": f"{ahead.group(1)} {ahead.group(2)}"}
    day = {"today": _("today"), "yesterday": _("yesterday"), "tomorrow": _("tomorrow")}.get(text, text)
    if ago:
        day = _("%(span)s ago") % {"span": f"{ago.group(1)} {ago.group(2)}"}
    words = {"<": _("before %(day)s"), "<=": _("until %(day)s"), ">": _("after %(day)s"), ">=": _("from %(day)s")}
    return words.get(operator, "%(day)s") % {"day": day}


def value_words(actor: Actor, name: str, text: str, teams: Mapping[str, str]) -> str:
    """A value of a condition in words."""
    if name == "team":
        return {"none": _("none"), "@myteams": _("mine")}.get(text) or teams.get(text, text)
    if name in ("assignee", "requester", "owner", "opened_by"):
        special = {"none": _("nobody"), "@me": _("me")}
        return special.get(text) or _person(actor, text)
    if text == "none":
        return _("none")
    if name == "state" and text == "open":
        return _("open")
    if name == "is":
        return str(wording.QUALITIES.get(text, text))
    if name == "category":
        return category_name(actor.organisation_id, text)
    if name in ("impact", "urgency"):
        words = wording.IMPACTS if name == "impact" else wording.URGENCIES
        return str(words.get(int(text), text)) if text.isdigit() else text
    said = wording.value(name, text)
    return said.lower() if name == "state" else said


def _person(actor: Actor, email: str) -> str:
    known = directory.known(actor, email)
    return str(known["name"]) if known else email
