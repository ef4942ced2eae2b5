"""Who may do what to tasks and checklists. Each answer is a Verdict with the sentence for the person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_WORK, SETTINGS_MANAGE
from quell.kernel.access.verdict import YES, Verdict, no
from quell.kernel.actions.directory import places
from quell.kernel.records.models import Record


def works_on(actor: Actor, record: Record) -> bool:
    """Does the actor's role let them work on this record: by its place, or because it is in their hands?"""
    if actor.scope(RECORDS_WORK).covers(record.organisation_id, record.team_id):
        return True
    return bool(actor.scope(RECORDS_WORK)) and actor.person_id in (record.owner_id, record.assignee_id)


def can_work(actor: Actor, record: Record) -> Verdict:
    """Verbs of those who work where the record lies, or who have it in hand."""
    if actor.read_only:
        return no(_("This token may only read."))
    if actor.token_scopes and RECORDS_WORK not in actor.token_scopes:
        return no(_("This token's scopes do not include working on records."))
    return YES if works_on(actor, record) else no(_("Only those who work on this can do this."))


def can_keep_templates(actor: Actor, organisation_id: int | None) -> Verdict:
    """Templates are settings of their organisation; those of everybody belong to the whole instance."""
    if places.manages(actor, SETTINGS_MANAGE, organisation_id):
        return YES
    if actor.read_only:
        return no(_("This token may only read."))
    return no(_("Your role does not let you change this."))
