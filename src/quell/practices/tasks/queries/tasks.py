"""Reading tasks: those of a record, one by number, lists by person and team; and the lines to tick.

Whoever sees the inside of a record sees all its tasks, also those that another team is to do. A task by its number is
seen by those who see it by its own place, and by those who see the inside of its parent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.records.visibility import internal_sql, visible_sql

Row = dict[str, Any]

_COLUMNS = """
SELECT r.id, r.number, r.version, r.title, r.description, o.code AS organisation, r.state, r.state_category,
  pr.number AS parent, pr.kind AS parent_kind, pr.title AS parent_title, t.position, t.due_at, t.required,
  t.skip_reason, asg.email AS assignee, asg.name AS assignee_name, tm.code AS team, tm.name AS team_name,
  ob.email AS opened_by, r.opened_at, r.closed_at, r.updated_at, r.priority,
  (SELECT count(*) FROM tasks_checklistline l WHERE l.record_id = r.id AND l.removed_at IS NULL) AS lines,
  (SELECT count(*) FROM tasks_checklistline l
   WHERE l.record_id = r.id AND l.removed_at IS NULL AND l.ticked_at IS NOT NULL) AS ticked,
  r.organisation_id, r.team_id, r.assignee_id, r.owner_id, r.requester_id, r.opened_by_id, r.parent_id
FROM records_record r
JOIN tasks_task t ON t.record_id = r.id
JOIN people_organisation o ON o.id = r.organisation_id
LEFT JOIN records_record pr ON pr.id = r.parent_id
LEFT JOIN people_person asg ON asg.id = r.assignee_id
LEFT JOIN people_person ob ON ob.id = r.opened_by_id
LEFT JOIN people_team tm ON tm.id = r.team_id
"""
_LINES = """
SELECT l.id, l.version, l.text, l.required, l.position, p.email AS ticked_by, p.name AS ticked_by_name, l.ticked_at
FROM tasks_checklistline l LEFT JOIN people_person p ON p.id = l.ticked_by_id
WHERE l.record_id = %s AND l.removed_at IS NULL ORDER BY l.position, l.id
"""
_PROGRESS = """
SELECT count(*) FILTER (WHERE state_category = 'closed'), count(*) FROM records_record
WHERE parent_id = %(record)s AND kind = 'task'
"""
_TICKS = """
SELECT count(*) FILTER (WHERE ticked_at IS NOT NULL), count(*) FROM tasks_checklistline
WHERE record_id = %(record)s AND removed_at IS NULL
"""
_MISSING = """
SELECT r.number, r.title FROM records_record r
WHERE r.parent_id = %(record)s AND r.kind = 'task' AND r.state = 'open'
UNION ALL
SELECT '', l.text FROM tasks_checklistline l
WHERE l.record_id = %(record)s AND l.required AND l.removed_at IS NULL AND l.ticked_at IS NULL
LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A list of tasks as asked for. `assignee_id` and `team_ids` narrow it; `open_only` leaves out what is over."""

    states: tuple[str, ...] = ()
    assignee_id: int | None = None
    team_id: int | None = None
    parent: str | None = None
    due_before: datetime | None = None
    limit: int = 50
    after: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that holds a record back: an open task by its number, or a line to tick (no number)."""

    number: str
    title: str


def of_record(record_id: int) -> list[Row]:
    """The tasks of a record in their order. The caller has made sure that its inside may be seen."""
    return sql.dicts(
        f"{_COLUMNS} WHERE r.parent_id = %s AND r.kind = 'task' ORDER BY t.position, r.id",
        [record_id],
    )


def lines(record_id: int) -> list[Row]:
    """The lines to tick of a record in their order. The caller has made sure that its inside may be seen."""
    return sql.dicts(_LINES, [record_id])


def one(actor: Actor, number: str) -> Row | None:
    """One task, seen by its own place or through its parent; None when it is not there or not theirs to see."""
    visible, values = visible_sql(actor)
    through, more = internal_sql(actor, "pr")
    found = sql.dicts(
        f"{_COLUMNS} WHERE r.number = %(number)s AND r.kind = 'task' AND ({visible} OR {through})",
        {**values, **more, "number": number},
    )
    return found[0] if found else None


def page(actor: Actor, asked: Asked) -> list[Row]:
    """Tasks by id, one more than the limit when there are more."""
    visible, values = visible_sql(actor)
    through, more = internal_sql(actor, "pr")
    rules = [f"r.kind = 'task' AND r.id > %(after)s AND ({visible} OR {through})"]
    values |= {**more, "after": asked.after, "limit": asked.limit + 1}
    for rule, name, value in (
        ("r.state = ANY(%(states)s)", "states", list(asked.states)),
        ("r.assignee_id = %(assignee)s", "assignee", asked.assignee_id),
        ("r.team_id = %(team)s", "team", asked.team_id),
        ("pr.number = %(parent)s", "parent", asked.parent),
        ("t.due_at < %(due)s", "due", asked.due_before),
    ):
        if value:
            rules.append(rule)
            values[name] = value
    return sql.dicts(
        f"{_COLUMNS} WHERE {' AND '.join(rules)} ORDER BY r.id LIMIT %(limit)s",
        values,
        prepare=False,
    )


def due_of(person_id: int, limit: int) -> list[Row]:
    """Open tasks in somebody's hands, those due first at the top."""
    return sql.dicts(
        f"{_COLUMNS} WHERE r.assignee_id = %(me)s AND r.kind = 'task'"
        " AND r.state_category IN ('new', 'active', 'waiting')"
        " ORDER BY t.due_at NULLS LAST, r.priority, r.id LIMIT %(limit)s",
        {"me": person_id, "limit": limit},
    )


def progress(record_id: int) -> tuple[int, int]:
    """(finished, all) over the tasks and the lines of a record."""
    tasks = sql.row(_PROGRESS, {"record": record_id}) or (0, 0)
    ticks = sql.row(_TICKS, {"record": record_id}) or (0, 0)
    return tasks[0] + ticks[0], tasks[1] + ticks[1]


def any_open(record_id: int) -> bool:
    """Is a task of this record still to be done?"""
    open_task = "SELECT 1 FROM records_record WHERE parent_id = %s AND kind = 'task' AND state = 'open' LIMIT 1"
    return sql.row(open_task, [record_id]) is not None


def missing(record_id: int) -> list[Missing]:
    """What holds a record back from being resolved: open tasks, and required lines that nobody has ticked."""
    return [Missing(number, title) for number, title in sql.rows(_MISSING, {"record": record_id})]
