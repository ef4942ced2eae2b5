"""Handing an incident over to another team, with the reason."""

from __future__ import annotations

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Invalid

from ..permissions import can_work
from . import lookup
from .frame import incident_action, touch


class Transfer(Inputs):
    """Where to, and why; the owner stays."""

    team: str = Field(min_length=1, max_length=60)
    assignee: str | None = Field(None, max_length=254)
    reason: str = Field(min_length=1, max_length=2000)


@incident_action("transfer", allowed=can_work, inputs=Transfer)
def transfer(context: Context) -> None:
    """Hand over to another team, with a reason. Whoever took the first contact stays the owner."""
    inputs, record = context.inputs, context.record
    target = lookup.team(inputs.team, record.organisation_id)
    if target.pk == record.team_id:
        raise Invalid.field("team", _("The incident is with that team already."))
    record.team_id = target.pk
    record.assignee_id = (
        lookup.assignee(inputs.assignee, record.organisation_id, target.pk, context.actor).pk
        if inputs.assignee
        else None
    )
    context.detail.transfer_count += 1
    context.data["reason"] = inputs.reason
    touch(context)
