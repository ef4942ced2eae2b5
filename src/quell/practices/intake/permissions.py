"""Who decides what a report form asks: whoever manages the settings of the category's organisation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.access.verdict import YES, Verdict, no
from quell.kernel.actions.directory import places


def can_ask(actor: Actor, organisation_id: int | None) -> Verdict:
    """Deciding the words and questions of a category; None for those that are everybody's."""
    if places.manages(actor, SETTINGS_MANAGE, organisation_id):
        return YES
    if actor.read_only:
        return no(_("This token may only read."))
    return no(_("Only an administrator decides what the form asks."))
