"""Writing down time that no clock has counted; correcting it; taking it out again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.config.refusal import Forbidden, Invalid, NotFound, Stale
from quell.kernel.records.models import Record

from ..models import Correction, TimeEntry
from ..permissions import can_correct, leads
from .frame import CorrectionInput, NewEntry, Removal, enter, worked_on

#: Work is written down within a year or not at all.
OLDEST = timedelta(days=366)


def record(
    actor: Actor, data: Mapping[str, Any] | BaseModel, *, source: str = "manual", now: datetime | None = None
) -> int:
    """Time one has worked; returns the entry's id. `data` as `NewEntry`. Raises Forbidden, Invalid."""
    inputs, moment = parse(NewEntry, data), now or datetime.now(UTC)
    started = inputs.started_at or moment - timedelta(seconds=inputs.seconds)
    _must_have_been(started, inputs.seconds, moment)
    with transaction.atomic():
        on = worked_on(actor, inputs.record)
        assert actor.person_id is not None
        entry = TimeEntry.objects.create(
            record=on,
            person_id=actor.person_id,
            started_at=started,
            seconds=inputs.seconds,
            work_type=inputs.work_type,
            billable=inputs.billable,
            note=inputs.note,
            source=source,
            created_at=moment,
        )
        enter(on, actor, "log_time", moment, {"time_entry": entry.pk})
    return entry.pk


def correct(actor: Actor, entry_id: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given, and keep what stood there with the reason. Raises NotFound, Forbidden, Invalid, Stale."""
    inputs, now = parse(CorrectionInput, data), datetime.now(UTC)
    given = inputs.model_fields_set - {"reason"}
    if not given:
        raise Invalid(_("Say what to change."))
    for name in given:
        if getattr(inputs, name) is None:
            raise Invalid.field(name, _("This is needed."))
    with transaction.atomic():
        entry = _locked(actor, entry_id, version)
        changes = {
            name: [_plain(getattr(entry, name)), _plain(getattr(inputs, name))]
            for name in sorted(given)
            if getattr(entry, name) != getattr(inputs, name)
        }
        if not changes:
            return
        for name in changes:
            setattr(entry, name, getattr(inputs, name))
        _must_have_been(entry.started_at, entry.seconds, now)
        entry.corrected_at = now
        _keep(actor, entry, changes, inputs.reason, "correct_time", now)


def remove(actor: Actor, entry_id: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Take an entry out of all sums; it stays readable with the reason. Raises NotFound, Forbidden, Stale."""
    inputs, now = parse(Removal, data), datetime.now(UTC)
    with transaction.atomic():
        entry = _locked(actor, entry_id, version)
        entry.removed_at = now
        _keep(actor, entry, {"removed": [False, True]}, inputs.reason, "remove_time", now)


def _must_have_been(started: datetime, seconds: int, now: datetime) -> None:
    if not now - OLDEST <= started <= now:
        raise Invalid.field("started_at", _("Work lies in the past, and at most a year back."))
    if started + timedelta(seconds=seconds) > now + timedelta(minutes=1):
        raise Invalid.field("seconds", _("This would end in the future."))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _locked(actor: Actor, entry_id: int, version: int | None) -> TimeEntry:
    """The entry, locked after its record; unknown to everybody but its person and their lead."""
    found = TimeEntry.objects.filter(pk=entry_id, removed_at=None).values_list("record_id", "person_id").first()
    if found is None or not (actor.person_id == found[1] or leads(actor, found[1])):
        raise NotFound(_("There is no such entry here, or it is not yours to see."))
    if not (may := can_correct(actor, found[1])):
        raise Forbidden(may.reason)
    Record.objects.select_for_update(of=("self",)).get(pk=found[0])
    entry = TimeEntry.objects.select_for_update(of=("self",)).select_related("record").get(pk=entry_id)
    if version is not None and version != entry.version:
        raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=entry.version)
    return entry


def _keep(actor: Actor, entry: TimeEntry, changes: dict[str, Any], reason: str, verb: str, now: datetime) -> None:
    entry.version += 1
    entry.save()
    Correction.objects.create(entry=entry, by_id=actor.person_id, at=now, reason=reason, changes=changes)
    enter(entry.record, actor, verb, now, {"time_entry": entry.pk})
