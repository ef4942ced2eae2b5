"""Changing what a task says."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AwareDatetime, Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Invalid

from .frame import task_action


class Edit(Inputs):
    """Only the fields to change; a `due_at` of null takes the day away."""

    title: str | None = Field(None, min_length=1, max_length=250)
    description: str | None = Field(None, max_length=100_000)
    due_at: AwareDatetime | None = None
    required: Annotated[bool, Field(strict=True)] | None = None


@task_action("edit", inputs=Edit, moves=False)
def edit(context: Context) -> None:
    """Change what a task says, until when, and whether its parent needs it."""
    inputs, record, detail = context.inputs, context.record, context.detail
    given = inputs.model_fields_set
    if not given:
        raise Invalid(_("Say what to change."))
    for name in ("title", "description", "required"):
        if name in given and getattr(inputs, name) is None:
            raise Invalid.field(name, _("This is needed."))
    for name in ("title", "description"):
        value = getattr(inputs, name)
        if value is not None and value != getattr(record, name):
            setattr(record, name, value)
            context.reindex = True
    if "due_at" in given:
        detail.due_at = inputs.due_at
    if inputs.required is not None:
        detail.required = inputs.required
