"""Which organisations an actor reaches: those they look into, those they manage, and the branch they stand on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound
from quell.kernel.people.models import Organisation, Team


def manages(actor: Actor, capability: str, organisation_id: int | None) -> bool:
    """Does the capability hold for the whole organisation? A grant narrowed to a team never does; None asks for
    the whole instance."""
    scope = actor.scope(capability)
    return scope.everywhere or (organisation_id is not None and organisation_id in scope.organisations)


def must_manage(actor: Actor, capability: str, organisation_id: int | None) -> None:
    """Refuse with a sentence unless `manages`."""
    if manages(actor, capability, organisation_id):
        return
    if actor.read_only:
        raise Forbidden(_("This token may only read."))
    raise Forbidden(_("Your role does not let you change this."))


def reach(actor: Actor, capability: str = "people.view") -> set[int] | None:
    """Ids of organisations whose people the actor may look at; None for all."""
    scope = actor.scope(capability)
    return None if scope.everywhere else {*scope.organisations, *scope.team_organisations}


def surroundings(actor: Actor) -> set[int] | None:
    """Ids of organisations whose name, teams and services the actor may know: their own, those they reach, and all
    above these, for a team of the parent serves its children. None for all."""
    near = reach(actor)
    if near is None or actor.is_house:
        return None
    ids = {*near, *(() if actor.organisation_id is None else (actor.organisation_id,))}
    paths = Organisation.objects.filter(pk__in=ids).values_list("path", flat=True)
    return ids | {place for path in paths for place in path}


def organisation(actor: Actor, code: str, field: str = "organisation") -> Organisation:
    """An active organisation the actor may know of, by code; raises Invalid on `field`."""
    found = Organisation.objects.filter(code=code, active=True).first()
    near = surroundings(actor)
    if found is None or (near is not None and found.pk not in near):
        raise Invalid.field(field, _("No organisation “%(code)s” is known here.") % {"code": code})
    return found


def code_of(organisation_id: int | None) -> str:
    """The code of an organisation by id; "" for none."""
    return Organisation.objects.filter(pk=organisation_id or 0).values_list("code", flat=True).first() or ""


def team(actor: Actor, code: str, field: str = "teams") -> Team:
    """An active team the actor may know of, by code; raises Invalid on `field`."""
    found = Team.objects.filter(code=code, active=True).select_related("organisation").first()
    near = surroundings(actor)
    if found is None or (near is not None and found.organisation_id not in near):
        raise Invalid.field(field, _("No team “%(code)s” is known here.") % {"code": code})
    return found


def unknown(name: str) -> NotFound:
    """The refusal for what does not exist, or is not the caller's to see; the two are never told apart."""
    return NotFound(_("There is no “%(name)s” here, or it is not yours to see.") % {"name": name})
