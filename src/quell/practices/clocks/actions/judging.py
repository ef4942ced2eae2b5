"""What judging a broken promise begins with: the record and the clock, locked, for somebody who sees its inside."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import NotFound
from quell.kernel.records.models import Record
from quell.kernel.records.visibility import sees_internal

from ..models import Clock

VERB = "judge_clock"


def locked(actor: Actor, number: str, clock_id: int) -> tuple[Record, Clock]:
    """A record and one of its clocks; raises NotFound."""
    record = Record.objects.select_for_update(of=("self",)).filter(number=number.strip().upper()).first()
    if record is None or not sees_internal(actor, record):
        raise NotFound(_("There is no %(number)s here, or it is not yours to see.") % {"number": number})
    clock = Clock.objects.select_for_update(of=("self",)).filter(pk=clock_id, record=record).first()
    if clock is None:
        raise NotFound(_("%(number)s has no such clock.") % {"number": record.number})
    return record, clock
