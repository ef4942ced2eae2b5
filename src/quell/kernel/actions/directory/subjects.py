"""History and versions of people, teams, organisations, roles and items.

Their journal is their version: each change writes one entry with the next number, so a stale write is recognised
without a column of its own, and nothing can change without leaving a line of history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Stale
from quell.kernel.journal.models import Entry
from quell.kernel.journal.write import write


def version_of(subject: str, subject_id: int) -> int:
    """The present version of a thing; 1 for what has no history yet."""
    # Signing in is written down too, but changes nothing and so has no version.
    history = Entry.objects.filter(subject=subject, subject_id=subject_id, version__isnull=False).order_by("-id")
    return history.values_list("version", flat=True).first() or 1


def check_version(subject: str, subject_id: int, expected: int | None) -> int:
    """The present version; raises Stale when the caller knows another one. Call it with the row locked."""
    current = version_of(subject, subject_id)
    if expected is not None and expected != current:
        raise Stale(_("Somebody changed this in the meantime. Your text is safe."), version=current)
    return current


def note(
    verb: str,
    actor: Actor,
    subject: str,
    subject_id: int,
    organisation_id: int | None,
    *,
    version: int,
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """One line of history about a person, a place or a thing. `version` is the version after the change."""
    return write(
        verb,
        actor,
        datetime.now(UTC),
        subject=subject,
        subject_id=subject_id,
        organisation_id=organisation_id,
        changes=changes,
        data=data,
        version=version,
    )


def put(row: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set fields of a locked row and save those that differ; returns {field: [before, after]}."""
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changes[name.removesuffix("_id")] = [_plain(before), _plain(value)]
    if changes:
        row.save(update_fields=[name for name in values if name.removesuffix("_id") in changes])
    return changes


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, (datetime, date)) else value
