"""Who may keep what for whom: one's own, a team's by its leads, an organisation's by those who lead work there."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD, RECORDS_WORK
from quell.kernel.access.verdict import YES, Verdict, no
from quell.kernel.people.models import Membership, Team

from .settings import MEMBERS_KEEP_VIEWS


def works_here(actor: Actor) -> Verdict:
    """What the desk keeps for its work is for those who work on records."""
    if actor.read_only:
        return no(_("This token may only read."))
    return YES if actor.scope(RECORDS_WORK) else no(_("Your role does not include working on records."))


def can_keep(
    actor: Actor,
    reach: str,
    *,
    person_id: int,
    team: Team | None,
    organisation_id: int | None,
    led: Collection[int] | None = None,
) -> Verdict:
    """May the actor make, change or put away something of this reach? Own things, those of teams they lead, those of
    organisations whose work they lead. `led` holds the teams the actor leads, when that is known already."""
    if not (answer := works_here(actor)):
        return answer
    if reach == "personal":
        return YES if person_id == actor.person_id else no(_("This belongs to somebody else."))
    lead = actor.scope(RECORDS_LEAD)
    if reach == "team" and team is not None:
        if (leads(actor, team.pk) if led is None else team.pk in led) or lead.covers(team.organisation_id, team.pk):
            return YES
        return no(_("Only a lead of this team can change what is for the team."))
    if organisation_id is not None and (lead.everywhere or organisation_id in lead.organisations):
        return YES
    return no(_("Only somebody who leads the work of this organisation can change what is for everybody."))


def leads(actor: Actor, team_id: int) -> bool:
    """Is the actor a lead of the team?"""
    return Membership.objects.filter(team_id=team_id, person_id=actor.person_id or 0, lead=True).exists()


def can_keep_view(
    actor: Actor,
    reach: str,
    *,
    person_id: int,
    team_id: int | None = None,
    team_organisation: int | None = None,
    organisation_id: int | None = None,
    member: bool = False,
    lead: bool = False,
) -> Verdict:
    """May the actor make, change or put away a view of this reach? As `can_keep`; a team's members too where its
    organisation allows it. `member` and `lead` say what the actor is in the team."""
    if not (answer := works_here(actor)):
        return answer
    if reach == "personal":
        return YES if person_id == actor.person_id else no(_("This belongs to somebody else."))
    leading = actor.scope(RECORDS_LEAD)
    if reach == "team":
        if lead or (team_organisation is not None and leading.covers(team_organisation, team_id)):
            return YES
        if member and MEMBERS_KEEP_VIEWS.get(team_organisation):
            return YES
        return no(_("Only a lead of this team can change what is for the team."))
    if organisation_id is not None and (leading.everywhere or organisation_id in leading.organisations):
        return YES
    return no(_("Only somebody who leads the work of this organisation can change what is for everybody."))
