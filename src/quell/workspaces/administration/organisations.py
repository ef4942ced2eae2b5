"""The tree of organisations: making, renaming, moving, and taking one out of use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions.directory import organisations as actions
from quell.kernel.actions.directory.subjects import version_of
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of

from . import history, queries
from .doors import Reach, door, nothing_here, page, reach
from .forms import OrganisationForm

Row = queries.Row


@require_http_methods(["GET", "HEAD", "POST"])
@door(PEOPLE_MANAGE)
def organisations(request: HttpRequest) -> HttpResponse:
    """The tree, and beside it the form for a new one."""
    actor = actor_of(request)
    far = reach(actor, PEOPLE_MANAGE)
    rows = queries.organisations(far)
    data = request.POST if request.method == "POST" else None
    form = OrganisationForm(data, parents=queries.choices(rows), new=True, may_be_root=far.everywhere)
    if form.is_bound and form.is_valid():
        given = {**form.values("code", "name"), "parent": form.cleaned_data["parent"] or None}
        try:
            actions.create_organisation(actor, given)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("%(name)s is there now.") % {"name": given["name"]})
            return HttpResponseRedirect(reverse("administration:organisations"))
    context = {"rows": rows, "form": form, "trail": [{"label": _("Organisations"), "url": ""}]}
    return page(request, "organisations", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door(PEOPLE_MANAGE)
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One organisation; a POST renames or moves it."""
    actor = actor_of(request)
    far, row = _known(request, organisation_id)
    form = _form(far, row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given: dict[str, Any] = {"name": form.cleaned_data["name"]}
        parent = form.cleaned_data["parent"] or None
        if parent != row["parent"]:
            given["parent"] = parent
        try:
            actions.edit_organisation(actor, row["code"], given, version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("administration:organisation", args=[organisation_id]))
    context = {
        "organisation": row,
        "form": form,
        "own": row["id"] == actor.organisation_id,
        "lines": history.of_subject(far, "organisation", row["id"], limit=8),
        "trail": [
            {"label": _("Organisations"), "url": reverse("administration:organisations")},
            {"label": row["name"], "url": ""},
        ],
    }
    return page(request, "organisation", context, status=422 if form.is_bound else 200)


@require_POST
@door(PEOPLE_MANAGE)
def set_active(request: HttpRequest, organisation_id: int, active: bool) -> HttpResponse:
    """Take an organisation out of use, or into use again."""
    _far, row = _known(request, organisation_id)
    step = actions.activate_organisation if active else actions.deactivate_organisation
    try:
        step(actor_of(request), row["code"])
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("administration:organisation", args=[organisation_id]))


def _known(request: HttpRequest, organisation_id: int) -> tuple[Reach, Row]:
    far = reach(actor_of(request), PEOPLE_MANAGE)
    row = queries.organisation(far, organisation_id)
    if row is None:
        raise nothing_here()
    return far, row


def _form(far: Reach, row: Row, data: Any) -> OrganisationForm:
    """Places to move to: everything within reach that is not itself or below it; and where it stands now."""
    rows = queries.organisations(far)
    parents = queries.choices([one for one in rows if row["id"] not in one["path"]])
    if row["parent"] and row["parent"] not in {code for code, _name in parents}:
        parents.insert(0, (row["parent"], row["parent_name"]))
    begun = {"name": row["name"], "parent": row["parent"] or "", "version": version_of(actions.SUBJECT, row["id"])}
    at_the_top = far.everywhere or row["parent"] is None
    return OrganisationForm(data, initial=begun, parents=parents, new=False, may_be_root=at_the_top)
