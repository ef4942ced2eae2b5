"""Who may give whom which role. Nobody gives more than they hold, and nobody touches those who hold more.

A grant with a wider reach or a stronger role than the giver's own would be a way up; so would changing the address
or the password of somebody who holds one (security.md: missing authorisation, mass assignment, tenant administrators).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE
from quell.kernel.config.refusal import Conflict, Forbidden, Invalid
from quell.kernel.people.models import Organisation, Person, Role, RoleGrant, Team
from quell.kernel.people.shipped import role_name

from . import places
from .inputs import GrantInput

#: The role that belonging to teams narrows (contract.md, People and places).
NARROWED = "agent"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A grant as it is to stand: ids of role, organisation (None: everywhere) and team (None: all of it)."""

    role_id: int
    organisation_id: int | None
    team_id: int | None


def holds_as_much(actor: Actor, capabilities: Iterable[str], organisation_id: int | None) -> bool:
    """Does the actor hold every one of these capabilities over all of that organisation (None: the instance)?"""
    if actor.is_house:
        return True
    return all(places.manages(actor, capability, organisation_id) for capability in (*capabilities, PEOPLE_MANAGE))


def wanted(
    actor: Actor, organisation: Organisation, grants: Sequence[GrantInput], teams: Sequence[Team]
) -> list[Wanted]:
    """The grants asked for, as rows; raises Invalid for unknown names and Forbidden for what is not the giver's."""
    roles = {role.code: role for role in Role.objects.filter(code__in={grant.role for grant in grants})}
    found: list[Wanted] = []
    for grant in grants:
        role = roles.get(grant.role)
        if role is None:
            raise Invalid.field("roles", _("No role “%(code)s” is known here.") % {"code": grant.role})
        plain = grant.organisation is None and grant.team is None and not grant.everywhere
        if plain and teams and role.code == NARROWED:
            found += [_checked(actor, role, organisation, team) for team in teams]
        else:
            found.append(_checked(actor, role, _place(actor, grant, organisation), _team(actor, grant)))
    return list(dict.fromkeys(found))


def _place(actor: Actor, grant: GrantInput, organisation: Organisation) -> Organisation | None:
    if grant.everywhere:
        if grant.organisation is not None:
            raise Invalid.field("roles", _("A role is granted everywhere, or in one organisation."))
        return None
    return organisation if grant.organisation is None else places.organisation(actor, grant.organisation, "roles")


def _team(actor: Actor, grant: GrantInput) -> Team | None:
    return None if grant.team is None else places.team(actor, grant.team, "roles")


def _checked(actor: Actor, role: Role, organisation: Organisation | None, team: Team | None) -> Wanted:
    place = None if organisation is None else organisation.pk
    if team is not None and organisation is not None:
        if team.organisation_id not in organisation.path and place not in team.organisation.path:
            raise Invalid.field("roles", _("The team “%(code)s” does not work there.") % {"code": team.code})
    if not holds_as_much(actor, role.capabilities, place):
        words = _("You cannot grant the role “%(role)s” there: your own does not reach as far.")
        raise Forbidden(words % {"role": role_name(role.code, role.name)})
    return Wanted(role.pk, place, None if team is None else team.pk)


def must_outrank(actor: Actor, person: Person) -> None:
    """Refuse to touch somebody who holds what the actor could not give."""
    if actor.is_house or actor.person_id == person.pk:
        return
    for grant in RoleGrant.objects.filter(person=person).select_related("role"):
        if grant.role.capabilities and not holds_as_much(actor, grant.role.capabilities, grant.organisation_id):
            raise Forbidden(_("%(name)s holds rights that you do not; ask somebody who does.") % {"name": person.name})


def replace(actor: Actor, person: Person, rows: Sequence[Wanted]) -> tuple[list[str], list[str]] | None:
    """Make a person's grants exactly these; returns (before, after) in words, or None when nothing changed.

    Taking a grant away needs the same rights as giving it. The instance keeps an administrator.
    """
    held = list(RoleGrant.objects.filter(person=person).select_related("role", "organisation", "team"))
    before = sorted(_words(grant) for grant in held)
    keep = set(rows)
    gone = [g for g in held if Wanted(g.role_id, g.organisation_id, g.team_id) not in keep]
    fresh = [row for row in rows if row not in {Wanted(g.role_id, g.organisation_id, g.team_id) for g in held}]
    if not gone and not fresh:
        return None
    for grant in gone:
        if not holds_as_much(actor, grant.role.capabilities, grant.organisation_id):
            words = _("You cannot take away the role “%(role)s”: your own does not reach as far.")
            raise Forbidden(words % {"role": role_name(grant.role.code, grant.role.name)})
    RoleGrant.objects.filter(pk__in=[grant.pk for grant in gone]).delete()
    RoleGrant.objects.bulk_create(
        RoleGrant(
            person=person,
            role_id=row.role_id,
            organisation_id=row.organisation_id,
            team_id=row.team_id,
            granted_by_id=actor.person_id,
        )
        for row in fresh
    )
    if gone:
        must_leave_an_administrator()
    after = RoleGrant.objects.filter(person=person).select_related("role", "organisation", "team")
    return before, sorted(_words(grant) for grant in after)


def must_leave_an_administrator() -> None:
    """Refuse what would leave the instance with nobody who can give rights. Raises Conflict."""
    left = RoleGrant.objects.filter(
        organisation=None, team=None, role__capabilities__contains=[PEOPLE_MANAGE], person__is_active=True
    )
    if not left.exists():
        raise Conflict(_("The instance would be left without an administrator."))


def _words(grant: RoleGrant) -> str:
    place = "*" if grant.organisation is None else grant.organisation.code
    return f"{grant.role.code}@{place}" + (f"/{grant.team.code}" if grant.team else "")
