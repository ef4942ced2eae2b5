"""Roles: what each lets people do, and roles of one's own. Roles are the same for the whole instance, so only who
manages people everywhere changes them; everybody else who gives roles may read what they mean."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quell.kernel.access import capabilities
from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions.directory import roles as actions
from quell.kernel.actions.directory.subjects import version_of
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of

from . import queries
from .doors import door, nothing_here, page, reach
from .forms import RoleForm


def capability_words() -> list[tuple[str, str]]:
    """Every capability in words, in the house's order."""
    words = {
        capabilities.RECORDS_VIEW: _("See others' records"),
        capabilities.RECORDS_WORK: _("Work on records"),
        capabilities.RECORDS_LEAD: _("Lead: change owners, arbitrate"),
        capabilities.PEOPLE_VIEW: _("Look people up"),
        capabilities.PEOPLE_MANAGE: _("Manage people, teams, organisations"),
        capabilities.SETTINGS_MANAGE: _("Manage categories, priorities, settings"),
        capabilities.AGREEMENTS_MANAGE: _("Manage agreements and how they are measured"),
        capabilities.JOBS_MANAGE: _("Look after background jobs"),
        capabilities.AUDIT_VIEW: _("Read the history of changes"),
    }
    return [(name, words.get(name, name)) for name in capabilities.ALL]


@require_safe
@door(PEOPLE_MANAGE)
def roles(request: HttpRequest) -> HttpResponse:
    """All roles against all capabilities."""
    far = reach(actor_of(request), PEOPLE_MANAGE)
    words = capability_words()
    rows = [
        {**role, "may": [(said, name in role["capabilities"]) for name, said in words]} for role in queries.roles(far)
    ]
    context = {
        "rows": rows,
        "capabilities": words,
        "may_change": far.everywhere,
        "trail": [{"label": _("Roles"), "url": ""}],
    }
    return page(request, "roles", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door(PEOPLE_MANAGE, whole_instance=True)
def new_role(request: HttpRequest) -> HttpResponse:
    """Make a role from capabilities one holds."""
    actor = actor_of(request)
    data = request.POST if request.method == "POST" else None
    form = RoleForm(data, capabilities=_held(actor), new=True)
    if form.is_bound and form.is_valid():
        try:
            actions.create_role(actor, form.values("code", "name", "description", "capabilities"))
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("The role is there. Give it to people on their pages."))
            return HttpResponseRedirect(reverse("administration:roles"))
    context = {"form": form, "role": None, "trail": [_trail(), {"label": _("New role"), "url": ""}]}
    return page(request, "role", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door(PEOPLE_MANAGE, whole_instance=True)
def role(request: HttpRequest, role_id: int) -> HttpResponse:
    """Change a role of one's own; the shipped ones are shown on the list and stay as they are."""
    actor = actor_of(request)
    own = (known for known in queries.roles(reach(actor, PEOPLE_MANAGE)) if not known["shipped"])
    row = next((known for known in own if known["id"] == role_id), None)
    if row is None:
        raise nothing_here()
    begun = {name: row[name] for name in ("name", "description", "capabilities")}
    begun["version"] = version_of(actions.SUBJECT, row["id"])
    data = request.POST if request.method == "POST" else None
    form = RoleForm(data, initial=begun, capabilities=_held(actor), new=False)
    if form.is_bound and form.is_valid():
        try:
            given = form.values("name", "description", "capabilities")
            actions.edit_role(actor, row["code"], given, version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Saved. It holds from everybody's next step."))
            return HttpResponseRedirect(reverse("administration:roles"))
    context = {"form": form, "role": row, "trail": [_trail(), {"label": row["name"], "url": ""}]}
    return page(request, "role", context, status=422 if form.is_bound else 200)


def _trail() -> dict[str, str]:
    return {"label": _("Roles"), "url": reverse("administration:roles")}


def _held(actor: Actor) -> list[tuple[str, str]]:
    """Capabilities the actor holds everywhere: nobody makes a role that may do more than they."""
    return [(name, words) for name, words in capability_words() if actor.scope(name).everywhere]
