"""Putting a task somewhere else in its parent's list."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from quell.kernel.actions.registry import Context, Inputs
from quell.kernel.config import sql

from ..models import Task
from ..rules.order import placed
from .frame import task_action


class Place(Inputs):
    """Where it shall stand among the tasks of the same record, counted from 1."""

    position: Annotated[int, Field(ge=1, le=10_000, strict=True)]


_RENUMBER = """
UPDATE tasks_task t SET position = w.position
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS w(id, position)
WHERE t.record_id = w.id AND t.position <> w.position AND t.record_id <> %(this)s
"""


@task_action("place", inputs=Place, moves=False)
def place(context: Context) -> None:
    """Put it somewhere else among the tasks of the same record."""
    record = context.record
    siblings = Task.objects.filter(record__parent_id=record.parent_id).order_by("position", "record_id")
    order = placed(list(siblings.values_list("record_id", flat=True)), record.pk, context.inputs.position)
    sql.execute(_RENUMBER, {"ids": order, "this": record.pk})
    context.detail.position = order.index(record.pk) + 1
