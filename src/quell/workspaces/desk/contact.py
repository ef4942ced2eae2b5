"""Logging a contact for somebody: the phone rings, the agent types while listening (ux.md 2.9).

The same form is a page of its own and, with scripts, a dialog over whatever page the agent was on. Only who calls and
what they say must be typed; everything else has a guess or a default that can be changed.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from quell.engines.matrix import priority as from_matrix
from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.errors import is_partial
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade
from quell.practices.intake import facade as intake
from quell.practices.worklog import facade as worklog

from . import listing, nav, queries, wording
from .doors import agents
from .forms import ANY, NOBODY, take, worker_choices


class Contact(forms.Form):
    """What the caller says, and what the agent makes of it. Only caller and subject are needed."""

    requester = forms.CharField(
        label=gettext_lazy("Caller"), max_length=254, error_messages={"required": gettext_lazy("Say who is calling")}
    )
    title = forms.CharField(
        label=gettext_lazy("What is wrong"), max_length=250,
        error_messages={"required": gettext_lazy("Tell in a few words what is wrong")},
    )  # fmt: skip
    description = forms.CharField(
        label=gettext_lazy("More detail"), required=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    impact = forms.TypedChoiceField(
        label=gettext_lazy("Impact"), coerce=int, initial=4, choices=lambda: wording.choices(wording.IMPACTS)
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("Urgency"), coerce=int, initial=3, choices=lambda: wording.choices(wording.URGENCIES)
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Agent"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), initial="phone")
    resolution = forms.CharField(
        label=gettext_lazy("Solved on the phone: what was done"), required=False, max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    spent = forms.RegexField(
        r"^\s*(\d{1,3}:[0-5]\d)?\s*$", label=gettext_lazy("Time on the phone"), required=False,
        error_messages={"invalid": gettext_lazy("Minutes and seconds, such as 2:40")},
    )  # fmt: skip

    OFFERED_CHANNELS = ("phone", "walk_in", "email", "chat", "monitoring", "portal")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, list[Any]] = {
            "category": [ANY, *facade.categories(actor.organisation_id)],
            "service": [ANY, *queries.services(actor, None)],
            "team": [ANY, *directory.teams(actor, None)],
            "assignee": [NOBODY, *worker_choices(actor, None)],
            "channel": wording.choices(wording.CHANNELS, self.OFFERED_CHANNELS),
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.actor = actor

    def clean_requester(self) -> str:
        """An address, or a name or phone number that only one person answers to."""
        typed = str(self.cleaned_data["requester"]).strip()
        if "@" in typed:
            return typed
        found = directory.suggest(self.actor, typed)
        if len(found) == 1:
            return str(found[0]["email"])
        if not found:
            raise forms.ValidationError(_("Nobody called “%(name)s” is known here.") % {"name": typed})
        names = ", ".join(f"{one['name']} ({one['email']})" for one in found[:5])
        raise forms.ValidationError(_("Several people fit: %(names)s. Choose one.") % {"names": names})

    def data_for(self) -> dict[str, Any]:
        """As the practice reports an incident."""
        return {
            name: content
            for name, content in self.cleaned_data.items()
            if content not in (None, "") and name not in ("resolution", "spent")
        }

    def seconds(self) -> int:
        """How long the call took; 0 when nobody said."""
        minutes, _colon, rest = str(self.cleaned_data.get("spent") or "").strip().partition(":")
        return int(minutes) * 60 + int(rest) if rest else 0


#: Calls that may be open at a time: one on the line and one parked, each with its own draft.
SLOTS = ("1", "2")


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def new(request: HttpRequest) -> HttpResponse:
    """The form; POST logs it, logs it and takes it, or logs it as solved at once. All of it or nothing."""
    actor = actor_of(request)
    if request.method != "POST":
        start = {name: request.GET[name][:250] for name in ("requester", "title") if name in request.GET}
        return _form(request, actor, Contact(actor=actor, initial=start))
    form = Contact(request.POST, actor=actor)
    then = request.POST.get("then", "")
    if form.is_valid() and then == "solved" and not form.cleaned_data["resolution"].strip():
        form.add_error("resolution", _("Tell in a few words what was done"))
    if form.errors:
        return _form(request, actor, form, status=422)
    try:
        number = _log(actor, form, then)
    except Refusal as no:
        take(form, no)
        return _form(request, actor, form, status=no.status)
    nav.forget(actor)
    said = _("%(number)s is logged and resolved.") if then == "solved" else _("%(number)s is logged.")
    if _in_dialog(request) and then != "mine":
        return render(request, "desk/call_logged.html", {"said": said % {"number": number}, "number": number})
    messages.success(request, said % {"number": number})
    if _in_dialog(request):
        away = HttpResponse(status=204)
        away["HX-Redirect"] = f"/incidents/{number}"
        return away
    return redirect(f"/incidents/{number}")


def _in_dialog(request: HttpRequest) -> bool:
    """The dialog says which call it is; the page's own form is sent by a script as well, and wants its page."""
    return is_partial(request) and "slot" in request.GET


@transaction.atomic
def _log(actor: Actor, form: Contact, then: str) -> str:
    data = form.data_for()
    if "category" not in data:
        guess = intake.follow_up(actor, f"{data['title']} {data.get('description', '')}")
        data |= {"category": guess.category} if guess.category else {}
    number = facade.report(actor, data)
    if then in ("mine", "solved") and data.get("assignee") != actor.email:
        facade.act(actor, "assign", number, {"assignee": actor.email})
    if form.seconds():
        worklog.record(actor, {"record": number, "seconds": form.seconds(), "work_type": "talking"}, source="phone")
    if then == "solved":
        solved = {"resolution_code": "user_instructed", "resolution": form.cleaned_data["resolution"]}
        facade.act(actor, "resolve", number, solved)
    return number


def _form(request: HttpRequest, actor: Actor, form: Contact, *, status: int = 200) -> HttpResponse:
    caller = directory.known(actor, str(form["requester"].value() or "")) if form["requester"].value() else None
    decided = _decided(form["impact"].value(), form["urgency"].value(), caller)
    slot = request.GET.get("slot", "")
    context = {
        "form": form,
        "slot": slot if slot in SLOTS else SLOTS[0],
        **_calling(actor, caller),
        **decided,
        **_recognised(actor, str(form["title"].value() or "")),
    }
    if _in_dialog(request):
        answer = render(request, "desk/call.html", context, status=status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#call-body", "innerHTML"
        return answer
    return render(request, "desk/new.html", {**context, **nav.frame(request, "new")}, status=status)


def _recognised(actor: Actor, text: str) -> dict[str, Any]:
    """What the words sound like: a category as a guess with its confidence, and open incidents that read alike."""
    if len(text.strip()) < 4:
        return {"guess": None, "alike": []}
    found = intake.follow_up(actor, text)
    guess = None
    if found.category:
        name = listing.category_name(actor.organisation_id or 0, found.category) or found.category
        guess = {"name": name, "path": found.category, "percent": round(100 * found.confidence)}
    asked = facade.wanted(actor, {"state": "open", "q": text[:200], "sort": "-opened_at", "limit": "3"})
    return {"guess": guess, "alike": listing.rows(facade.page(actor, asked), "")}


@require_safe
@agents
def sounds_like(request: HttpRequest) -> HttpResponse:
    """The guess for what was typed so far."""
    return render(request, "desk/sounds_like.html", _recognised(actor_of(request), request.GET.get("title", "")[:250]))


def _calling(actor: Actor, caller: dict[str, Any] | None) -> dict[str, Any]:
    """Who is on the line, and what of theirs is open: half of all calls are about something known."""
    if caller is None:
        return {"caller": None}
    asked = {"state": "open", "requester": caller["email"]}
    page = facade.page(actor, facade.wanted(actor, {**asked, "limit": "5"}))
    return {"caller": caller, "open_incidents": listing.rows(page, listing.encoded(asked))}


@require_safe
@agents
def caller(request: HttpRequest) -> HttpResponse:
    """The caller just chosen, with their open incidents."""
    actor = actor_of(request)
    found = directory.known(actor, request.GET.get("requester", ""))
    return render(request, "desk/new_caller.html", _calling(actor, found))


def _decided(impact: Any, urgency: Any, caller: dict[str, Any] | None) -> dict[str, Any]:
    """What the matrix makes of impact and urgency, for the preview; nothing when they cannot be read."""
    try:
        levels = int(str(impact)[:2]), int(str(urgency)[:2])
        _version, cells = facade.matrix(caller["organisation_id"] if caller else None)
        if not all(1 <= level <= 4 for level in levels):
            return {"decided": None}
    except ValueError:
        return {"decided": None}
    if caller and _version == 0:
        _version, cells = facade.matrix(None)
    return {
        "decided": from_matrix(cells, *levels),
        "impact_words": wording.value("impact", levels[0]),
        "urgency_words": wording.value("urgency", levels[1]),
    }


@require_safe
@agents
def priority(request: HttpRequest) -> HttpResponse:
    """Which priority the matrix gives to `impact` and `urgency`."""
    actor = actor_of(request)
    caller = directory.known(actor, request.GET.get("requester", ""))
    context = _decided(request.GET.get("impact"), request.GET.get("urgency"), caller)
    return render(request, "desk/new_priority.html", context)


@require_safe
@agents
def suggest(request: HttpRequest) -> HttpResponse:
    """People for what was typed so far, only those the actor may know: as options of a datalist, or, `as=list`, as
    lines to choose from."""
    text = next((request.GET[name] for name in ("q", "requester", "person") if request.GET.get(name)), "")
    template = "desk/callers.html" if request.GET.get("as") == "list" else "desk/suggestions.html"
    return render(request, template, {"people": directory.suggest(actor_of(request), text)})
