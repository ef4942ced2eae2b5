"""What the verbs of time worked share: the record, locked and seen from inside, and its line of history.

The history names the entry and not its length: how long somebody took is theirs and their lead's to see
(domain.md 8.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import AwareDatetime, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.registry import Inputs
from quell.kernel.actions.run import publish
from quell.kernel.config.refusal import Forbidden, Invalid
from quell.kernel.journal.write import write
from quell.kernel.records.models import Record
from quell.kernel.records.visibility import sees_internal

from ..permissions import can_log
from ..rules.kinds import LONGEST, WORK_TYPES

Flag = Annotated[bool, Field(strict=True)]
Seconds = Annotated[int, Field(ge=1, le=LONGEST, strict=True)]
WorkType = Literal[WORK_TYPES]  # type: ignore[valid-type]


class Kind(Inputs):
    """What kind of work it was."""

    work_type: WorkType = "other"
    billable: Flag = False
    note: str = Field("", max_length=500)


class Start(Kind):
    """The record that is worked on from now. A clock running elsewhere is stopped first, and its time kept."""

    record: str = Field(min_length=1, max_length=20)


class Stop(Inputs):
    """What to keep of the clock's time; what is not given stays as it was when the clock was started."""

    work_type: WorkType | None = None
    billable: Flag | None = None
    note: str | None = Field(None, max_length=500)
    seconds: Seconds | None = Field(None, description="Instead of what the clock shows.")
    discard: Flag = False


class NewEntry(Kind):
    """Time worked on a record. Without `started_at` it has just ended."""

    record: str = Field(min_length=1, max_length=20)
    seconds: Seconds
    started_at: AwareDatetime | None = None


class CorrectionInput(Inputs):
    """Only what is to change, and why."""

    reason: str = Field(min_length=1, max_length=500)
    seconds: Seconds | None = None
    started_at: AwareDatetime | None = None
    work_type: WorkType | None = None
    billable: Flag | None = None
    note: str | None = Field(None, max_length=500)


class Removal(Inputs):
    """Why."""

    reason: str = Field(min_length=1, max_length=500)


def worked_on(actor: Actor, number: str) -> Record:
    """The record, locked; raises Invalid naming the field when it is not the actor's to see, or Forbidden."""
    record = Record.objects.select_for_update(of=("self",)).filter(number=number.strip().upper()).first()
    if record is None or not sees_internal(actor, record):
        raise Invalid.field("record", _("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    if not (may := can_log(actor, record)):
        raise Forbidden(may.reason)
    return record


def enter(record: Record, actor: Actor, verb: str, now: datetime, said: dict[str, Any]) -> None:
    """One internal line of history on a record that is otherwise unchanged."""
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
