"""Teams: making them, who is in them and who leads, and taking one out of use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access import directory
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions.directory import teams as actions
from quell.kernel.actions.directory.subjects import version_of
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of

from . import history, queries
from .doors import Reach, door, nothing_here, page, reach
from .forms import NewMember, TeamForm, TeamName
from .listing import asked

Row = queries.Row


def trail() -> dict[str, str]:
    """The step of the breadcrumb that leads back to the list."""
    return {"label": _("Teams"), "url": reverse("administration:teams")}


@require_safe
@door(PEOPLE_MANAGE)
def teams(request: HttpRequest) -> HttpResponse:
    """Teams by name, with their leads and what lies with them."""
    far = reach(actor_of(request), PEOPLE_MANAGE)
    text, organisation = asked(request, "q"), asked(request, "organisation")
    rows, following = queries.teams(far, organisation, text, asked(request, "cursor"))
    context = {
        "rows": rows,
        "next": following,
        "first": not asked(request, "cursor"),
        "text": text,
        "organisation": organisation,
        "filtered": bool(text or organisation),
        "organisations": queries.choices(queries.organisations(far)),
        "trail": [{"label": _("Teams"), "url": ""}],
    }
    return page(request, "teams", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door(PEOPLE_MANAGE)
def new_team(request: HttpRequest) -> HttpResponse:
    """Make a team; its page follows, where people are put into it."""
    actor = actor_of(request)
    far = reach(actor, PEOPLE_MANAGE)
    data = request.POST if request.method == "POST" else None
    form = TeamForm(data, organisations=queries.choices(queries.organisations(far)))
    if form.is_bound and form.is_valid():
        try:
            code = actions.create_team(actor, form.values("name", "code", "organisation"))
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("The team is there. Put people into it."))
            made = queries.team_id(far, code)
            return HttpResponseRedirect(reverse("administration:team", args=[made]))
    context = {"form": form, "trail": [trail(), {"label": _("New team"), "url": ""}]}
    return page(request, "new_team", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door(PEOPLE_MANAGE)
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """One team; a POST renames it."""
    far, row = _known(request, team_id)
    if request.method != "POST":
        return _page(request, far, row)
    form = TeamName(request.POST)
    if form.is_valid():
        try:
            actions.edit_team(actor_of(request), row["code"], form.values("name"), version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Saved."))
            return _back(team_id)
    return _page(request, far, row, form=form)


@require_POST
@door(PEOPLE_MANAGE)
def add_member(request: HttpRequest, team_id: int) -> HttpResponse:
    """Put somebody into the team, by e-mail; whoever is in it already becomes, or stops being, a lead."""
    far, row = _known(request, team_id)
    form = NewMember(request.POST, prefix="member")
    if form.is_valid():
        email = form.cleaned_data["email"].lower()
        leading = {one["email"] for one in row["members"] if one["lead"]} - {email}
        data = {
            "members": [*(one["email"] for one in row["members"]), email],
            "leads": sorted(leading | ({email} if form.cleaned_data["lead"] else set())),
        }
        try:
            actions.edit_team(actor_of(request), row["code"], data, version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Saved."))
            return _back(team_id)
    return _page(request, far, row, member=form)


@require_POST
@door(PEOPLE_MANAGE)
def change_member(request: HttpRequest, team_id: int, person_id: int, change: str) -> HttpResponse:
    """Make a member a lead ("lead"), a plain member ("member"), or let them go ("remove")."""
    _far, row = _known(request, team_id)
    subject = next((one for one in row["members"] if one["id"] == person_id), None)
    if subject is None:
        raise nothing_here()
    leads = {one["email"] for one in row["members"] if one["lead"]} - {subject["email"]}
    members = [one["email"] for one in row["members"] if change != "remove" or one is not subject]
    if change == "lead":
        leads.add(subject["email"])
    return _do(request, row, {"members": members, "leads": sorted(leads)})


@require_POST
@door(PEOPLE_MANAGE)
def set_active(request: HttpRequest, team_id: int, active: bool) -> HttpResponse:
    """Take a team out of use, or into use again."""
    _far, row = _known(request, team_id)
    step = actions.activate_team if active else actions.deactivate_team
    try:
        step(actor_of(request), row["code"])
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Saved."))
    return _back(team_id)


def _do(request: HttpRequest, row: Row, data: dict[str, Any]) -> HttpResponse:
    try:
        actions.edit_team(actor_of(request), row["code"], data)
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("Saved."))
    return _back(row["id"])


def _known(request: HttpRequest, team_id: int) -> tuple[Reach, Row]:
    far = reach(actor_of(request), PEOPLE_MANAGE)
    row = queries.team(far, team_id)
    if row is None:
        raise nothing_here()
    return far, row


def _back(team_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("administration:team", args=[team_id]))


def _page(
    request: HttpRequest, far: Reach, row: Row, *, form: TeamName | None = None, member: NewMember | None = None
) -> HttpResponse:
    begun = {"version": version_of(actions.SUBJECT, row["id"])}
    inside = {one["email"] for one in row["members"]}
    known = directory.workers(actor_of(request), row["organisation_id"])
    context = {
        "team": row,
        "form": form or TeamName(initial={"name": row["name"], **begun}),
        "member": member or NewMember(prefix="member", initial=begun),
        "known": [one for one in known if one["email"] not in inside],
        "refused": form or member,
        "lines": history.of_subject(far, "team", row["id"], limit=8),
        "trail": [trail(), {"label": row["name"], "url": ""}],
    }
    return page(request, "team", context, status=422 if form or member else 200)
