"""Noting something on a task, among those who do it."""

from __future__ import annotations

from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.records.models import Note

from .frame import task_action


class Comment(Inputs):
    """The words. A task has no public side, so there is nothing to choose."""

    body: str = Field(min_length=1, max_length=100_000)


@task_action("comment", inputs=Comment, moves=False)
def comment(context: Context) -> None:
    """Note something for those who do it."""
    note = Note.objects.create(
        record=context.record,
        author_id=context.actor.person_id,
        body=context.inputs.body,
        channel=context.actor.channel,
        created_at=context.now,
    )
    context.entry_verb = "note"
    context.data["note"] = note.pk
    context.index_internal.append(context.inputs.body)
