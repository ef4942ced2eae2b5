"""Asking for more skill (functional) or more authority (hierarchical). Escalation never changes ownership."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Invalid
from quell.kernel.people.models import Membership

from ..permissions import can_work
from . import lookup
from .frame import incident_action, touch


class Escalate(Inputs):
    """`to` is a team's code or a person's e-mail; without it a hierarchical escalation goes to the team's leads."""

    kind: Literal["functional", "hierarchical"]
    to: str | None = Field(None, max_length=254)
    reason: str = Field(min_length=1, max_length=2000)


@incident_action("escalate", allowed=can_work, inputs=Escalate)
def escalate(context: Context) -> None:
    """Call for more skill or more authority, with a reason."""
    inputs = context.inputs
    context.data |= {"kind": inputs.kind, "reason": inputs.reason}
    context.detail.escalation_level += 1
    if inputs.kind == "functional":
        _to_more_skill(context)
    else:
        context.data["people"] = _authority(context)
    touch(context)


def _to_more_skill(context: Context) -> None:
    """The work goes to those who know more; the owner stays."""
    inputs, record, actor = context.inputs, context.record, context.actor
    if inputs.to is None:
        raise Invalid.field("to", _("Say to which team or person."))
    if "@" in inputs.to:
        record.assignee_id = lookup.assignee(inputs.to, record.organisation_id, None, actor).pk
        return
    team = lookup.team(inputs.to, record.organisation_id, "to")
    if team.pk != record.team_id:
        record.team_id, record.assignee_id = team.pk, None


def _authority(context: Context) -> list[int]:
    """Ids of the people called: the one named, else the leads of the team."""
    inputs, record, actor = context.inputs, context.record, context.actor
    if inputs.to is not None:
        return [lookup.person(inputs.to, "to", actor).pk]
    return list(Membership.objects.filter(team_id=record.team_id or 0, lead=True).values_list("person_id", flat=True))
