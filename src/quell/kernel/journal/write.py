"""Writing to the journal. Only actions and importers call this, inside the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql

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


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history of a record that changes nothing of the record itself, nor is for the public."""

    record_id: int
    organisation_id: int
    verb: str
    data: Mapping[str, Any]
    version: int


_LINES = """
INSERT INTO journal_entry
  (record_id, subject, organisation_id, verb, actor_id, channel, at, public, changes, data, request_id, version)
SELECT x.record_id, '', x.organisation_id, x.verb, %s, %s, %s, FALSE, '{}'::jsonb, x.data, %s, x.version
FROM jsonb_to_recordset(%s::jsonb)
  AS x(record_id bigint, organisation_id bigint, verb text, data jsonb, version integer)
RETURNING id
"""


def write_all(lines: Sequence[Line], actor: Actor, at: datetime) -> list[int]:
    """A line each in one statement; returns their ids, in order."""
    if not lines:
        return []
    values = [actor.person_id, actor.channel, at, actor.request_id, orjson.dumps(list(lines)).decode()]
    return [row[0] for row in sql.rows(_LINES, values)]
