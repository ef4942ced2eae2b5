"""From the codes, e-mails and paths people send to the rows they mean, within what the actor may use.

Each refusal names the field. Something that exists elsewhere is "not known here", exactly like something that does
not exist, so that nobody learns of other organisations' people and teams.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid
from quell.kernel.items.models import Item
from quell.kernel.people.models import Membership, Organisation, Person, RoleGrant, Team

from ..models import Category


def organisation(code: str, field: str = "organisation") -> Organisation:
    """An active organisation by code."""
    found = Organisation.objects.filter(code=code, active=True).first()
    if found is None:
        raise Invalid.field(field, _("No organisation “%(code)s” is known here.") % {"code": code})
    return found


def lineage(organisation_id: int) -> list[int]:
    """The organisation and all above it: whose teams, services and categories it may use."""
    return list(Organisation.objects.values_list("path", flat=True).get(pk=organisation_id))


def person(email: str, field: str, actor: Actor) -> Person:
    """An active person by e-mail, whom the actor may name: themselves, or somebody within their reach."""
    found = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None or not _may_name(actor, found):
        raise Invalid.field(field, _("Nobody with the address “%(email)s” is known here.") % {"email": email})
    return found


def _may_name(actor: Actor, found: Person) -> bool:
    if actor.is_house or found.pk == actor.person_id or found.organisation_id == actor.organisation_id:
        return True
    scope = actor.scope("people.view")
    return scope.everywhere or found.organisation_id in scope.organisations | scope.team_organisations


def assignee(email: str, organisation_id: int, team_id: int | None, actor: Actor) -> Person:
    """An active person who can work on records of that organisation (or team)."""
    found = person(email, "assignee", actor)
    if not can_take(found, organisation_id, team_id):
        raise Invalid.field("assignee", _("%(name)s does not work on incidents here.") % {"name": found.name})
    return found


def can_take(candidate: Person, organisation_id: int, team_id: int | None) -> bool:
    """Does a role of theirs let them work there?"""
    path = lineage(organisation_id)
    grants = RoleGrant.objects.filter(person=candidate, role__capabilities__contains=["records.work"])
    for grant in grants.values_list("organisation_id", "team_id"):
        if (grant[0] is None or grant[0] in path) and (grant[1] is None or team_id is None or grant[1] == team_id):
            return True
    return team_id is not None and (
        grants.exists() and Membership.objects.filter(team_id=team_id, person=candidate).exists()
    )


def team(code: str, organisation_id: int, field: str = "team") -> Team:
    """An active team of the organisation or of one above it."""
    found = Team.objects.filter(code=code, active=True).first()
    if found is None or not _in_reach(found.organisation_id, organisation_id):
        raise Invalid.field(field, _("No team “%(code)s” is known here.") % {"code": code})
    return found


def service(code: str, organisation_id: int, field: str = "service") -> Item:
    """An active service of the organisation or of one above it."""
    found = Item.objects.filter(code=code, item_class="service", active=True).first()
    if found is None or not _in_reach(found.organisation_id, organisation_id):
        raise Invalid.field(field, _("No service “%(code)s” is known here.") % {"code": code})
    return found


def category(path: str, organisation_id: int) -> Category:
    """An active category, the organisation's own before everybody's."""
    wanted = path.strip().strip("/").lower()
    theirs = Q(organisation_id__in=lineage(organisation_id))
    there = list(Category.objects.filter(theirs | Q(organisation=None), path=wanted, active=True))
    found = next((one for one in there if one.organisation_id), next(iter(there), None))
    if found is None:
        raise Invalid.field("category", _("No category “%(path)s” is known here.") % {"path": path})
    return found


def _in_reach(owner_id: int, organisation_id: int) -> bool:
    if owner_id == organisation_id:
        return True
    paths = dict(Organisation.objects.filter(pk__in=[owner_id, organisation_id]).values_list("pk", "path"))
    # A team may serve an organisation above, below or beside its own branch as long as the branches meet.
    return owner_id in paths[organisation_id] or organisation_id in paths[owner_id]
