"""Who may do what to agreements and metrics."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import AGREEMENTS_MANAGE, SETTINGS_MANAGE
from quell.kernel.access.verdict import YES, Verdict, no
from quell.kernel.actions.directory import places


def manages(actor: Actor, organisation_id: int | None) -> bool:
    """Does the actor look after the agreements of an organisation (None: of the whole instance)?"""
    return any(
        places.manages(actor, capability, organisation_id) for capability in (AGREEMENTS_MANAGE, SETTINGS_MANAGE)
    )


def can_manage(actor: Actor, organisation_id: int) -> Verdict:
    """Writing and ending the agreements an organisation keeps."""
    if manages(actor, organisation_id):
        return YES
    if actor.read_only:
        return no(_("This token may only read."))
    return no(_("Only who manages the agreements of this organisation changes them."))


def can_sign(actor: Actor, side_organisation_id: int, keeper_id: int, *, recorded: bool) -> Verdict:
    """Signing for one side: who manages that side's agreements. Writing down that somebody else has signed: who keeps
    the agreement."""
    if manages(actor, keeper_id if recorded else side_organisation_id):
        return YES
    if actor.read_only:
        return no(_("This token may only read."))
    if manages(actor, keeper_id):
        return no(_("You do not sign for this side. Write down who has signed, and where the paper lies."))
    return no(_("You do not sign for this side."))


def can_measure(actor: Actor) -> Verdict:
    """Metrics are the same for everybody, so only who manages agreements of the whole instance changes them."""
    if manages(actor, None):
        return YES
    if actor.read_only:
        return no(_("This token may only read."))
    return no(
        _("Metrics are the same for everybody; only who manages the agreements of the whole instance changes them.")
    )
