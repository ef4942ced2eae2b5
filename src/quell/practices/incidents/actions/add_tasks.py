"""Adding what is to be done as a verb of the incident, so that macros, bulk and rules can do it by name."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config.refusal import Invalid
from quell.practices.tasks import facade as tasks

from ..permissions import can_work
from .frame import incident_action


class AddTasks(Inputs):
    """A template by its id, or titles of tasks; both may be given."""

    template: Annotated[int, Field(ge=1, le=2**62, strict=True)] | None = None
    titles: list[Annotated[str, Field(min_length=1, max_length=250)]] = Field(default_factory=list, max_length=50)


@incident_action("add_tasks", allowed=can_work, inputs=AddTasks, moves=False)
def add_tasks(context: Context) -> None:
    """Add tasks: what a template holds, or some by their titles."""
    inputs, number = context.inputs, context.record.number
    if inputs.template is None and not inputs.titles:
        raise Invalid.field("titles", _("Say what is to be done."))
    if inputs.template is not None:
        tasks.apply_template(context.actor, number, inputs.template)
    for title in inputs.titles:
        tasks.add(context.actor, number, {"title": title})
