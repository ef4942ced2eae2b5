"""Who may look after the workforce: everybody themselves, leads their organisation, administrators the rules."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import PEOPLE_MANAGE, RECORDS_LEAD, SETTINGS_MANAGE
from quell.kernel.access.verdict import YES, Verdict, no
from quell.kernel.actions.directory import places


def can_arrange(actor: Actor, person_id: int, organisation_id: int) -> Verdict:
    """Hours, availability and absences of a person: their own, or a lead's word."""
    if actor.read_only:
        return no(_("This token may only read."))
    if actor.person_id == person_id or leads(actor, organisation_id):
        return YES
    return no(_("Only the person, or a lead, changes this."))


def can_rate(actor: Actor, organisation_id: int) -> Verdict:
    """What people can do is said by those who lead them."""
    if actor.read_only:
        return no(_("This token may only read."))
    return YES if leads(actor, organisation_id) else no(_("Only a lead says how well somebody knows something."))


def can_rule(actor: Actor, organisation_id: int | None) -> Verdict:
    """Rules of assignment of an organisation, and its list of skills (None: everybody's)."""
    if actor.read_only:
        return no(_("This token may only read."))
    if any(places.manages(actor, capability, organisation_id) for capability in (SETTINGS_MANAGE, RECORDS_LEAD)):
        return YES
    return no(_("Only a lead or an administrator of the organisation changes this."))


def leads(actor: Actor, organisation_id: int) -> bool:
    """Does the actor lead, or look after, the people of an organisation?"""
    return any(places.manages(actor, capability, organisation_id) for capability in (RECORDS_LEAD, PEOPLE_MANAGE))
