"""Services: what people depend on, how much, and who answers for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.services import facade

from . import history, queries
from .doors import Reach, door, nothing_here, page, reach
from .forms import CODE_HINT, CODE_SAID, Asked, Choices, text
from .listing import asked

Row = dict[str, Any]


def criticalities() -> Choices:
    """How much depends on a service, greatest first."""
    return [
        ("1", _("1 – everything stands still without it")),
        ("2", _("2 – many cannot work")),
        ("3", _("3 – some are hindered")),
        ("4", _("4 – a convenience")),
    ]


def statuses() -> Choices:
    """Where a service is in its life."""
    return [("planned", _("Planned")), ("live", _("Live")), ("retired", _("Retired"))]


class ServiceForm(Asked):
    """A service; its code and organisation only when it is new."""

    name = text(gettext_lazy("Name"), length=200, said=gettext_lazy("Give the service's name."))
    code = text(gettext_lazy("Code"), length=60, said=CODE_SAID)
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))
    criticality = forms.ChoiceField(label=gettext_lazy("Criticality"))
    status = forms.ChoiceField(label=gettext_lazy("State"))
    owner = forms.EmailField(
        label=gettext_lazy("Owner"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("The e-mail address of the person who answers for it."),
        error_messages={"invalid": gettext_lazy("This is not an e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "list": "people-known"}),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, organisations: Choices, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("organisation", organisations)
        self.choose("criticality", criticalities())
        self.choose("status", statuses())
        self.fields["code"].help_text = CODE_HINT
        if not new:
            del self.fields["code"]
            del self.fields["organisation"]

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        given = self.values(*(name for name in self.fields if name != "version"))
        return {**given, "criticality": int(given["criticality"]), "owner": given["owner"] or None}


@require_safe
@door(SETTINGS_MANAGE)
def services(request: HttpRequest) -> HttpResponse:
    """Services by code; those of organisations above can be seen, not changed."""
    actor = actor_of(request)
    far = reach(actor, SETTINGS_MANAGE)
    places = queries.organisations(far)
    wanted = {
        "text": asked(request, "q"),
        "organisation": asked(request, "organisation"),
        "active": asked(request, "active", ("yes", "no", "all")),
    }
    active = {"yes": True, "no": False}.get(wanted["active"])
    after = asked(request, "cursor") or None
    found = facade.services(
        actor, facade.Asked(wanted["text"], active, wanted["organisation"] or None, queries.PAGE, after)
    )
    names = {place["code"]: place["name"] for place in places}
    rows = [{**row, "mine": row["organisation"] in names, "place": names.get(row["organisation"], row["organisation"])}
            for row in found[: queries.PAGE]]  # fmt: skip
    context = {
        "rows": rows,
        "next": rows[-1]["code"] if len(found) > queries.PAGE else "",
        "first": after is None,
        "wanted": wanted,
        "filtered": bool(wanted["text"] or wanted["organisation"]),
        "organisations": queries.choices(places),
        "trail": [{"label": _("Services"), "url": ""}],
    }
    return page(request, "services", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def new_service(request: HttpRequest) -> HttpResponse:
    """Make a service known."""
    actor = actor_of(request)
    far = reach(actor, SETTINGS_MANAGE)
    data = request.POST if request.method == "POST" else None
    form = ServiceForm(data, initial={"criticality": "3", "status": "live"}, organisations=_places(far), new=True)
    if form.is_bound and form.is_valid():
        try:
            facade.create(actor, form.facts())
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("The service can be chosen now."))
            return HttpResponseRedirect(reverse("administration:services"))
    context = {
        "form": form,
        "service": None,
        "known": _known_people(actor),
        "trail": [_trail(), {"label": _("New service"), "url": ""}],
    }
    return page(request, "service", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def service(request: HttpRequest, code: str) -> HttpResponse:
    """One service; a POST changes it."""
    actor = actor_of(request)
    far, row = _known(actor, code)
    begun = {**row, "criticality": str(row["criticality"]), "owner": row["owner"] or ""}
    data = request.POST if request.method == "POST" else None
    form = ServiceForm(data, initial=begun, organisations=[], new=False)
    if form.is_bound and form.is_valid():
        try:
            facade.edit(actor, code, form.facts(), version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("administration:service", args=[code]))
    context = {
        "form": form,
        "service": row,
        "known": _known_people(actor),
        "lines": history.of_subject(far, "item", row["id"], limit=8),
        "trail": [_trail(), {"label": row["name"], "url": ""}],
    }
    return page(request, "service", context, status=422 if form.is_bound else 200)


@require_POST
@door(SETTINGS_MANAGE)
def set_active(request: HttpRequest, code: str, active: bool) -> HttpResponse:
    """Take a service out of use, or into use again."""
    actor = actor_of(request)
    _known(actor, code)
    try:
        (facade.activate if active else facade.deactivate)(actor, code)
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("administration:service", args=[code]))


def _known(actor: Actor, code: str) -> tuple[Reach, Row]:
    far = reach(actor, SETTINGS_MANAGE)
    row = facade.service(actor, code)
    if row["organisation"] not in {place["code"] for place in queries.organisations(far)}:
        raise nothing_here()
    return far, row


def _places(far: Reach) -> Choices:
    return queries.choices(queries.organisations(far))


def _known_people(actor: Actor) -> list[dict[str, Any]]:
    return directory.workers(actor, None)


def _trail() -> dict[str, str]:
    return {"label": _("Services"), "url": reverse("administration:services")}
