"""Who may write time, and whose time who may look at (domain.md 8.4: the person first, leads see their team)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD, RECORDS_WORK
from quell.kernel.access.verdict import YES, Verdict, no
from quell.kernel.people.models import Membership, Person
from quell.kernel.records.models import Record


def can_log(actor: Actor, record: Record) -> Verdict:
    """Time is written by those who work on the record."""
    if actor.read_only:
        return no(_("This token may only read."))
    if actor.person_id is None:
        return no(_("Only a person can work."))
    scope = actor.scope(RECORDS_WORK)
    held = bool(scope) and actor.person_id in (record.owner_id, record.assignee_id)
    if scope.covers(record.organisation_id, record.team_id) or held:
        return YES
    return no(_("Only those who work on this can do this."))


def leads(actor: Actor, person_id: int) -> bool:
    """May the actor look at this person's hours: their lead by role, in the organisation or for one of their teams?"""
    scope = actor.scope(RECORDS_LEAD)
    if not scope:
        return False
    if scope.everywhere:
        return True
    if scope.organisations and Person.objects.filter(pk=person_id, organisation__in=scope.organisations).exists():
        return True
    teams = Q(team__in=scope.teams) | Q(team__organisation__in=scope.organisations)
    return Membership.objects.filter(teams, person_id=person_id).exists()


def can_correct(actor: Actor, person_id: int) -> Verdict:
    """One's own hours; those of others by their lead."""
    if actor.read_only:
        return no(_("This token may only read."))
    if actor.token_scopes and RECORDS_WORK not in actor.token_scopes:
        return no(_("This token's scopes do not include working on records."))
    if actor.person_id == person_id or leads(actor, person_id):
        return YES
    return no(_("Hours are corrected by whoever worked them, or by their lead."))
