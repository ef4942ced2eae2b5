"""Saved views at the desk: the tabs above the queue, saving, sharing, pinning, putting away and taking back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.engines.query.printing import node
from quell.engines.query.tree import conjuncts
from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid, Refusal
from quell.kernel.records.query_words import dialect, read_query
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.servicedesk import facade

from . import listing, nav, wording
from .doors import agents
from .forms import take
from .narrowing import Narrowed, narrowed, packed

View = facade.ViewRow
PLACES = ("queue", "home")


def tabs(actor: Actor, known: Sequence[View], here: Narrowed) -> tuple[list[dict[str, Any]], View | None]:
    """The pinned views, and the view the list is (also when its address names none)."""
    pinned = facade.arranged(known, facade.arrangement(actor, "queue"))
    matching = here.view if here.view is not None and not here.changed else None
    if here.view is None and not here.q and here.parts:
        matching = next((one for one in known if _same(one, here)), None)
    shown = [
        {
            "key": one.key,
            "label": one.name,
            "url": address(one),
            "current": matching is not None and one.key == matching.key,
        }
        for one in pinned
    ]
    everything = {"key": "all", "label": _("All"), "url": "/incidents/"}
    return [*shown, {**everything, "current": here.view is None and not here.parts and not here.q}], matching


def _same(view: View, here: Narrowed) -> bool:
    """Does the list ask for just what the view asks for, in whatever order?"""
    try:
        parts = conjuncts(read_query(view.query, dialect("incident").fields).condition)
    except Invalid:
        return False
    return len(parts) == len(here.parts) and all(_plain(one) in map(_plain, here.parts) for one in parts)


def _plain(part: Any) -> str:
    """A condition in one spelling: what means nobody is written in one way."""
    return {"assignee:none": "is:unassigned", "state:on_hold": "is:waiting"}.get(node(part), node(part))


def menu(known: Sequence[View], here: Narrowed, matching: View | None, pinned: Collection[str]) -> list[dict[str, Any]]:
    """Every view, under a heading for whom it is, and whether it is pinned above the queue."""
    headings = {
        "personal": _("My views"), "team": _("My teams'"), "organisation": _("Everybody's"), "shipped": _("Shipped"),
    }  # fmt: skip
    current = here.view or matching
    return [
        {
            "heading": heading,
            "views": [
                {
                    "key": one.key,
                    "name": one.name,
                    "url": address(one),
                    "of": one.team_name,
                    "pinned": one.key in pinned,
                    "current": current is not None and one.key == current.key,
                }
                for one in known
                if one.reach == reach
            ],
        }
        for reach, heading in headings.items()
        if any(one.reach == reach for one in known)
    ]


def code_of(view: View | None) -> str:
    """The entry of the navigation a view is; "" for none."""
    return listing.CODES.get(view.key, "") if view is not None else ""


def address(view: View) -> str:
    """Where a view is shown."""
    return f"/incidents/?view={view.key}"


def columns_of(asked: Mapping[str, str], here: Narrowed) -> list[str]:
    """The columns of the table, in their order."""
    chosen = [one for one in asked.get("columns", "").split(",") if one in dialect("incident").columns]
    usual = list(here.view.columns) if here.view else list(facade.USUAL_COLUMNS)
    return list(dict.fromkeys([*chosen, *([] if "title" in chosen else ["title"])])) if chosen else usual


def look(here: Narrowed, layout: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """What stands at the right above a list: its layouts, and where its look is chosen and its file is written."""
    layouts = (
        ("table", _("Table"), "table"),
        ("split", pgettext("layout", "Split"), "layout-sidebar"),
        ("board", _("Board"), "columns"),
    )
    return {
        "density": asked.get("density") or (here.view.density if here.view else ""),
        "layouts": [
            {"code": code, "label": label, "sign": sign, "url": here.address(layout=code), "current": code == layout}
            for code, label, sign in layouts
        ],
        "url": f"/incidents/look?{packed(here)}",
        "views_url": f"/incidents/look?part=views&{packed(here)}",
        "export_url": f"/incidents/look?part=export&{packed(here)}",
    }


@require_safe
@agents
def panel(request: HttpRequest) -> HttpResponse:
    """Density and columns of a list, writing it to a file (`part=export`), or every view (`part=views`): a panel, a
    page without script."""
    actor = actor_of(request)
    here, asked = _list(actor, request.GET.get("list", "")[:4000])
    if request.GET.get("part") == "views":
        if not is_partial(request):
            return redirect("/views")
        known = facade.views(actor)
        shown = menu(known, here, tabs(actor, known, here)[1], facade.arrangement(actor, "queue"))
        return render(request, "desk/views_menu.html", {"views": shown, "back": here.address()})
    density = asked.get("density") or (here.view.density if here.view else "")
    chosen = columns_of(asked, here)
    every = [*chosen, *(one for one in dialect("incident").columns if one not in chosen)]
    context = {
        "exporting": request.GET.get("part") == "export",
        "list_query": here.address().removeprefix("/incidents/"),
        "look": {
            "densities": [
                {"label": label, "url": here.address(density=code), "current": code == density}
                for code, label in (("compact", _("Compact")), ("normal", _("Normal")), ("relaxed", _("Relaxed")))
            ],
            "columns": [
                {"code": one, "label": wording.field(one), "shown": one in chosen, "fixed": one == "title"}
                for one in every
            ],
            "kept": list(QueryDict(here.address(columns=None).partition("?")[2]).items()),
        },
    }
    if is_partial(request):
        return render(request, "desk/look.html", context)
    return render(request, "desk/look_page.html", {**context, **nav.frame(request, "incidents")})


class Keeping(forms.Form):
    """Name, query and for whom."""

    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, error_messages={"required": gettext_lazy("Give the view a name.")}
    )
    query = forms.CharField(
        label=gettext_lazy("Query"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "mono"}),
    )
    reach = forms.ChoiceField(label=gettext_lazy("For"), widget=forms.RadioSelect, required=False)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    pin = forms.BooleanField(label=gettext_lazy("Pin above the queue"), required=False, initial=True)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "view-%s", **kwargs})
        self.fields["reach"].choices = [  # type: ignore[attr-defined]
            ("personal", _("only me")), ("team", _("a team")), ("organisation", _("everybody in my organisation")),
        ]  # fmt: skip
        self.fields["team"].choices = [("", "–"), *directory.teams(actor, None)]  # type: ignore[attr-defined]

    def data_for(self) -> dict[str, Any]:
        """What the practice takes."""
        cleaned = self.cleaned_data
        found = {"name": cleaned["name"], "query": cleaned["query"], "reach": cleaned["reach"] or "personal"}
        return {**found, "team": cleaned["team"] or None} if found["reach"] == "team" else found


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def new(request: HttpRequest) -> HttpResponse:
    """Save the list of the address as a view."""
    actor = actor_of(request)
    carried = (request.POST if request.method == "POST" else request.GET).get("list", "")[:4000]
    here, asked = _list(actor, carried)
    if request.method != "POST":
        begun = {
            "query": here.query,
            "reach": "personal",
            "name": str(here.view.name) if here.view else "",
            "pin": True,
        }
        return _form(request, Keeping(initial=begun, actor=actor), {"list_query": carried})
    form = Keeping(request.POST, actor=actor)
    if form.is_valid():
        try:
            key = facade.create_view(actor, {**form.data_for(), **_look_of(here, asked)})
        except Refusal as no:
            take(form, no)
        else:
            if form.cleaned_data["pin"]:
                _pin(actor, "queue", key, there=True)
            messages.success(request, _("The view is saved."))
            return redirect(f"/incidents/?view={key}")
    return _form(request, form, {"list_query": carried}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Name, query and reach of a view."""
    actor = actor_of(request)
    view = facade.view(actor, key)
    context = {"view": view}
    if request.method != "POST":
        begun = {"name": view.name, "query": view.query, "reach": view.reach, "team": view.team or ""}
        return _form(request, Keeping(initial=begun, actor=actor), context)
    form = Keeping(request.POST, actor=actor)
    if form.is_valid():
        try:
            facade.edit_view(actor, key, form.data_for(), version=_version(request))
        except Refusal as no:
            take(form, no)
        else:
            messages.success(request, _("The view is saved."))
            return redirect("/views")
    return _form(request, form, context, status=422)


@require_POST
@agents
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """Save the changed conditions and look of a list into the view it came from."""
    actor = actor_of(request)
    here, asked = _list(actor, request.POST.get("list", "")[:4000])
    facade.edit_view(actor, key, {"query": here.query, **_look_of(here, asked)})
    messages.success(request, _("The view is saved."))
    return redirect(f"/incidents/?view={key}")


@require_safe
@agents
def manage(request: HttpRequest) -> HttpResponse:
    """All views, where they are pinned and in which order; and the trash."""
    actor = actor_of(request)
    known = facade.views(actor)
    context: dict[str, Any] = {
        "known": [{"view": one, "url": address(one), "reach": _reach(one)} for one in known],
        "trashed": facade.views(actor, trashed=True),
        "places": [
            {"code": place, "label": label, "views": facade.arranged(known, facade.arrangement(actor, place))}
            for place, label in (("queue", _("Above the queue")), ("home", _("On my home page")))
        ],
    }
    for place in context["places"]:
        keys = {one.key for one in place["views"]}
        place["others"] = [one for one in known if one.key not in keys]
    return render(request, "desk/views.html", {**context, **nav.frame(request, "views")})


@require_POST
@agents
def arrange(request: HttpRequest, place: str) -> HttpResponse:
    """Put a view in, take it out, or move it: `put`, `drop`, `up` or `down` with its key; or all at once, `order`."""
    actor = actor_of(request)
    if place not in PLACES:
        return refused(request, 404, _("There is no such place."))
    keys = facade.arrangement(actor, place)
    known = {one.key for one in facade.views(actor)}
    keys = [key for key in keys if key in known]
    given = request.POST
    if "order" in given:
        keys = [key for key in given.getlist("order") if key]
    for verb, step in (("up", -1), ("down", 1)):
        if given.get(verb) in keys:
            at = keys.index(given[verb])
            to = min(max(at + step, 0), len(keys) - 1)
            keys.insert(to, keys.pop(at))
    if given.get("put") and given["put"] not in keys:
        keys.append(given["put"])
    if given.get("drop") in keys:
        keys.remove(given["drop"])
    facade.arrange(actor, place, keys)
    return redirect(_back(request))


@require_POST
@agents
def trash(request: HttpRequest, key: str) -> HttpResponse:
    """Put a view away; the message offers to take it back."""
    facade.trash_view(actor_of(request), key)
    messages.success(request, _("The view is in the trash. Take it back below."))
    return redirect("/views")


@require_POST
@agents
def restore(request: HttpRequest, key: str) -> HttpResponse:
    """Take a view back."""
    facade.restore_view(actor_of(request), key)
    messages.success(request, _("The view is back."))
    return redirect("/views")


def _list(actor: Actor, carried: str) -> tuple[Narrowed, dict[str, str]]:
    asked = listing.without_cursor(listing.given(QueryDict(carried)))
    try:
        return narrowed(actor, asked), asked
    except Invalid:
        return Narrowed(), {}


def _look_of(here: Narrowed, asked: Mapping[str, str]) -> dict[str, Any]:
    """Order, columns, density and layout of a list, as a view keeps them."""
    view = here.view
    return {
        "sort": here.sort or (view.sort if view else "-opened_at"),
        "columns": columns_of(asked, here),
        "density": asked.get("density") or (view.density if view else ""),
        "layout": asked.get("layout") or (view.layout if view else "table"),
    }


def _pin(actor: Actor, place: str, key: str, *, there: bool) -> None:
    keys = [one for one in facade.arrangement(actor, place) if one != key]
    known = {one.key for one in facade.views(actor)}
    facade.arrange(actor, place, [*(one for one in keys if one in known), *([key] if there else [])])


def _reach(view: View) -> str:
    if view.reach == "team":
        return view.team_name
    return {"shipped": _("shipped"), "personal": _("only me")}.get(view.reach) or view.organisation_name


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    return target if target in ("/", "/views", "/incidents/") or target.startswith("/incidents/?") else "/views"


def _form(request: HttpRequest, form: Keeping, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(
        request, "desk/view_form.html", {"form": form, **context, **nav.frame(request, "views")}, status=status
    )
