"""Who may do what to a calendar: settings.manage over its whole organisation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.access.verdict import YES, Verdict, no
from quell.kernel.actions.directory import places


def can_manage(actor: Actor, organisation_id: int) -> Verdict:
    """Making and changing the calendars and holiday sets of an organisation."""
    if places.manages(actor, SETTINGS_MANAGE, organisation_id):
        return YES
    if actor.read_only:
        return no(_("This token may only read."))
    return no(_("Only an administrator of the organisation changes its calendars."))
