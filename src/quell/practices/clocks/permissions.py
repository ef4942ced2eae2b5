"""Who may judge a broken promise: leads of the record, and those who look after agreements where it lies."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import AGREEMENTS_MANAGE, RECORDS_LEAD
from quell.kernel.access.verdict import YES, Verdict, no
from quell.kernel.records.models import Record


def can_judge(actor: Actor, record: Record) -> Verdict:
    """May the actor say why a promise on this record was broken, or leave it out of attainment?"""
    if actor.read_only:
        return no(_("This token may only read."))
    if may_judge(actor, record.organisation_id, record.team_id):
        return YES
    return no(_("Only leads and those who look after agreements judge a broken promise."))


def may_judge(actor: Actor, organisation_id: int, team_id: int | None) -> bool:
    """The same for a record of this organisation and team."""
    return any(actor.can(capability, organisation_id, team_id) for capability in (RECORDS_LEAD, AGREEMENTS_MANAGE))
