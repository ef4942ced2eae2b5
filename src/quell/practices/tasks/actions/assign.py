"""Giving a task to somebody."""

from __future__ import annotations

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Invalid

from . import lookup
from .frame import task_action


class Assign(Inputs):
    """Who does it: a person, a team, or both; null takes it out of their hands."""

    assignee: str | None = Field(None, max_length=254)
    team: str | None = Field(None, max_length=60)


@task_action("assign", inputs=Assign)
def assign(context: Context) -> None:
    """Say who does it: a person, a team, or both."""
    inputs, record = context.inputs, context.record
    given = inputs.model_fields_set
    if not given:
        raise Invalid(_("Say who does it: a person, a team, or both."))
    if "team" in given:
        parent = record.parent
        home = parent.team_id if parent is not None else None
        record.team_id = lookup.team(inputs.team, record.organisation_id).pk if inputs.team else home
    if "assignee" in given:
        record.assignee_id = (
            lookup.person(context.actor, inputs.assignee, record.organisation_id).pk if inputs.assignee else None
        )
