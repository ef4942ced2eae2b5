"""Putting an incident into somebody's hands."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Invalid
from quell.kernel.people.models import Membership

from ..permissions import can_work
from . import lookup
from .frame import incident_action, touch


class Assign(Inputs):
    """A person, a team, or both. `null` for the person gives the incident back to its team."""

    assignee: str | None = Field(None, max_length=254)
    team: str | None = Field(None, max_length=60)


class Placed(Assign):
    """The same by a rule, with what made it choose; no program can send this."""

    why: dict[str, Any]
    owner: bool = False


@incident_action("assign", allowed=can_work, inputs=Assign)
def assign(context: Context) -> None:
    """Set who works on it: a person, a team, or both."""
    inputs, record, actor = context.inputs, context.record, context.actor
    given = inputs.model_fields_set
    if not given or (inputs.team is None and "assignee" not in given):
        raise Invalid(_("Say who: an assignee, a team, or both."))
    if inputs.team is not None:
        record.team_id = lookup.team(inputs.team, record.organisation_id).pk
        if "assignee" not in given and record.assignee_id and not _in_team(record.assignee_id, record.team_id):
            record.assignee_id = None
    if "assignee" in given:
        record.assignee_id = (
            lookup.assignee(inputs.assignee, record.organisation_id, record.team_id, actor).pk
            if inputs.assignee
            else None
        )
    if record.team_id is None and record.assignee_id is None:
        raise Invalid.field("assignee", _("An incident needs a team or an assignee once it is triaged."))
    if isinstance(inputs, Placed):
        # The owner comes with the first touch of a human, and a rule is none; but who is absent owns nothing long.
        context.data |= inputs.why
        if inputs.owner and record.assignee_id is not None:
            record.owner_id = record.assignee_id
        return
    if record.owner_id is None:
        record.owner_id = record.assignee_id
    touch(context)


class Unassign(Inputs):
    """The team it stays with, none to leave it to everybody."""

    team: str | None = Field(None, max_length=60)


@incident_action("unassign", allowed=can_work, inputs=Unassign)
def unassign(context: Context) -> None:
    """Put it back: nobody has it in hand, and it is new again."""
    record, team = context.record, context.inputs.team
    if "team" in context.inputs.model_fields_set:
        record.team_id = lookup.team(team, record.organisation_id).pk if team else None
    record.assignee_id = None


def _in_team(person_id: int, team_id: int | None) -> bool:
    return Membership.objects.filter(team_id=team_id or 0, person_id=person_id).exists()
