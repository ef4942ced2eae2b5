"""Who may tell many, and who may be told. Each answer is a Verdict with the sentence for the person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD
from quell.kernel.access.verdict import YES, Verdict, no
from quell.kernel.actions.directory import places


def can_keep(actor: Actor, organisation_id: int) -> Verdict:
    """Writing, publishing and ending what an organisation is told: whoever leads its desk as a whole."""
    if places.manages(actor, RECORDS_LEAD, organisation_id):
        return YES
    if actor.read_only:
        return no(_("This token may only read."))
    return no(_("Only a desk lead of the organisation writes its announcements."))


def keeps_any(actor: Actor) -> bool:
    """Does this person write announcements anywhere?"""
    scope = actor.scope(RECORDS_LEAD)
    return scope.everywhere or bool(scope.organisations)


def can_answer(actor: Actor) -> Verdict:
    """Saying “me too”, putting away, following a service, rating: people, not programs that only read."""
    if actor.person_id is None or actor.read_only or (actor.token_scopes and "records.work" not in actor.token_scopes):
        return no(_("This token may only read."))
    return YES
