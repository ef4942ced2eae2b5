"""The page of one person: facts, roles with their reach, teams, password, tokens, and letting them in or out.

Each card is a form of its own. A refusal shows the page again with that form as it was sent; success leads back.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.actions import viewing
from quell.kernel.actions.directory import people as actions
from quell.kernel.actions.directory.subjects import version_of
from quell.kernel.actions.directory.tokens import revoke_token_of
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of

from . import history, queries
from .doors import Reach, door, nothing_here, page, reach
from .forms import Asked, JoinTeam, NewGrant, PersonFields
from .people import trail

Row = queries.Row
EVERYWHERE = "*"


@require_http_methods(["GET", "HEAD", "POST"])
@door(PEOPLE_MANAGE)
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person; a POST changes the facts."""
    actor, far, row = _known(request, person_id)
    if request.method != "POST":
        return _page(request, far, row, {})
    form = _facts(far, row, request.POST)
    if form.is_valid():
        try:
            actions.edit_person(actor, row["email"], form.facts(), version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Saved."))
            return _back(person_id)
    return _page(request, far, row, {"facts": form}, status=422)


@require_POST
@door(PEOPLE_MANAGE)
def view_as(request: HttpRequest, person_id: int) -> HttpResponse:
    """Look at the product with this person's eyes, for half an hour at most."""
    actor, _far, _row = _known(request, person_id)
    viewing.begin(actor, person_id, request.session, reverse("administration:person", args=[person_id]))
    return HttpResponseRedirect("/")


@require_POST
@door(PEOPLE_MANAGE)
def add_grant(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a role, somewhere."""
    actor, far, row = _known(request, person_id)
    form = _grant(actor, far, row, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        place = given["place"]
        fresh = {
            "role": given["role"],
            "everywhere": place == EVERYWHERE,
            "organisation": None if place == EVERYWHERE else place or row["organisation"],
            "team": given["team"] or None,
        }
        try:
            actions.edit_person(actor, row["email"], {"roles": [*_held(row), fresh]}, version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("The role is given."))
            return _back(person_id)
    return _page(request, far, row, {"grant": form}, status=422)


@require_POST
@door(PEOPLE_MANAGE)
def remove_grant(request: HttpRequest, person_id: int, grant_id: int) -> HttpResponse:
    """Take a role away."""
    actor, _far, row = _known(request, person_id)
    left = [grant for grant in row["grants"] if grant["id"] != grant_id]
    if len(left) == len(row["grants"]):
        raise nothing_here()
    data = {"roles": _held({**row, "grants": left})}
    return _do(request, person_id, lambda: actions.edit_person(actor, row["email"], data), _("The role is taken away."))


@require_POST
@door(PEOPLE_MANAGE)
def join_team(request: HttpRequest, person_id: int) -> HttpResponse:
    """Put the person into a team."""
    actor, far, row = _known(request, person_id)
    form = _join(far, row, request.POST)
    if form.is_valid():
        codes = [*(team["code"] for team in row["teams"]), form.cleaned_data["team"]]
        try:
            actions.edit_person(actor, row["email"], {"teams": codes}, version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("%(name)s is in the team.") % {"name": row["name"]})
            return _back(person_id)
    return _page(request, far, row, {"join": form}, status=422)


@require_POST
@door(PEOPLE_MANAGE)
def leave_team(request: HttpRequest, person_id: int, team_id: int) -> HttpResponse:
    """Take the person out of a team."""
    actor, _far, row = _known(request, person_id)
    codes = [team["code"] for team in row["teams"] if team["id"] != team_id]
    if len(codes) == len(row["teams"]):
        raise nothing_here()
    done = _("%(name)s has left the team.") % {"name": row["name"]}
    return _do(request, person_id, lambda: actions.edit_person(actor, row["email"], {"teams": codes}), done)


@require_POST
@door(PEOPLE_MANAGE)
def new_password(request: HttpRequest, person_id: int) -> HttpResponse:
    """Set a password of our choosing, shown once on the answer to this very request and kept nowhere."""
    actor, far, row = _known(request, person_id)
    if row["id"] == actor.person_id:
        messages.error(request, _("Change your own password in your profile."))
        return _back(person_id)
    secret = secrets.token_urlsafe(12)
    actions.edit_person(actor, row["email"], {"password": secret})
    row = queries.person(far, person_id) or row
    return _page(request, far, row, {"secret": secret})


@require_POST
@door(PEOPLE_MANAGE)
def set_active(request: HttpRequest, person_id: int, active: bool) -> HttpResponse:
    """Let the person in, or shut them out."""
    actor, _far, row = _known(request, person_id)
    if active:
        done = _("%(name)s can sign in again.") % {"name": row["name"]}
        return _do(request, person_id, lambda: actions.activate_person(actor, row["email"]), done)
    done = _("%(name)s is signed out everywhere and cannot sign in.") % {"name": row["name"]}
    return _do(request, person_id, lambda: actions.deactivate_person(actor, row["email"]), done)


@require_POST
@door(PEOPLE_MANAGE)
def revoke_token(request: HttpRequest, person_id: int, token_id: int) -> HttpResponse:
    """End one of the person's tokens."""
    actor, _far, row = _known(request, person_id)
    return _do(request, person_id, lambda: revoke_token_of(actor, row["email"], token_id), _("The token is revoked."))


def _known(request: HttpRequest, person_id: int) -> tuple[Actor, Reach, Row]:
    actor = actor_of(request)
    far = reach(actor, PEOPLE_MANAGE)
    row = queries.person(far, person_id)
    if row is None:
        raise nothing_here()
    return actor, far, row


def _back(person_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("administration:person", args=[person_id]))


def _do(request: HttpRequest, person_id: int, step: Callable[[], object], done: str) -> HttpResponse:
    """Do something that has no fields; a refusal becomes a message on the page."""
    try:
        step()
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, done)
    return _back(person_id)


def _held(row: Row) -> list[dict[str, Any]]:
    """The grants of a person as the actions take them."""
    return [
        {
            "role": grant["role"],
            "organisation": grant["organisation"],
            "team": grant["team"],
            "everywhere": grant["organisation"] is None,
        }
        for grant in row["grants"]
    ]


def _facts(far: Reach, row: Row, data: Any = None) -> PersonFields:
    places = queries.choices(queries.organisations(far))
    if row["organisation"] not in {code for code, _name in places}:
        places.insert(0, (row["organisation"], row["organisation_name"]))
    names = (
        "name",
        "email",
        "organisation",
        "job_title",
        "phone",
        "language",
        "timezone",
        "vip",
        "manager",
        "approval_limit",
        "approval_currency",
    )
    begun = {name: row[name] for name in names} | {"version": version_of(actions.SUBJECT, row["id"])}
    return PersonFields(data, initial=begun, organisations=places)


def _grant(actor: Actor, far: Reach, row: Row, data: Any = None) -> NewGrant:
    places = queries.choices(queries.organisations(far))
    if far.everywhere:
        places.insert(0, (EVERYWHERE, _("Everywhere")))
    return NewGrant(
        data,
        prefix="grant",
        initial={"place": row["organisation"], "role": "agent", "version": version_of(actions.SUBJECT, row["id"])},
        roles=[(role["code"], role["name"]) for role in queries.roles(far)],
        places=places,
        teams=queries.team_choices(far),
    )


def _join(far: Reach, row: Row, data: Any = None) -> JoinTeam:
    inside = {team["code"] for team in row["teams"]}
    teams = [choice for choice in queries.team_choices(far) if choice[0] not in inside]
    return JoinTeam(data, prefix="join", initial={"version": version_of(actions.SUBJECT, row["id"])}, teams=teams)


def _page(request: HttpRequest, far: Reach, row: Row, special: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page, with one of its forms replaced by the one that was sent."""
    actor = actor_of(request)
    given: dict[str, forms.Form | Asked] = {
        name: form for name, form in special.items() if isinstance(form, forms.Form)
    }
    context = {
        "person": row,
        "facts": given.get("facts") or _facts(far, row),
        "grant": given.get("grant") or _grant(actor, far, row),
        "join": given.get("join") or _join(far, row),
        "secret": special.get("secret", ""),
        "refused": next(iter(given.values()), None),
        "myself": row["id"] == actor.person_id,
        "valid_tokens": sum(token["valid"] for token in row["tokens"]),
        "lines": history.of_subject(far, "person", row["id"], limit=8),
        "trail": [trail(), {"label": row["name"], "url": ""}],
    }
    return page(request, "person", context, status=status)
