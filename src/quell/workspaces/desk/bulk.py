"""Doing one verb to many incidents: the question, then the doing, then what was refused and why, row by row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid, Refusal
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade
from quell.practices.servicedesk import facade as servicedesk

from . import forms, listing, nav, queries, wording
from .doors import agents

MOST = 1000
#: Shown by number on the question; more are counted.
LISTED = 20


class Facts(forms.Asked):
    """Facts to set on all of them; what is left empty stays as it is."""

    impact = django_forms.TypedChoiceField(label=gettext_lazy("Impact"), required=False, coerce=int, empty_value=None)
    urgency = django_forms.TypedChoiceField(label=gettext_lazy("Urgency"), required=False, coerce=int, empty_value=None)
    category = django_forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    service = django_forms.ChoiceField(label=gettext_lazy("Service"), required=False)

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        same = ("", _("– as it is –"))
        offered: dict[str, list[Any]] = {
            "impact": [same, *wording.choices(wording.IMPACTS)],
            "urgency": [same, *wording.choices(wording.URGENCIES)],
            "category": [same, *facade.categories(actor.organisation_id)],
            "service": [same, *queries.services(actor, None)],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise django_forms.ValidationError(_("Choose at least one fact to change."))
        return cleaned


class AssignMany(forms.Asked):
    """To whom, and in which team."""

    assignee = django_forms.ChoiceField(label=gettext_lazy("Agent"), required=False)
    team = django_forms.ChoiceField(label=gettext_lazy("Team"), required=False)

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        same = ("", _("– as it is –"))
        self.fields["assignee"].choices = [same, *forms.worker_choices(actor, None)]  # type: ignore[attr-defined]
        self.fields["team"].choices = [same, *directory.teams(actor, None)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise django_forms.ValidationError(_("Choose an agent, a team, or both."))
        return cleaned


FORMS: dict[str, type[forms.Asked]] = {
    "assign": AssignMany,
    "transfer": forms.Transfer,
    "hold": forms.Hold,
    "resolve": forms.Resolve,
    "cancel": forms.Reason,
    "reopen": forms.Reason,
    "edit": Facts,
}
AT_ONCE = ("take", "start", "resume", "close", "watch")


@require_POST
@agents
def bulk(request: HttpRequest) -> HttpResponse:
    """Ask what the verb needs (unless nothing), do it to every row by itself, tell what happened."""
    actor = actor_of(request)
    verb = request.POST.get("verb", "")
    if verb not in FORMS and verb not in AT_ONCE:
        return refused(request, 422, _("Choose what to do with the selection."))
    query = request.POST.get("query", "")
    numbers = chosen(request, actor, query)
    if not numbers:
        return refused(request, 422, _("Nothing is selected. Tick the rows first."))
    context = {
        "verb": verb,
        "numbers": numbers,
        "list_query": query,
        "count": len(numbers),
        "back": f"/incidents/{query}",
    }
    if verb in AT_ONCE:
        data = {"assignee": actor.email} if verb == "take" else {}
        return _do(request, actor, "assign" if verb == "take" else verb, numbers, data, context)
    row = {"organisation_id": actor.organisation_id}
    applied = "apply" in request.POST
    form = FORMS[verb](request.POST if applied else None, actor=actor, row=row)
    if not applied or not form.is_valid():
        context |= {
            "form": form,
            "heading": _heading(verb, len(numbers)),
            "button": _heading(verb, len(numbers)),
            "sign": wording.VERB_ICONS[verb],
            "danger": verb == "cancel",
            "listed": numbers[:LISTED],
            "more": max(0, len(numbers) - LISTED),
            "preview": _preview(actor, verb, numbers),
            "to_whom": _("Assign %(count)s to {name}.") % {"count": len(numbers)} if verb == "assign" else "",
        }
        return _render(request, "question", context, 422 if applied else 200)
    return _do(request, actor, verb, numbers, form.data_for(), context)


def chosen(request: HttpRequest, actor: Actor, query: str) -> list[str]:
    """The ticked rows, or everything that matches the list they were ticked on (at most MOST)."""
    if request.POST.get("all_matching"):
        try:
            wanted = listing.wanted(actor, listing.without_cursor(listing.given(QueryDict(query.lstrip("?")))))
        except Invalid:
            return []
        return facade.numbers(actor, wanted.filter, limit=MOST)
    return list(dict.fromkeys(one for one in request.POST.getlist("selected") if one))[:MOST]


def _do(
    request: HttpRequest, actor: Actor, verb: str, numbers: list[str], data: dict[str, Any], context: dict[str, Any]
) -> HttpResponse:
    """Begin the batch; few are done when this answers, of many it tells how far they are."""
    try:
        batch_id = servicedesk.start_batch(actor, {"verb": verb, "inputs": _plain(data), "numbers": numbers})
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    return told(request, actor, batch_id, context["back"])


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Inputs as a job can carry them."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}


def told(request: HttpRequest, actor: Actor, batch_id: int, back: str) -> HttpResponse:
    """How far a batch is, or what came of it: what was refused and why, and the way back."""
    nav.forget(actor)
    row = servicedesk.batch(actor, batch_id)
    refusals = row.kept if row.state in ("undoing", "undone") else row.refused
    context = {"batch": row, "back": back, "refusals": refusals, "heading": _told(row, len(refusals))}
    return _render(request, "result" if row.finished else "progress", context, 200)


def _told(row: servicedesk.BatchRow, refusals: int) -> str:
    if not row.finished:
        return _("Working on it")
    if row.state == "undone":
        heading = ngettext("%(count)d incident taken back", "%(count)d incidents taken back", row.taken_back)
        heading %= {"count": row.taken_back}
        said = ngettext("%(count)d stayed", "%(count)d stayed", refusals) % {"count": refusals}
    else:
        heading = ngettext("%(count)d incident done", "%(count)d incidents done", row.done) % {"count": row.done}
        said = ngettext("%(count)d was refused", "%(count)d were refused", refusals) % {"count": refusals}
    return _("%(done)s, %(refused)s") % {"done": heading, "refused": said} if refusals else heading


@require_safe
@agents
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One's own batch: its progress, then its result."""
    return told(request, actor_of(request), batch_id, _back(request.GET.get("back", "")))


@require_POST
@agents
def undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take a batch back."""
    actor = actor_of(request)
    try:
        servicedesk.undo_batch(actor, batch_id)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    return told(request, actor, batch_id, _back(request.POST.get("back", "")))


def _back(asked: str) -> str:
    return asked if asked.startswith("/incidents/?") else "/incidents/"


def _preview(actor: Actor, verb: str, numbers: list[str]) -> str:
    """What doing it means for the people who reported them."""
    people = facade.requesters_of(actor, numbers)
    if not facade.tells_requesters(verb):
        return ngettext(
            "%(people)d person reported them and is not told.",
            "%(people)d people reported them and are not told.",
            people,
        ) % {"people": people}
    return ngettext(
        "%(people)d person who reported them is told.", "%(people)d people who reported them are told.", people
    ) % {"people": people}


def _render(request: HttpRequest, part: str, context: dict[str, Any], status: int) -> HttpResponse:
    context |= {"part": f"desk/bulk_{part}.html"}
    if is_partial(request):
        return render(request, "desk/bulk_dialog.html", context, status=status)
    return render(request, "desk/bulk_page.html", {**context, **nav.frame(request, "incidents")}, status=status)


def _heading(verb: str, count: int) -> str:
    headings = {
        "assign": ngettext("Assign %(count)d incident", "Assign %(count)d incidents", count),
        "transfer": ngettext("Transfer %(count)d incident", "Transfer %(count)d incidents", count),
        "hold": ngettext("Put %(count)d incident on hold", "Put %(count)d incidents on hold", count),
        "resolve": ngettext("Resolve %(count)d incident", "Resolve %(count)d incidents", count),
        "reopen": ngettext("Reopen %(count)d incident", "Reopen %(count)d incidents", count),
        "cancel": ngettext("Cancel %(count)d incident", "Cancel %(count)d incidents", count),
        "edit": ngettext("Change %(count)d incident", "Change %(count)d incidents", count),
    }
    return headings[verb] % {"count": count}
