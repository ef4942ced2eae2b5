"""The queue: a list of incidents whose whole state is its address, as a table, beside a ticket, or as a board."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid
from quell.kernel.ui.errors import is_partial
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade
from quell.practices.servicedesk import facade as servicedesk

from . import board, clocks_shown, listing, narrowing, nav, queries, views, widths, wording
from .doors import agents
from .forms import FINDING, worker_choices
from .narrowing import Narrowed


class Narrow(forms.Form):
    """The filter form. It only offers; what is asked is read from the address by the practice."""

    use_required_attribute = False  # nothing is needed, and saying so beside each field would only be noise

    state = forms.MultipleChoiceField(label=gettext_lazy("State"), widget=forms.CheckboxSelectMultiple)
    priority = forms.MultipleChoiceField(
        label=gettext_lazy("Priority"),
        choices=[(str(level), f"P{level}") for level in range(1, 6)],
        widget=forms.CheckboxSelectMultiple,
    )
    team = forms.ChoiceField(label=gettext_lazy("Team"))
    assignee = forms.ChoiceField(label=gettext_lazy("Agent"))
    requester = forms.CharField(label=gettext_lazy("Requester, by e-mail"), max_length=254)
    service = forms.ChoiceField(label=gettext_lazy("Service"))
    category = forms.ChoiceField(label=gettext_lazy("Category"))
    channel = forms.ChoiceField(label=gettext_lazy("Channel"))
    opened_after = forms.CharField(label=gettext_lazy("Opened after"), widget=forms.DateInput(attrs={"type": "date"}))
    opened_before = forms.CharField(label=gettext_lazy("Opened before"), widget=forms.DateInput(attrs={"type": "date"}))
    q = forms.CharField(label=gettext_lazy("Words"), max_length=200)
    sort = forms.ChoiceField(label=gettext_lazy("Order"))

    def __init__(self, actor: Actor, asked: dict[str, str], errors: dict[str, str] | None = None) -> None:
        initial: dict[str, Any] = dict(asked)
        for name in ("state", "priority"):
            initial[name] = [part for part in asked.get(name, "").split(",") if part]
        super().__init__(initial=initial, auto_id="filter-%s")
        any_one = ("", _("any"))
        self.fields["state"].choices = [("open", _("Open")), *wording.states()]  # type: ignore[attr-defined]
        offered: dict[str, list[Any]] = {
            "team": [any_one, ("@myteams", _("my teams")), ("none", _("none")), *directory.teams(actor, None)],
            "assignee": [any_one, ("@me", _("me")), ("none", _("nobody")), *worker_choices(actor, None)],
            "service": [any_one, *queries.services(actor, None)],
            "category": [any_one, *facade.categories(actor.organisation_id)],
            "channel": [any_one, *wording.choices(wording.CHANNELS, facade.CHANNELS)],
            "sort": [
                ("priority", _("Most urgent first")), ("due_at", _("Least time left first")),
                ("-updated_at", _("Latest change first")),
                ("-opened_at", _("Newest first")), ("opened_at", _("Oldest first")),
            ],
        }  # fmt: skip
        for name, choices in offered.items():
            typed = asked.get(name, "")
            if typed and typed not in {code for code, _label in choices}:
                choices = [*choices, (typed, typed)]  # what was typed stays, also when it is not offered
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["requester"].widget.attrs |= FINDING
        self.faults = errors or {}


@require_safe
@agents
def queue(request: HttpRequest) -> HttpResponse:
    """The list of the address. A filter that cannot be read shows its sentence beside the form as it was filled."""
    actor = actor_of(request)
    asked = listing.given(request.GET)
    if "" in request.GET.values():
        # A form sends its empty fields along; an address is for sharing.
        return redirect(f"/incidents/{listing.encoded(asked)}")
    bare = listing.without_cursor(asked)
    known = servicedesk.views(actor)
    try:
        wanted = listing.wanted(actor, asked)
        here = narrowing.narrowed(actor, bare)
        page = facade.page(actor, board.larger(wanted) if _layout(asked, here) == "board" else wanted)
    except Invalid as fault:
        return _refused(request, actor, asked, known, fault)
    layout = _layout(asked, here)
    if layout == "split" and page.rows:
        beside = listing.encoded({**bare, "layout": "split"})
        return redirect(f"/incidents/{page.rows[0]['number']}{beside}")
    carried = listing.encoded(asked)
    shown_rows = listing.rows(page, carried)
    clocks_shown.add_to(shown_rows)
    found = len(page.rows) if not page.next_cursor and "cursor" not in asked else facade.count(actor, wanted.filter)
    tabs, matching = views.tabs(actor, known, here)
    context = {
        **_heading(actor, asked, here, matching),
        "tabs": tabs,
        "pin": _pin(matching, tabs),
        "rows": shown_rows,
        "page": page,
        "count": wording.count(found),
        "found": found,
        "matching": min(found, facade.COUNTED) if found > len(page.rows) else 0,
        "carried": carried,
        "list_query": listing.encoded(bare),
        "first": "cursor" not in asked,
        "layout": layout,
        "look": views.look(here, layout, asked),
        "columns": (shown := views.columns_of(asked, here)),
        "widths": widths.read(request.COOKIES.get(widths.COOKIE, ""), shown),
    }
    if layout == "board":
        context |= board.columns(context["rows"])
    code = views.code_of(matching) or listing.code_of(asked)
    return render(request, "desk/queue.html", {**context, **nav.frame(request, code)})


def _pin(shown: servicedesk.ViewRow | None, tabs: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The star beside the name of a view: is it pinned above the queue? None for a list that is no view."""
    if shown is None:
        return None
    return {"key": shown.key, "name": shown.name, "pinned": any(one["key"] == shown.key for one in tabs)}


def _heading(
    actor: Actor, asked: dict[str, str], here: Narrowed, matching: servicedesk.ViewRow | None
) -> dict[str, Any]:
    """What stands above the rows: title, the words searched for, the conditions, and the query they make."""
    view = here.view or matching
    return {
        "title": listing.title_of(asked, view),
        "hidden": [(name, text) for name, text in listing.without_cursor(asked).items() if name != "q"],
        "q": asked.get("q", ""),
        "sort": here.sort or (here.view.sort if here.view else "-opened_at"),
        "filters_url": f"/incidents/filters{listing.encoded(listing.without_cursor(asked))}",
        "chips": narrowing.chips(actor, here),
        "query_text": here.query,
        "example": "priority<=2 team:network -category:printer opened>-7d",
        "add_url": narrowing.adding(here),
        "kept": [
            (name, text) for name, text in listing.without_cursor(asked).items() if name in ("sort", *narrowing.LOOK)
        ],
        "view": here.view,
        "changed": here.changed,
        "save_url": f"/views/new?{narrowing.packed(here)}",
    }


def _refused(
    request: HttpRequest, actor: Actor, asked: dict[str, str], known: list[servicedesk.ViewRow], fault: Invalid
) -> HttpResponse:
    """The sentence, the query as it was written, and the form as it was filled."""
    faults = [(wording.FIELDS.get(error.field, error.field), error.message) for error in fault.errors]
    here = Narrowed(q=asked.get("q", ""))
    tabs, _matching = views.tabs(actor, known, Narrowed(q=" "))
    context = {
        **_heading(actor, {}, here, None),
        "title": _("Incidents"),
        "tabs": tabs,
        "q": asked.get("q", ""),
        "chips": [],
        "query_text": asked.get("query", ""),
        "query_open": "query" in asked,
        "faults": faults or [("", fault.sentence)],
        "form": Narrow(actor, asked),
        "layout": "table",
        "look": views.look(here, "table", {}),
    }
    return render(request, "desk/queue.html", {**context, **nav.frame(request, "incidents")}, status=422)


def _layout(asked: dict[str, str], here: Narrowed) -> str:
    chosen = asked.get("layout") or (here.view.layout if here.view else "")
    return chosen if chosen in servicedesk.LAYOUTS else "table"


@require_safe
@agents
def filters(request: HttpRequest) -> HttpResponse:
    """The filter form: a panel of the queue, a page of its own without script."""
    actor = actor_of(request)
    form = Narrow(actor, listing.given(request.GET))
    if is_partial(request):
        return render(request, "desk/filter_form.html", {"form": form})
    return render(request, "desk/filter_page.html", {"form": form, **nav.frame(request, "incidents")})
