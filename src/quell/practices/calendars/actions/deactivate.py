"""Taking calendars and holiday sets out of use, and back. What counts by them goes on as before."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import subjects

from ..models import Calendar, HolidaySet
from . import frame


def set_calendar_active(actor: Actor, code: str, active: bool, *, version: int | None = None) -> None:
    """Whether anything new can name it. Raises NotFound, Forbidden, Stale."""
    with transaction.atomic():
        _set(actor, frame.locked_calendar(actor, code, version), frame.CALENDAR, active)


def set_set_active(actor: Actor, code: str, active: bool, *, version: int | None = None) -> None:
    """Whether calendars can take it up. Raises NotFound, Forbidden, Stale."""
    with transaction.atomic():
        _set(actor, frame.locked_set(actor, code, version), frame.HOLIDAY_SET, active)


def _set(actor: Actor, row: Calendar | HolidaySet, subject: str, active: bool) -> None:
    changes = subjects.put(row, {"active": active})
    if not changes:
        return
    row.version += 1
    if isinstance(row, Calendar):
        row.updated_at = datetime.now(UTC)
    row.save(update_fields=["version", "updated_at"] if isinstance(row, Calendar) else ["version"])
    subjects.note(
        "activate" if active else "deactivate", actor, subject, row.pk, row.organisation_id, version=row.version,
        changes=changes, data={"name": row.name, "code": row.code},
    )  # fmt: skip
