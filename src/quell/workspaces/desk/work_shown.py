"""What the Tasks tab of an incident shows."""

from __future__ import annotations

from typing import Any

from quell.kernel.access.actor import Actor
from quell.practices.tasks import facade

from .work_forms import EditTask, NewTask


def context(actor: Actor, row: dict[str, Any], carried: str, opened: str = "") -> dict[str, Any]:
    """What the tab shows. `carried` is the query that travels with addresses, tab included; `opened` the number of the
    task whose inside stands open."""
    work = facade.work_on(row["id"])
    for place, one in enumerate(work.tasks, 1):
        one["place"] = place
        one["url"] = f"/incidents/{row['number']}/tasks/{one['number']}/"
        if one["number"] == opened:
            _open(actor, row, one)
    _addressed(row, work.lines)
    return {
        **_around(row, carried),
        "work": work,
        "templates": facade.usable(row["id"]),
        "new_task": NewTask(),
        "opened_task": opened,
    }


def inside(actor: Actor, row: dict[str, Any], one: dict[str, Any], carried: str) -> dict[str, Any]:
    """What stands inside one task: its checklist, its facts, skipping it."""
    one["url"] = f"/incidents/{row['number']}/tasks/{one['number']}/"
    _open(actor, row, one)
    return {**_around(row, carried), "one": one, "row": row}


def _around(row: dict[str, Any], carried: str) -> dict[str, Any]:
    return {
        "tasks_url": f"/incidents/{row['number']}/tasks",
        "work_query": carried,
        "open_record": row["state_category"] in ("new", "active", "waiting"),
    }


def _open(actor: Actor, row: dict[str, Any], one: dict[str, Any]) -> None:
    one["form"] = EditTask.of(one)
    one["checklist"] = facade.lines(actor, one["number"]) if one["lines"] else []
    _addressed(row, one["checklist"])


def _addressed(row: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    for line in lines:
        line["url"] = f"/incidents/{row['number']}/lines/{line['id']}/"
