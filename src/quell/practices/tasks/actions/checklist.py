"""Lines to tick on any record: added, worded, ordered, ticked, taken away. Each leaves a line in its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config import sql
from quell.kernel.config.refusal import Invalid, NotFound, Stale
from quell.kernel.records.models import Record

from ..models import ChecklistLine
from ..rules.order import placed
from .frame import enter, kept_record, opened_record

MOST = 200


class NewLine(Inputs):
    """The words of a line; `required` holds its record back until it is ticked."""

    text: str = Field(min_length=1, max_length=300)
    required: Annotated[bool, Field(strict=True)] = False


class LineChange(Inputs):
    """Only what is to change; `position` counts from 1."""

    text: str | None = Field(None, min_length=1, max_length=300)
    required: Annotated[bool, Field(strict=True)] | None = None
    position: Annotated[int, Field(ge=1, le=10_000, strict=True)] | None = None


def add_line(actor: Actor, number: str, data: Mapping[str, Any] | BaseModel) -> int:
    """A new line at the end; returns its id. `data` as `NewLine`. Raises NotFound, Forbidden, WrongState, Invalid."""
    inputs = parse(NewLine, data)
    with transaction.atomic():
        record = opened_record(actor, number)
        return make_lines(actor, record, [(inputs.text, inputs.required, None)], datetime.now(UTC))[0]


def make_lines(
    actor: Actor, record: Record, wanted: Sequence[tuple[str, bool, int | None]], now: datetime
) -> list[int]:
    """Lines at the end of a locked record's checklist: (text, required, line of a template)."""
    here = ChecklistLine.objects.filter(record=record, removed_at=None)
    last = here.order_by("-position").values_list("position", flat=True).first() or 0
    if here.count() + len(wanted) > MOST:
        raise Invalid.field("text", _("A checklist has at most %(most)d lines.") % {"most": MOST})
    made = ChecklistLine.objects.bulk_create(
        ChecklistLine(record=record, position=position, text=text, required=required, template_line_id=template_line)
        for position, (text, required, template_line) in enumerate(wanted, last + 1)
    )
    for line in made:
        enter(record, actor, "add_line", now, {"line": line.pk, "text": line.text})
    return [line.pk for line in made]


def tick(actor: Actor, line_id: int) -> None:
    """It is done: who and when are kept. Ticking what is ticked changes nothing. Raises NotFound, Forbidden."""
    with _line(actor, line_id) as (record, line):
        if line.ticked_at is None:
            line.ticked_by_id, line.ticked_at = actor.person_id, datetime.now(UTC)
            _said(actor, record, line, "tick")


def untick(actor: Actor, line_id: int) -> None:
    """It is not done after all. Raises NotFound, Forbidden."""
    with _line(actor, line_id) as (record, line):
        if line.ticked_at is not None:
            line.ticked_by_id = line.ticked_at = None
            _said(actor, record, line, "untick")


def change_line(actor: Actor, line_id: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Reword a line, say whether it is required, or put it elsewhere. `data` as `LineChange`. Raises a Refusal, Stale
    when the line has another version."""
    inputs = parse(LineChange, data)
    given = inputs.model_fields_set
    if not given:
        raise Invalid(_("Say what to change."))
    for name in given:
        if getattr(inputs, name) is None:
            raise Invalid.field(name, _("This is needed."))
    with _line(actor, line_id) as (record, line):
        if version is not None and version != line.version:
            raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=line.version)
        if inputs.text is not None:
            line.text = inputs.text
        if inputs.required is not None:
            line.required = inputs.required
        if inputs.position is not None:
            line.position = _reorder(record, line, inputs.position)
        _said(actor, record, line, "edit_line")


def remove_line(actor: Actor, line_id: int) -> None:
    """Take a line away; the record's history keeps it. Raises NotFound, Forbidden."""
    with _line(actor, line_id) as (record, line):
        line.removed_at = datetime.now(UTC)
        _said(actor, record, line, "remove_line")


@contextmanager
def _line(actor: Actor, line_id: int) -> Iterator[tuple[Record, ChecklistLine]]:
    """The line and its record, both locked; what was changed on the line is saved."""
    with transaction.atomic():
        number = (
            ChecklistLine.objects.filter(pk=line_id, removed_at=None).values_list("record__number", flat=True).first()
        )
        if number is None:
            raise _unknown()
        try:
            record = kept_record(actor, number)
        except NotFound:
            raise _unknown() from None
        line = ChecklistLine.objects.select_for_update().get(pk=line_id)
        yield record, line
        line.version += 1
        line.save()


def _unknown() -> NotFound:
    return NotFound(_("There is no such line here, or it is not yours to see."))


def _said(actor: Actor, record: Record, line: ChecklistLine, verb: str) -> None:
    enter(record, actor, verb, datetime.now(UTC), {"line": line.pk, "text": line.text})


_RENUMBER = """
UPDATE tasks_checklistline t SET position = w.position
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS w(id, position)
WHERE t.id = w.id AND t.position <> w.position AND t.id <> %(this)s
"""


def _reorder(record: Record, line: ChecklistLine, position: int) -> int:
    here = ChecklistLine.objects.filter(record=record, removed_at=None).order_by("position", "id")
    order = placed(list(here.values_list("pk", flat=True)), line.pk, position)
    sql.execute(_RENUMBER, {"ids": order, "this": line.pk})
    return order.index(line.pk) + 1
