"""The front door of tasks: what pages, other rooms and programs may ask and do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.run import run
from quell.kernel.actions.run import verbs as verbs_of
from quell.kernel.config import sql
from quell.kernel.config.refusal import NotFound
from quell.kernel.records.models import Record
from quell.kernel.records.timeline import timeline as history
from quell.kernel.records.visibility import sees_internal

from .actions import category, checklist, move, template
from .actions.add import NewTask
from .actions.add import add as add_task
from .queries import tasks as rows
from .queries import templates as template_rows
from .rules.lifecycle import TASK

Row = dict[str, Any]
Asked: TypeAlias = rows.Asked
Missing: TypeAlias = rows.Missing
AskedTemplates: TypeAlias = template_rows.Asked
Usable: TypeAlias = template_rows.Usable
STATES = tuple(TASK.states)
TaskInputs: TypeAlias = NewTask

add_line, change_line, remove_line = checklist.add_line, checklist.change_line, checklist.remove_line
tick, untick = checklist.tick, checklist.untick
create_template, edit_template = template.create_template, template.edit_template
trash_template, restore_template = template.trash_template, template.restore_template
apply_template = template.apply_template
filed = category.filed
Moved: TypeAlias = move.Moved
move_work, move_back, movable = move.move, move.move_back, move.movable
missing, progress, due_of, any_open = rows.missing, rows.progress, rows.due_of, rows.any_open
template_page = template_rows.page


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done on a record: its tasks in order, its lines to tick, and how far both are."""

    tasks: list[Row]
    lines: list[Row]

    @property
    def finished(self) -> int:
        """Tasks that are over and lines that are ticked."""
        over = [task for task in self.tasks if task["state"] != "open"]
        return len(over) + len([line for line in self.lines if line["ticked_at"]])

    @property
    def all(self) -> int:
        """Tasks and lines together."""
        return len(self.tasks) + len(self.lines)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb as a button needs it."""

    verb: str
    allowed: bool
    reason: str
    summary: str


def add(actor: Actor, number: str, data: Mapping[str, Any] | BaseModel) -> str:
    """Add a task to a record; returns the task's number. `data` as in the API; raises a Refusal."""
    return add_task(actor, number, parse(NewTask, data))


def act(
    actor: Actor, verb: str, number: str, data: Mapping[str, Any] | None = None, *, version: int | None = None
) -> None:
    """Do a verb (`assign`, `complete`, `skip`, `reopen`, `edit`, `comment`, `place`) to one task; raises a Refusal."""
    run(f"tasks.{verb}", actor, number, data or {}, expected_version=version)


def task(actor: Actor, number: str) -> Row:
    """One task as this actor may see it; raises NotFound."""
    row = rows.one(actor, number.strip().upper())
    if row is None:
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    return row


def page(actor: Actor, asked: Asked) -> list[Row]:
    """Tasks this actor may see, by id; one more than the limit when there are more."""
    return rows.page(actor, asked)


def work(actor: Actor, number: str) -> Work:
    """What is to be done on a record whose inside this actor sees; raises NotFound."""
    return work_on(_inside(actor, number))


def work_on(record_id: int) -> Work:
    """The same for a record whose inside is known to be the reader's to see."""
    return Work(rows.of_record(record_id), rows.lines(record_id))


def lines(actor: Actor, number: str) -> list[Row]:
    """The lines to tick of any record whose inside this actor sees; raises NotFound."""
    return rows.lines(_inside(actor, number))


def _inside(actor: Actor, number: str) -> int:
    record = Record.objects.visible_to(actor).filter(number=number.strip().upper()).first()
    if record is None or not sees_internal(actor, record):
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    return record.pk


def line(actor: Actor, line_id: int) -> Row:
    """One line to tick, with the `record` it hangs on; raises NotFound."""
    found = sql.row(
        "SELECT r.number FROM tasks_checklistline l JOIN records_record r ON r.id = l.record_id"
        " WHERE l.id = %s AND l.removed_at IS NULL",
        [line_id],
    )
    if found is not None:
        try:
            for row in lines(actor, found[0]):
                if row["id"] == line_id:
                    return {**row, "record": found[0]}
        except NotFound:
            pass
    raise NotFound(_("There is no such line here, or it is not yours to see."))


def timeline(row: Row) -> list[dict[str, Any]]:
    """The history of a task fetched by `task`, oldest first."""
    return history(row["id"], internal=True)


def verbs(actor: Actor, row: Row) -> list[Verb]:
    """Every verb of a task fetched by `task`, whether this actor may use it now, and why not."""
    record = Record.objects.get(pk=row["id"])
    return [Verb(a.verb, bool(v), v.reason, a.summary) for a, v in verbs_of("task", actor, record)]


def usable(record_id: int) -> list[Usable]:
    """Templates that may be put on a record, by name."""
    place = Record.objects.values_list("organisation_id", flat=True).get(pk=record_id)
    return template_rows.usable(place)


def needed(record_id: int, organisation_id: int, path: str) -> list[str]:
    """Names of the templates that a category demands before resolving and that the record has not had."""
    wanted = [one for one in template_rows.of_category(organisation_id, path) if one.required]
    if not wanted:
        return []
    used = category.used_on(record_id)
    return [one.name for one in wanted if one.pk not in used]


def template_row(actor: Actor, template_id: int) -> Row:
    """One template with its lines; raises NotFound."""
    row = template_rows.one(actor, template_id)
    if row is None:
        raise NotFound(_("There is no such template here."))
    return row
