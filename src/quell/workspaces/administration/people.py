"""The list of people, and making one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions.directory.people import create_person
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of

from . import queries
from .doors import Reach, door, page, reach
from .forms import NewPerson
from .listing import asked


def trail() -> dict[str, str]:
    """The step of the breadcrumb that leads back to the list."""
    return {"label": _("People"), "url": reverse("administration:people")}


@require_safe
@door(PEOPLE_MANAGE)
def people(request: HttpRequest) -> HttpResponse:
    """People by name, with search and filters."""
    far = reach(actor_of(request), PEOPLE_MANAGE)
    wanted = {
        "text": asked(request, "q"),
        "active": asked(request, "active", ("yes", "no", "all")),
        "organisation": asked(request, "organisation"),
        "role": asked(request, "role"),
        "team": asked(request, "team"),
    }
    found = queries.people(far, wanted, asked(request, "cursor"))
    context = {
        "found": found,
        "wanted": wanted,
        "filtered": bool(wanted["text"] or wanted["organisation"] or wanted["role"] or wanted["team"]),
        "first": not asked(request, "cursor"),
        "counted": queries.COUNTED,
        "organisations": queries.choices(queries.organisations(far)),
        "roles": [(role["code"], role["name"]) for role in queries.roles(far)],
        "teams": queries.team_choices(far),
        "trail": [{"label": _("People"), "url": ""}],
    }
    return page(request, "people", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door(PEOPLE_MANAGE)
def new_person(request: HttpRequest) -> HttpResponse:
    """Make a person; their page follows, where more roles and a password can be given."""
    actor = actor_of(request)
    far = reach(actor, PEOPLE_MANAGE)
    form = _form(request, far)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.facts()
        if team := form.cleaned_data["team"]:
            data["teams"] = [team]
        if role := form.cleaned_data["role"]:
            data["roles"] = [role]
        try:
            create_person(actor, data)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("%(name)s is known now.") % {"name": data["name"]})
            made = queries.person_id(far, data["email"])
            return HttpResponseRedirect(reverse("administration:person", args=[made]))
    context = {"form": form, "trail": [trail(), {"label": _("New person"), "url": ""}]}
    return page(request, "new_person", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, far: Reach) -> NewPerson:
    roles = [(role["code"], role["name"]) for role in queries.roles(far) if role["capabilities"]]
    return NewPerson(
        request.POST if request.method == "POST" else None,
        organisations=queries.choices(queries.organisations(far)),
        roles=roles,
        teams=queries.team_choices(far),
    )
