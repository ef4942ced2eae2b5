"""Who may do what to an incident. Each answer is a Verdict with the sentence for the person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD, RECORDS_WORK
from quell.kernel.access.verdict import YES, Verdict, no, not_now
from quell.kernel.records.models import Record

from .models import Incident
from .rules.lifecycle import CANCELLED, CLOSED


def works_on(actor: Actor, record: Record) -> bool:
    """Does the actor's role let them work on this record: by its place, or because it is in their hands?"""
    if actor.scope(RECORDS_WORK).covers(record.organisation_id, record.team_id):
        return True
    return bool(actor.scope(RECORDS_WORK)) and actor.person_id in (record.owner_id, record.assignee_id)


def is_requester(actor: Actor, record: Record) -> bool:
    """Is it the actor's own report?"""
    return actor.person_id is not None and actor.person_id in (record.requester_id, record.opened_by_id)


def can_work(actor: Actor, record: Record) -> Verdict:
    """Verbs of the desk."""
    return YES if works_on(actor, record) else no(_("Only those who work on this incident can do this."))


def can_work_while_open(actor: Actor, record: Record) -> Verdict:
    """Verbs of the desk that make sense only while somebody has it in hand."""
    if not (may := can_work(actor, record)):
        return may
    return YES if record.is_open else not_now(_("This incident is not open any more."))


def can_receive(actor: Actor, record: Record) -> Verdict:
    """Answering a hand-over: for those who work on it, while an answer is awaited. To whom exactly it was handed is
    asked with the row locked, in the action."""
    if not (may := can_work_while_open(actor, record)):
        return may
    if not _awaits_answer(record):
        return not_now(_("Nothing has been handed over that waits for an answer."))
    return YES


def can_de_escalate(actor: Actor, record: Record) -> Verdict:
    """Taking an escalation back: for those who work on it, while it is escalated."""
    if not (may := can_work_while_open(actor, record)):
        return may
    if not _escalated(record):
        return not_now(_("It is not escalated."))
    return YES


def _escalated(record: Record) -> bool:
    """Whether an escalation stands; a row of the front door brings the answer along."""
    if (known := record.__dict__.get("escalated")) is not None:
        return bool(known)
    return Incident.objects.filter(record_id=record.pk, escalation_level__gt=0).exists()


def _awaits_answer(record: Record) -> bool:
    """Whether a hand-over is pending; a row of the front door brings the answer along."""
    if (known := record.__dict__.get("awaits_answer")) is not None:
        return bool(known)
    return Incident.objects.filter(record_id=record.pk, handover__isnull=False).exists()


def by_itself(actor: Actor, record: Record) -> Verdict:
    """What only the house does."""
    return YES if actor.is_house else no(_("This happens by itself."))


def can_lead(actor: Actor, record: Record) -> Verdict:
    """What needs a lead's word."""
    if actor.scope(RECORDS_LEAD).covers(record.organisation_id, record.team_id):
        return YES
    return no(_("Only a desk lead can do this."))


def can_edit(actor: Actor, record: Record) -> Verdict:
    """Changing facts. What is closed keeps its facts, but for corrections of the classification."""
    return can_work(actor, record)


def can_comment(actor: Actor, record: Record) -> Verdict:
    """Saying something: those who work on it, and those it is shared with."""
    if works_on(actor, record) or is_requester(actor, record) or _watches(actor, record):
        return YES
    return no(_("You can read this incident, but not write to it."))


def can_settle(actor: Actor, record: Record) -> Verdict:
    """Confirming, reopening or withdrawing: the requester's word, or the desk's."""
    if works_on(actor, record) or is_requester(actor, record):
        return YES
    return no(_("Only the requester, or those who work on this incident, can do this."))


def can_count_in(actor: Actor, record: Record) -> Verdict:
    """Only the house, when people say “me too” to an announcement about it."""
    return YES if actor.is_house else no(_("People are counted in by saying “me too” to the announcement."))


def can_watch(actor: Actor, record: Record) -> Verdict:
    """Whoever sees the incident may watch it; naming others is checked in the action."""
    return YES


def can_reply(record: Record) -> Verdict:
    """Public replies end with closing: what comes later is a new report."""
    if record.state in (CLOSED, CANCELLED):
        return not_now(_("This incident is closed. Report a new one; it can be linked to this."))
    return YES


def _watches(actor: Actor, record: Record) -> bool:
    return actor.person_id is not None and record.watchers.filter(person_id=actor.person_id).exists()
