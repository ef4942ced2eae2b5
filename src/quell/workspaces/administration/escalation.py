"""The escalation matrix: at how much of a promise who hears of it, and what is done beside; and trying it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.config.refusal import NotFound, Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.agreements import facade as agreements
from quell.practices.clocks import facade
from quell.practices.incidents import facade as incidents

from . import queries
from .doors import door, nothing_here, page
from .listing import asked
from .places import Place, place_of

AUDIENCES = {
    "assignee": gettext_lazy("Whoever works on it"),
    "leads": gettext_lazy("The leads of the team"),
    "team": gettext_lazy("Everybody of the team"),
    "owner": gettext_lazy("The owner of the record"),
    "manager": gettext_lazy("The manager above"),
    "managers:2": gettext_lazy("The manager two levels above"),
    "managers:3": gettext_lazy("The manager three levels above"),
    "service_owner": gettext_lazy("The owner of the service"),
    "agreement_owner": gettext_lazy("The owner of the agreement"),
    "provider_leads": gettext_lazy("The leads of the team that promised it"),
}
VERBS = {
    "": gettext_lazy("nothing more"),
    "assign": gettext_lazy("give it to a team or person"),
    "transfer": gettext_lazy("hand it over to a team"),
    "edit": gettext_lazy("raise its urgency"),
    "escalate": gettext_lazy("escalate it"),
    "comment": gettext_lazy("write a note for colleagues"),
}
KINDS = {
    "sla": gettext_lazy("to customers (SLA)"),
    "ola": gettext_lazy("among teams (OLA)"),
    "uc": gettext_lazy("by suppliers (UC)"),
}


class StepForm(forms.Form):
    """One step of the matrix."""

    percent = forms.IntegerField(label=gettext_lazy("When so many percent are used up"), min_value=1, max_value=1000)
    agreement_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Of promises"), required=False, choices=list(KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    priorities = forms.MultipleChoiceField(
        label=gettext_lazy("Priority is"), required=False, choices=[(str(n), f"P{n}") for n in range(1, 6)],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    metrics = forms.MultipleChoiceField(
        label=gettext_lazy("What is measured"), required=False, widget=forms.CheckboxSelectMultiple
    )
    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("Who hears of it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label=gettext_lazy("And these people"),
        required=False,
        max_length=800,
        help_text=gettext_lazy("E-mail addresses, separated by commas."),
    )
    verb = forms.ChoiceField(label=gettext_lazy("What is done beside"), required=False, choices=list(VERBS.items()))
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"), required=False, choices=[("1", "1"), ("2", "2"), ("3", "3")]
    )
    text = forms.CharField(
        label=gettext_lazy("Reason or note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    active = forms.BooleanField(label=gettext_lazy("The step is in force"), required=False, initial=True)

    def __init__(self, *args: Any, actor: Actor, place: Place, more: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metrics = [(row["code"], agreements.metric_name(row["code"], row["name"])) for row in agreements.metrics(actor)]
        roles = [(f"role:{role['code']}", _role(role["name"])) for role in queries.roles(place.far)]
        words = [(word, str(label)) for word, label in AUDIENCES.items()] + roles
        words += [(word, word) for word in more if word not in dict(words) and "@" not in word]
        offered = {
            "metrics": metrics,
            "audiences": words,
            "team": [("", _("– no team –")), *directory.teams(actor, place.id)],
            "person": [("", _("– nobody –")), *((p["email"], p["name"]) for p in directory.workers(actor, place.id))],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def step(self) -> dict[str, Any]:
        """As the steps are kept."""
        given = self.cleaned_data
        others = [address.strip().lower() for address in given["others"].split(",") if address.strip()]
        return {
            "percent": given["percent"],
            "agreement_kinds": given["agreement_kinds"],
            "metrics": given["metrics"],
            "priorities": [int(level) for level in given["priorities"]],
            "audiences": [*given["audiences"], *others],
            "verb": given["verb"],
            "inputs": self._inputs(given),
            "active": given["active"],
        }

    @staticmethod
    def _inputs(given: dict[str, Any]) -> dict[str, Any]:
        team = {"team": given["team"]} if given["team"] else {}
        person = {"assignee": given["person"]} if given["person"] else {}
        to = given["team"] or given["person"]
        inputs: dict[str, dict[str, Any]] = {
            "assign": {**team, **person},
            "transfer": {**team, **person, "reason": given["text"]},
            "edit": {"urgency": int(given["urgency"] or 1)},
            "escalate": {
                "kind": "functional" if to else "hierarchical", "reason": given["text"], **({"to": to} if to else {})
            },
            "comment": {"body": given["text"], "visibility": "internal"},
        }  # fmt: skip
        return inputs.get(given["verb"], {})

    @staticmethod
    def initial_of(row: dict[str, Any]) -> dict[str, Any]:
        """A kept step as the form shows it."""
        inputs, to = row["inputs"], str(row["inputs"].get("to", ""))
        return {
            **{name: row[name] for name in ("percent", "agreement_kinds", "metrics", "verb", "active")},
            "priorities": [str(level) for level in row["priorities"]],
            "audiences": [word for word in row["audiences"] if "@" not in word],
            "others": ", ".join(word for word in row["audiences"] if "@" in word),
            "team": inputs.get("team") or ("" if "@" in to else to),
            "person": inputs.get("assignee") or (to if "@" in to else ""),
            "urgency": str(inputs.get("urgency", 1)),
            "text": inputs.get("reason") or inputs.get("body") or "",
        }


def _role(name: str) -> str:
    return _("Role: %(name)s") % {"name": name}


def audience_word(word: str, roles: Mapping[str, str]) -> str:
    """A word for people as it is read; `roles` are the names of roles by code."""
    if word.startswith("role:"):
        return _role(roles.get(word[5:], word[5:]))
    return str(AUDIENCES.get(word, word))


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def matrix(request: HttpRequest) -> HttpResponse:
    """The steps of a place; a post makes them its own. `number` and `at` ask who would hear of one record."""
    actor = actor_of(request)
    place = place_of(request, actor)
    if request.method == "POST":
        try:
            facade.copy_shipped(actor, place.code or None)
        except Refusal as no:
            messages.error(request, no.sentence)
        else:
            messages.success(request, _("Saved."))
        return _back(place)
    own = facade.steps_of(place.id)
    rows = own or _following(place)
    percents = [row["percent"] for row in rows if row["active"]]
    roles = {role["code"]: role["name"] for role in queries.roles(place.far)}
    for row in rows:
        row["hear"] = [audience_word(word, roles) for word in row["audiences"]]
        row["done"] = VERBS.get(row["verb"], row["verb"]) if row["verb"] else ""
        row["for"] = _for(row)
        row["never"] = row["active"] and not facade.step_speaks_at(actor, row["percent"], percents)
    context = {
        "rows": rows,
        "own": bool(own),
        "place": place,
        "warned": ", ".join(f"{percent} %" for percent in facade.warned_percents(actor)),
        "trail": [{"label": _("Escalation"), "url": ""}],
        **_tried(request, actor),
    }
    return page(request, "escalation", context)


def _following(place: Place) -> list[dict[str, Any]]:
    """What holds where a place has no steps of its own."""
    names = ("percent", "agreement_kinds", "metrics", "priorities", "audiences", "verb", "inputs")
    return [
        {**{name: getattr(one, name) for name in names}, "id": 0, "active": True} for one in facade.steps_in(place.id)
    ]


def _for(row: dict[str, Any]) -> str:
    """Which promises a step is about; empty for all."""
    kinds = [str(KINDS[kind]) for kind in sorted(row["agreement_kinds"])]
    metrics = [agreements.metric_called(code) for code in sorted(row["metrics"])]
    priorities = [f"P{level}" for level in sorted(row["priorities"])]
    return ", ".join([*kinds, *metrics, *priorities])


def _tried(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    number, text = asked(request, "number").upper(), asked(request, "at")
    percent = int(text) if text.isascii() and text.isdigit() and 0 < int(text[:5]) <= 1000 else 90
    context: dict[str, Any] = {"number": number, "at": percent, "heard": None, "fault": ""}
    if number:
        try:
            record = incidents.ticket(actor, number)
            if not record["internal"]:
                raise nothing_here()
            found = facade.would_hear(record["id"], percent)
        except NotFound as no:
            return {**context, "fault": no.sentence}
        context["heard"] = [
            {
                "metric": agreements.metric_called(one.metric),
                "kind": agreements.kind_word(one.kind),
                "people": ", ".join(one.people),
                "done": ", ".join(str(VERBS.get(verb, verb)) for verb in one.verbs),
            }
            for one in found
        ]
    return context


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def step(request: HttpRequest, step_id: int = 0) -> HttpResponse:
    """One step, new or to be changed."""
    actor = actor_of(request)
    place = place_of(request, actor)
    row = _known(place, step_id) if step_id else None
    initial = StepForm.initial_of(row) if row else {"percent": 90}
    more = list(row["audiences"]) if row else []
    posted = request.POST if request.method == "POST" else None
    form = StepForm(posted, actor=actor, place=place, more=more, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            if row is None:
                facade.create_step(actor, {**form.step(), "organisation": place.code or None})
            else:
                facade.edit_step(actor, step_id, form.step(), version=_version(request))
        except Refusal as no:
            for error in no.errors:
                name = error.field.split(".")[0]
                form.add_error({"inputs": "verb"}.get(name, name) if name != "version" else None, error.message)
            if not no.errors:
                form.add_error(None, no.sentence)
        else:
            messages.success(request, _("Saved."))
            return _back(place)
    context = {
        "form": form,
        "row": row,
        "place": place,
        "warned": ", ".join(f"{percent} %" for percent in facade.warned_percents(actor)),
        "trail": [
            {"label": _("Escalation"), "url": reverse("administration:escalation") + place.query},
            {"label": _("Step") if row else _("New step"), "url": ""},
        ],
    }
    return page(request, "escalation_step", context, status=422 if form.is_bound else 200)


@require_POST
@door(SETTINGS_MANAGE)
def remove_step(request: HttpRequest, step_id: int) -> HttpResponse:
    """Take a step out of the matrix."""
    actor = actor_of(request)
    place = place_of(request, actor)
    _known(place, step_id)
    try:
        facade.delete_step(actor, step_id)
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Saved."))
    return _back(place)


def _known(place: Place, step_id: int) -> dict[str, Any]:
    row = next((one for one in facade.steps_of(place.id) if one["id"] == step_id), None)
    if row is None:
        raise nothing_here()
    return row


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _back(place: Place) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("administration:escalation") + place.query)
