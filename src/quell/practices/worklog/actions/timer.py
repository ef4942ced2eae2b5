"""Starting and stopping the one clock a person has. It stands in the database, so it survives every reload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Conflict, Forbidden
from quell.kernel.people.models import Person
from quell.kernel.records.models import Record

from ..models import TimeEntry, Timer
from ..rules.kinds import LONGEST
from .frame import Start, Stop, enter, worked_on


@dataclass(frozen=True, slots=True)
class Stopped:
    """The clock that was stopped: on which record, and the entry it became (None when it was thrown away)."""

    number: str
    entry_id: int | None
    seconds: int


def start(
    actor: Actor, data: Mapping[str, Any] | BaseModel, *, source: str = "timer", now: datetime | None = None
) -> Stopped | None:
    """Start the clock on a record; returns the clock that ran elsewhere and was stopped for it. On the record where
    it already runs, nothing happens. Raises Forbidden, Invalid."""
    inputs, moment = parse(Start, data), now or datetime.now(UTC)
    with transaction.atomic():
        running = _mine(actor)
        _lock_both(running, inputs.record)
        record = worked_on(actor, inputs.record)
        if running is not None and running.record_id == record.pk:
            return None
        stopped = _stop(actor, running, parse(Stop, {}), moment) if running is not None else None
        assert actor.person_id is not None
        Timer.objects.create(
            person_id=actor.person_id,
            record=record,
            started_at=moment,
            work_type=inputs.work_type,
            billable=inputs.billable,
            note=inputs.note,
            source=source,
        )
    return stopped


def stop(actor: Actor, data: Mapping[str, Any] | BaseModel | None = None, *, now: datetime | None = None) -> Stopped:
    """Stop the clock and keep its time (or throw it away). Raises Conflict when none runs, Forbidden, Invalid."""
    inputs = parse(Stop, data or {})
    with transaction.atomic():
        running = _mine(actor)
        if running is None:
            raise Conflict(_("Your clock is not running."), code="no_timer")
        return _stop(actor, running, inputs, now or datetime.now(UTC))


def _mine(actor: Actor) -> Timer | None:
    """The actor's clock. The person is locked, so that two tabs cannot start two clocks."""
    if actor.person_id is None:
        raise Forbidden(_("Only a person can work."))
    if actor.read_only:
        raise Forbidden(_("This token may only read."))
    if actor.token_scopes and "records.work" not in actor.token_scopes:
        raise Forbidden(_("This token's scopes do not include working on records."))
    Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
    return Timer.objects.select_for_update(of=("self",)).filter(person_id=actor.person_id).first()


def _lock_both(running: Timer | None, number: str) -> None:
    """The two records that a change of clocks touches, in the order of their keys like everywhere else."""
    if running is not None:
        both = Record.objects.filter(pk=running.record_id) | Record.objects.filter(number=number.strip().upper())
        list(Record.objects.select_for_update(of=("self",)).filter(pk__in=both.values("pk")).order_by("pk"))


def _stop(actor: Actor, timer: Timer, inputs: Stop, now: datetime) -> Stopped:
    """What a clock shows is the person's, whatever has become of their role on the record meanwhile."""
    record = Record.objects.select_for_update(of=("self",)).get(pk=timer.record_id)
    timer_seconds = max(1, round((now - timer.started_at).total_seconds()))
    seconds = inputs.seconds or min(timer_seconds, LONGEST)
    entry_id = None
    if not inputs.discard:
        entry = TimeEntry.objects.create(
            record=record,
            person_id=timer.person_id,
            started_at=min(timer.started_at, now - timedelta(seconds=1)),
            seconds=seconds,
            work_type=inputs.work_type or timer.work_type,
            billable=timer.billable if inputs.billable is None else inputs.billable,
            note=timer.note if inputs.note is None else inputs.note,
            source=timer.source,
            created_at=now,
        )
        enter(record, actor, "log_time", now, {"time_entry": entry.pk})
        entry_id = entry.pk
    timer.delete()
    return Stopped(record.number, entry_id, seconds)
