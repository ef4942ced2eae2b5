"""Adding a task to a record: one, or all that a template holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import AwareDatetime, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.open import open_record, publish_opened
from quell.kernel.actions.registry import Inputs
from quell.kernel.config import sql
from quell.kernel.config.refusal import Invalid
from quell.kernel.records.models import Record

from ..models import Task
from ..rules.lifecycle import OPEN, TASK
from . import lookup
from .frame import enter, opened_record
from .kind import KIND

#: Nobody works through longer lists; more would only slow the page down.
MOST = 200


class NewTask(Inputs):
    """What is to be done, and by whom until when. Only the title is needed."""

    title: str = Field(min_length=1, max_length=250)
    description: str = Field("", max_length=100_000)
    assignee: str | None = Field(None, max_length=254)
    team: str | None = Field(None, max_length=60)
    due_at: AwareDatetime | None = None
    required: Annotated[bool, Field(strict=True)] = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task as it will be made; ids already checked."""

    title: str
    description: str = ""
    assignee_id: int | None = None
    team_id: int | None = None
    due_at: datetime | None = None
    required: bool = False
    template_line_id: int | None = None


def add(actor: Actor, number: str, inputs: NewTask, *, now: datetime | None = None) -> str:
    """A new task at the end of a record's list; returns its number. Raises NotFound, Forbidden, WrongState, Invalid."""
    moment = now or datetime.now(UTC)
    with transaction.atomic():
        parent = opened_record(actor, number)
        if parent.kind == KIND.code:
            raise Invalid.field("parent", _("A task has no tasks of its own. Give it a checklist."))
        place = parent.organisation_id
        person = lookup.person(actor, inputs.assignee, place) if inputs.assignee else None
        team = lookup.team(inputs.team, place) if inputs.team else None
        wanted = Wanted(
            inputs.title,
            inputs.description,
            person.pk if person else None,
            team.pk if team else None,
            inputs.due_at,
            inputs.required,
        )
        return make(actor, parent, [wanted], moment)[0]


def make(actor: Actor, parent: Record, wanted: list[Wanted], now: datetime) -> list[str]:
    """Make tasks under a locked parent, in order; one line of the parent's history each. Returns their numbers."""
    row = sql.row(_LAST, [parent.pk])
    last = int(row[0]) if row else 0
    if last + len(wanted) > MOST:
        raise Invalid.field("tasks", _("A record has at most %(most)d tasks.") % {"most": MOST})
    numbers = []
    for position, one in enumerate(wanted, last + 1):
        opened = open_record(KIND, actor, _spine(actor, parent, one, now), {"parent": parent.number})
        Record.objects.filter(pk=opened.record_id).update(parent=parent)
        Task.objects.create(
            record_id=opened.record_id,
            position=position,
            due_at=one.due_at,
            required=one.required,
            template_line_id=one.template_line_id,
        )
        publish_opened(opened)
        enter(parent, actor, "add_task", now, {"task": opened.number, "title": one.title})
        numbers.append(opened.number)
    return numbers


_LAST = """
SELECT coalesce(max(t.position), 0) FROM tasks_task t JOIN records_record r ON r.id = t.record_id
WHERE r.parent_id = %s
"""


def _spine(actor: Actor, parent: Record, one: Wanted, now: datetime) -> dict[str, object]:
    """A task lies where its parent lies, unless another team is to do it; it is as urgent as its parent."""
    by = actor.person_id
    return {
        "organisation_id": parent.organisation_id,
        "title": one.title,
        "description": one.description,
        "state": OPEN,
        "state_category": TASK.category(OPEN),
        "priority": parent.priority,
        "requester_id": by or parent.requester_id,
        "opened_by_id": by,
        "owner_id": parent.owner_id or by,
        "assignee_id": one.assignee_id,
        "team_id": one.team_id or parent.team_id,
        "service_id": parent.service_id,
        "channel": "api" if actor.channel == "api" else "desk",
        "opened_at": now,
        "responded_at": None,
    }
