"""Which target applies to a record of such a kind, and why none of the others: to try before anybody asks."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.agreements import facade
from quell.practices.services import facade as services

from . import queries
from .agreements import ALL_SERVICES, open_to_readers, trail
from .doors import Reach, page
from .forms import Asked, Choices


class CaseForm(Asked):
    """The facts of a record that decide."""

    metric = forms.ChoiceField(label=gettext_lazy("What is measured"))
    organisation = forms.ChoiceField(label=gettext_lazy("Requester's organisation"))
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of record"))
    team = forms.ChoiceField(label=gettext_lazy("Team that has it"), required=False)


@require_safe
@open_to_readers
def agreement_choice(request: HttpRequest) -> HttpResponse:
    """A form, and once it is sent the answer below it. It changes nothing, so its address can be passed on."""
    actor = actor_of(request)
    places = _places(actor)
    begun = {
        "metric": "resolution",
        "priority": "3",
        "kind": "incident",
        "organisation": places[0][0] if places else "",
    }
    form = CaseForm(request.GET if "metric" in request.GET else None, initial=begun)
    nothing = _("– none –")
    form.choose("metric", [(one["code"], one["name"]) for one in facade.metrics(actor) if one["active"]])
    form.choose("organisation", places)
    offered = [(row["code"], row["name"]) for row in services.services(actor, ALL_SERVICES)]
    form.choose("service", [("", nothing), *offered])
    form.choose("priority", [("", nothing), *((str(n), f"P{n}") for n in range(1, 6))])
    form.choose("kind", [("incident", _("Incident")), ("request", _("Request"))])
    form.choose("team", [("", nothing), *directory.teams(actor, None)])
    choice = None
    if form.is_bound and form.is_valid():
        given = form.values("metric", "organisation", "service", "priority", "kind", "team")
        facts = {name: value for name, value in given.items() if value}
        if "priority" in facts:
            facts["priority"] = int(facts["priority"])
        try:
            choice = facade.try_case(actor, facts)
        except Refusal as no:
            form.refuse(no)
    context = {
        "form": form,
        "choice": choice,
        "trail": [trail(), {"label": _("Which target applies"), "url": ""}],
    }
    return page(request, "agreement_choice", context, status=422 if form.is_bound and form.errors else 200)


def _places(actor: Actor) -> Choices:
    """Organisations somebody may ask for: those whose agreements they read."""
    ids = facade.places_read(actor)
    return queries.choices(queries.organisations(Reach(ids is None, tuple(sorted(ids or ())))))
