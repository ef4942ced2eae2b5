"""Editing one condition of a list in its place: the fields there are, the values one may choose, and the address
that comes of it. A panel at the chip; a page of its own without script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quell.engines.query.completing import complete as completion
from quell.engines.query.fields import Field, Kind
from quell.engines.query.tree import Node, Not, Term, Value
from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid
from quell.kernel.records.query_words import dialect
from quell.kernel.ui.errors import is_partial
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade

from . import listing, nav, queries, wording
from .doors import agents
from .forms import worker_choices
from .narrowing import Narrowed, narrowed

#: Fields offered first; the others are asked for in the query itself.
OFFERED = (
    "state", "priority", "team", "assignee", "requester", "service", "category", "is", "opened", "updated", "resolved",
    "resume", "owner", "channel", "hold_reason", "impact", "urgency",
)  # fmt: skip
_COMPARED = {":": "on", ">": "after", "<": "before"}
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to tick."""

    value: str
    label: str
    chosen: bool


@require_safe
@agents
def condition(request: HttpRequest) -> HttpResponse:
    """The editor of a condition (`at`), of a new one (`field`), or the fields one may choose from."""
    actor = actor_of(request)
    carried, here = _list(request, actor)
    part = _part(here, request.GET.get("at", ""))
    inner = part.inner if isinstance(part, Not) else part
    name = inner.name if isinstance(inner, Term) else request.GET.get("field", "")
    field = dialect("incident").fields.find(name) if name else None
    if name and field is None:
        raise Http404
    context: dict[str, Any] = {"carried": carried, "at": request.GET.get("at", ""), "back": f"/incidents/?{carried}"}
    if field is None:
        context |= {"heading": _("Add a condition"), "fields": [(one, wording.field(one)) for one in OFFERED]}
    else:
        context |= _editor(actor, field, inner if isinstance(inner, Term) else None, negated=_negated(part))
    if is_partial(request):
        return render(request, "desk/condition.html", {**context, "partial": True})
    return render(request, "desk/condition_page.html", {**context, **nav.frame(request, "incidents")})


@require_safe
@agents
def narrow(request: HttpRequest) -> HttpResponse:
    """To the list with the condition as it was filled in; without any value, to the list without it."""
    actor = actor_of(request)
    _carried, here = _list(request, actor)
    parts = list(here.parts)
    at = request.GET.get("at", "")
    old = _part(here, at)
    made = _made(request)
    if old is not None and made is not None:
        parts[int(at)] = made
    elif old is not None:
        del parts[int(at)]
    elif made is not None:
        parts.append(made)
    return redirect(here.address(parts))


@require_safe
@agents
def complete(request: HttpRequest) -> HttpResponse:
    """What may stand at the caret of a query: `{"start", "end", "choices": [{"text", "label"}]}`."""
    actor = actor_of(request)
    text, caret = request.GET.get("text", "")[:LONGEST], request.GET.get("caret", "")
    place = int(caret) if caret.isascii() and caret.isdigit() and len(caret) < 6 else len(text)
    found = completion(text, place, dialect("incident").fields)
    choices = [{"text": one, "label": ""} for one in found.choices]
    if found.field in ("team", "assignee", "owner", "service", "category", "requester", "opened_by"):
        wanted = found.begun.lower()
        for code, label in _known(actor, found.field, found.begun):
            if wanted in f"{code} {label}".lower() and len(choices) < 12:
                choices.append({"text": f'"{code}"' if " " in code or "," in code else code, "label": str(label)})
    return JsonResponse({"start": found.start, "end": found.end, "choices": choices})


def _list(request: HttpRequest, actor: Actor) -> tuple[str, Narrowed]:
    """The list the condition belongs to; a list that cannot be read any more counts as everything."""
    carried = request.GET.get("list", "")[:LONGEST]
    try:
        return carried, narrowed(actor, listing.without_cursor(listing.given(QueryDict(carried))))
    except Invalid:
        return "", Narrowed()


def _part(here: Narrowed, at: str) -> Node | None:
    fits = at.isascii() and at.isdigit() and len(at) < 4 and int(at) < len(here.parts)
    return here.parts[int(at)] if fits else None


def _negated(part: Node | None) -> bool:
    return isinstance(part, Not) or (isinstance(part, Term) and part.operator == "!=")


def _editor(actor: Actor, field: Field, term: Term | None, *, negated: bool) -> dict[str, Any]:
    """What the form of one field shows."""
    chosen = [value.text for value in term.values] if term else []
    context: dict[str, Any] = {"field_name": field.name, "heading": wording.field(field.name), "negated": negated}
    if field.kind is Kind.MOMENT:
        operator = term.operator.rstrip("=") if term and term.operator != "!=" else ">"
        presets = [("today", _("today")), ("-24h", _("24 hours")), ("-7d", _("7 days")), ("-4w", _("4 weeks"))]
        return {
            **context,
            "moment": chosen[0] if chosen else "-7d",
            "operator": operator or ":",
            "operators": [(">", _("after, or within the last")), ("<", _("before")), (":", _("on"))],
            "presets": presets,
        }
    offered = _offered(actor, field)
    if offered is None:
        return {**context, "text": ", ".join(chosen)}
    known = {value for value, _words in offered}
    extra = [(one, one) for one in chosen if one not in known]  # what was written stays, also when it is not offered
    context["choices"] = [Choice(value, str(label), value in chosen) for value, label in [*extra, *offered]]
    if field.name in ("priority", "impact", "urgency") and term is not None and term.operator not in (":", "!="):
        low, high, at = field.low, field.high, int(chosen[0])
        span = {"<": range(low, at), "<=": range(low, at + 1), ">": range(at + 1, high + 1), ">=": range(at, high + 1)}
        inside = {str(one) for one in span[term.operator]}
        context["choices"] = [Choice(value, str(label), value in inside) for value, label in offered]
    return context


def _offered(actor: Actor, field: Field) -> list[tuple[str, Any]] | None:
    """The values to tick; None when they are written."""
    closed: dict[str, list[tuple[str, Any]]] = {
        "state": [("open", _("Open")), *wording.states()],
        "priority": [(str(level), f"P{level}") for level in range(1, 6)],
        "impact": [(str(code), words) for code, words in wording.IMPACTS.items()],
        "urgency": [(str(code), words) for code, words in wording.URGENCIES.items()],
        "is": list(wording.QUALITIES.items()),
        "channel": wording.choices(wording.CHANNELS, facade.CHANNELS),
        "hold_reason": wording.hold_choices(),
        "resolution_code": wording.choices(wording.RESOLUTIONS, facade.RESOLUTION_CODES),
        "major": [("true", _("yes")), ("false", _("no"))],
    }
    if field.name in closed:
        return closed[field.name]
    if field.name in ("team", "assignee", "owner", "service", "category"):
        first = {
            "@me": _("me"),
            "@myteams": _("my teams"),
            "none": _("nobody") if "@me" in field.choices else _("none"),
        }
        return [*((one, first[one]) for one in field.choices), *_known(actor, field.name, "")]
    return None


def _known(actor: Actor, name: str, begun: str) -> list[tuple[str, Any]]:
    """(code, words) of what may be named."""
    if name == "team":
        return list(directory.teams(actor, None))
    if name == "service":
        return queries.services(actor, None)
    if name == "category":
        return facade.categories(actor.organisation_id)
    if name in ("assignee", "owner"):
        return list(worker_choices(actor, None))
    if len(begun) < 2 or begun.startswith("@"):
        return []
    return [(one["email"], one["name"]) for one in directory.suggest(actor, begun)]


def _made(request: HttpRequest) -> Node | None:
    """The condition of the filled form, None when nothing is chosen. What makes no sense is left to the list to say."""
    given = request.GET
    name = given.get("field", "")
    values = [one.strip() for one in given.getlist("value") if one.strip()]
    values += [one.strip() for one in given.get("text", "").split(",") if one.strip()]
    if dialect("incident").fields.find(name) is None or not values:
        return None
    operator = given.get("operator", ":")
    if name not in wording.MOMENTS or operator not in _COMPARED:
        operator = ":"
    made = Term(name, operator, tuple(Value(one) for one in dict.fromkeys(values[: 1 if operator != ":" else 50])))
    return Not(made) if given.get("negated") else made
