"""What all verbs of a task share: the locked rows, and the line in its parent's history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.access.verdict import Verdict
from quell.kernel.actions.registry import Context, Inputs, NoInputs, action
from quell.kernel.actions.run import publish
from quell.kernel.config.refusal import Forbidden, NotFound, WrongState
from quell.kernel.journal.write import write
from quell.kernel.records.models import Record
from quell.kernel.records.visibility import sees_internal

from ..models import Task
from ..permissions import can_work
from ..rules.lifecycle import TASK

TRACKED = ("position", "due_at", "required", "skip_reason")


def locked(record_id: int) -> Task:
    """The task's own row, locked after its record."""
    return Task.objects.select_for_update().get(record_id=record_id)


def parent_of(number: str, _inputs: Any) -> Iterable[int]:
    """The record a task belongs to: locked with it, for its history gets a line and its guards count open tasks."""
    parents = Record.objects.filter(number=number, parent__isnull=False)
    return parents.values_list("parent_id", flat=True)


def task_action(
    verb: str,
    *,
    inputs: type[Inputs] = NoInputs,
    moves: bool = True,
    allowed: Callable[[Actor, Record], Verdict] = can_work,
) -> Callable[[Callable[[Context], None]], Callable[[Context], None]]:
    """Register a verb of a task."""
    return action(
        f"tasks.{verb}",
        allowed=allowed,
        detail=locked,
        inputs=inputs,
        lifecycle=TASK if moves else None,
        tracked=TRACKED,
        moves=moves,
        alongside=parent_of,
    )


def tell_parent(context: Context, verb: str) -> None:
    """Write a line about this task into its parent's history, inside only."""
    parent = context.record.parent
    if parent is not None:
        said = {"task": context.record.number, "title": context.record.title}
        enter(parent, context.actor, verb, context.now, said)


def enter(record: Record, actor: Actor, verb: str, now: Any, said: dict[str, Any]) -> None:
    """One internal line of history on a record that is locked and otherwise unchanged."""
    entry = write(
        verb,
        actor,
        now,
        record_id=record.pk,
        organisation_id=record.organisation_id,
        public=False,
        data=said,
        version=record.version,
    )
    publish(record, entry)


def opened_record(actor: Actor, number: str) -> Record:
    """The record that something is hung on, locked, seen from inside and still open; raises NotFound, Forbidden,
    WrongState."""
    record = kept_record(actor, number)
    if not record.is_open:
        raise WrongState(_("%(number)s is finished: nothing can be added to it.") % {"number": record.number})
    return record


def kept_record(actor: Actor, number: str) -> Record:
    """The record, locked, seen from inside by somebody who may work on it; raises NotFound, Forbidden."""
    record = Record.objects.select_for_update(of=("self",)).filter(number=number.strip().upper()).first()
    if record is None or not sees_internal(actor, record):
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    if not (may := can_work(actor, record)):
        raise Forbidden(may.reason)
    return record


def must_be_open(context: Context) -> None:
    """A task comes back to life only under a parent that is still open: what is resolved has none left."""
    parent = context.record.parent
    if parent is not None and not parent.is_open:
        raise WrongState(_("%(number)s is finished: nothing can be added to it.") % {"number": parent.number})
