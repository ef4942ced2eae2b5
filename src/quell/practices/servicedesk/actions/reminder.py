"""Reminders and snoozing: hearing of a record again when its time has come, or when its requester answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from quell.kernel.access.actor import HOUSE, Actor, actor_for_person
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound
from quell.kernel.journal.models import Entry
from quell.kernel.journal.write import write
from quell.kernel.notify.announce import tell
from quell.kernel.records.models import Record

from ..models import Reminder
from ..permissions import works_here

SUBJECT = "reminder"
FARTHEST = timedelta(days=366)
#: A snooze until somebody answers ends by itself after this long: nothing sleeps for ever.
LONGEST_WAIT = timedelta(days=14)


def _only_text(value: Any) -> Any:
    if value is None or isinstance(value, (str, datetime)):
        return value
    raise ValueError(_("Give a time such as 2026-03-02T08:00:00Z."))


Moment = Annotated[AwareDatetime, BeforeValidator(_only_text)]


class Remind(Inputs):
    """When to hear of the record again, and why. `snooze` takes it out of one's own lists until then; `until_answer`
    ends the wait as soon as the requester answers, and needs no time."""

    number: str = Field(min_length=1, max_length=20)
    at: Moment | None = None
    text: str = Field("", max_length=500)
    snooze: bool = Field(False, strict=True)
    until_answer: bool = Field(False, strict=True)


class Later(Inputs):
    """Another time, or other words."""

    at: Moment | None = None
    text: str | None = Field(None, max_length=500)


def remind(actor: Actor, data: Mapping[str, Any] | BaseModel, now: datetime | None = None) -> int:
    """A reminder of the actor's own; its id. Snoozing a record again replaces the former snooze. Raises NotFound,
    Forbidden, Invalid."""
    inputs, now = parse(Remind, data), now or datetime.now(UTC)
    if not (answer := works_here(actor)):
        raise Forbidden(answer.reason)
    record = Record.objects.visible_to(actor).filter(number=inputs.number.upper()).first()
    if record is None or actor.person_id is None:
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": inputs.number})
    due_at = _checked(inputs.at, now) if inputs.at else now + LONGEST_WAIT
    if inputs.at is None and not inputs.until_answer:
        raise Invalid.field("at", _("Say when, or choose to wait for an answer."))
    with transaction.atomic():
        if inputs.snooze:
            _open_ones(actor, record.pk).filter(snooze=True).update(done_at=now)
        made = Reminder.objects.create(
            person_id=actor.person_id,
            record=record,
            text=inputs.text,
            due_at=due_at,
            snooze=inputs.snooze,
            until_answer=inputs.until_answer,
            created_at=now,
        )
    return made.pk


def _checked(at: datetime, now: datetime) -> datetime:
    if at <= now:
        raise Invalid.field("at", _("This time has passed."))
    if at > now + FARTHEST:
        raise Invalid.field("at", _("This time is too far away."))
    return at


def _open_ones(actor: Actor, record_id: int) -> Any:
    return Reminder.objects.filter(person_id=actor.person_id or 0, record_id=record_id, done_at=None, told_at=None)


def _mine(actor: Actor, reminder_id: int) -> Reminder:
    if not (answer := works_here(actor)):
        raise Forbidden(answer.reason)
    row = Reminder.objects.select_for_update().filter(pk=reminder_id, person_id=actor.person_id or 0).first()
    if row is None:
        raise NotFound(_("There is nothing of this number here, or it is not yours to see."))
    return row


def finish(actor: Actor, reminder_id: int, now: datetime | None = None) -> None:
    """Done with it; a snoozed record is back at once. Raises NotFound, Forbidden."""
    with transaction.atomic():
        row = _mine(actor, reminder_id)
        row.done_at = row.done_at or now or datetime.now(UTC)
        row.save(update_fields=["done_at"])


def bring_back(actor: Actor, reminder_id: int) -> None:
    """Undo being done with it. Raises NotFound, Forbidden."""
    with transaction.atomic():
        row = _mine(actor, reminder_id)
        if row.snooze and row.told_at is None:
            _open_ones(actor, row.record_id).filter(snooze=True).exclude(pk=row.pk).update(done_at=datetime.now(UTC))
        row.done_at = None
        row.save(update_fields=["done_at"])


def put_off(actor: Actor, reminder_id: int, data: Mapping[str, Any] | BaseModel, now: datetime | None = None) -> None:
    """Another time (it will be told again then), or other words. Raises NotFound, Forbidden, Invalid."""
    inputs, now = parse(Later, data), now or datetime.now(UTC)
    with transaction.atomic():
        row = _mine(actor, reminder_id)
        if inputs.text is not None:
            row.text = inputs.text
        if inputs.at is not None:
            row.due_at, row.told_at, row.woken_by, row.done_at = _checked(inputs.at, now), None, "", None
            if row.snooze:
                _open_ones(actor, row.record_id).filter(snooze=True).exclude(pk=row.pk).update(done_at=now)
        row.save()


def answered(record: Record, entry: Entry) -> None:
    """Called within every action: when the requester answers, whoever waited for that hears of it now."""
    if entry.verb == "reply" and entry.actor_id == record.requester_id:
        waiting = Reminder.objects.filter(record=record, until_answer=True, told_at=None, done_at=None)
        waiting.update(due_at=entry.at, woken_by=Reminder.Woken.ANSWER)


def tell_due(now: datetime, limit: int) -> int:
    """Tell people of what has come due; returns how many. Each row is claimed by one sweep (SKIP LOCKED), and told in
    the same transaction."""
    with transaction.atomic():
        rows = list(
            Reminder.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("record")
            .filter(due_at__lte=now, told_at=None, done_at=None)
            .order_by("due_at", "pk")[:limit]
        )
        for row in rows:
            _tell(row, now)
    return len(rows)


def _tell(row: Reminder, now: datetime) -> None:
    actor = actor_for_person(row.person_id)
    seen = actor is not None and Record.objects.visible_to(actor).filter(pk=row.record_id).exists()
    if not seen or not row.record.is_open:
        row.done_at = now  # out of sight, or nothing to do any more: no reason to speak
        row.save(update_fields=["done_at"])
        return
    row.told_at, row.woken_by = now, row.woken_by or Reminder.Woken.TIME
    row.save(update_fields=["told_at", "woken_by"])
    entry = write(
        "remind",
        HOUSE,
        now,
        subject=SUBJECT,
        subject_id=row.pk,
        organisation_id=row.record.organisation_id,
        data={"reason": row.text, "number": row.record.number, "snooze": row.snooze, "woken_by": row.woken_by},
    )
    tell(row.person_id, row.record_id, entry.pk, "reminder")
