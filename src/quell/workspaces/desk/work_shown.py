"""What the Tasks tab of an incident shows."""

from __future__ import annotations

from typing import Any

from quell.kernel.access.actor import Actor
from quell.practices.tasks import facade

from .work_forms import EditTask, NewTask


def context(actor: Actor, row: dict[str, Any], carried: str) -> dict[str, Any]:
    """What the tab shows. `carried` is the query that travels with addresses, tab included."""
    work = facade.work_on(row["id"])
    base = f"/incidents/{row['number']}"
    for place, one in enumerate(work.tasks, 1):
        one["place"] = place
        one["url"] = f"{base}/tasks/{one['number']}/"
        one["form"] = EditTask.of(one)
        one["checklist"] = facade.lines(actor, one["number"]) if one["lines"] else []
    for line in [*work.lines, *(line for one in work.tasks for line in one["checklist"])]:
        line["url"] = f"{base}/lines/{line['id']}/"
    return {
        "work": work,
        "templates": facade.usable(row["id"]),
        "new_task": NewTask(),
        "tasks_url": f"{base}/tasks",
        "work_query": carried,
        "open_record": row["state_category"] in ("new", "active", "waiting"),
    }
