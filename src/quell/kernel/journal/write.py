"""Writing to the journal. Only actions and importers call this, inside the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quell.kernel.access.actor import Actor

from .models import Entry


def write(
    verb: str,
    actor: Actor,
    at: datetime,
    *,
    record_id: int | None = None,
    subject: str = "",
    subject_id: int | None = None,
    organisation_id: int | None = None,
    public: bool = False,
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Entry:
    """One line of history: who did what, when, through which channel, and what it changed."""
    return Entry.objects.create(
        verb=verb,
        record_id=record_id,
        subject=subject,
        subject_id=subject_id,
        organisation_id=organisation_id,
        actor_id=actor.person_id,
        channel=actor.channel,
        at=at,
        public=public,
        changes=dict(changes or {}),
        data=dict(data or {}),
        request_id=actor.request_id,
        version=version,
    )
