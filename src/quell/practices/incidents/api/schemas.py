"""The shapes that incidents have on the wire. They document; the answers themselves are built from rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class PriorityReason(BaseModel):
    """One part of the score that orders incidents."""

    factor: str
    value: float
    points: float
    why: str


class AffectedItem(BaseModel):
    """A thing the incident is about."""

    id: int
    name: str
    relation: str


class Incident(BaseModel):
    """An incident. People are addressed by e-mail; teams, organisations and services by code."""

    number: str
    version: int
    url: str
    title: str
    description: str
    organisation: str
    state: str
    state_category: str
    impact: int
    urgency: int
    priority: int
    priority_source: str
    priority_note: str | None
    priority_reasons: list[PriorityReason]
    requester: str
    opened_by: str | None
    owner: str | None
    assignee: str | None
    team: str | None
    service: str | None
    items: list[AffectedItem]
    channel: str
    category: str | None
    parent: str | None
    merged_into: str | None
    affected_users: int
    opened_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    updated_at: datetime
    due_at: datetime | None
    hold_reason: str | None
    resume_at: datetime | None
    resolution_code: str | None
    resolution: str | None
    cause_code: str | None
    transfer_count: int
    reopen_count: int
    escalation_level: int | None
    routing_dispute: bool | None
    major: bool


class IncidentPage(BaseModel):
    """Some incidents, and where the next begin."""

    items: list[Incident]
    next_cursor: str | None


class VerbChoice(BaseModel):
    """Whether the caller may use a verb now; `reason` says why not."""

    verb: str
    allowed: bool
    reason: str | None
    summary: str


class VerbChoices(BaseModel):
    """Every verb of an incident."""

    items: list[VerbChoice]


class File(BaseModel):
    """A file without its bytes."""

    id: int
    name: str
    size: int
    content_type: str
    sha256: str
    url: str


class Attachment(File):
    """A file on an incident."""

    visibility: Literal["public", "internal"]
    created_at: datetime


class Attachments(BaseModel):
    """The files of an incident that the caller may have."""

    items: list[Attachment]


class FieldChange(BaseModel):
    """What a field was and became; names instead of ids."""

    before: Any = Field(alias="from")
    after: Any = Field(alias="to")


class TimelineEntry(BaseModel):
    """One line of history."""

    id: int
    at: datetime
    verb: str
    actor: str | None
    actor_name: str
    channel: str
    visibility: Literal["public", "internal"]
    body: str | None
    reason: str | None
    changes: dict[str, FieldChange]
    data: dict[str, Any]
    attachments: list[File]
    merged_from: str | None


class MergeSource(BaseModel):
    """One incident that would become a part of the other; `refusal` says why it cannot."""

    number: str
    title: str
    state: str
    messages: int
    refusal: str | None


class MergePreview(BaseModel):
    """What merging would do."""

    into: str
    possible: bool
    sources: list[MergeSource]
    followers: list[str]
    messages: int
    files: int
    tasks: list[str]
    links: int
    children: list[str]


class Similar(BaseModel):
    """An incident like another: the part of the weight of their words they share, and whether it is of the same
    service or category and hour."""

    number: str
    title: str
    state: str
    priority: int
    opened_at: datetime
    share: float
    near: bool
    url: str


class SimilarIncidents(BaseModel):
    """The nearest first."""

    items: list[Similar]


class Timeline(BaseModel):
    """The history of an incident as the caller may see it, oldest first."""

    items: list[TimelineEntry]


class LinkTo(BaseModel):
    """A link, as seen from this incident."""

    kind: str
    to: str
    title: str
    state: str
    priority: int
    created_at: datetime
    url: str


class Links(BaseModel):
    """The links of an incident to records the caller may see."""

    items: list[LinkTo]


class Handover(BaseModel):
    """Work handed from one team or person to another, and the answer. `quick` ones came back so soon that they are no
    work of the receiver."""

    id: int
    at: datetime
    by: str | None
    from_team: str | None
    from_person: str | None
    to_team: str | None
    to_person: str | None
    reason_code: str
    reason: str
    state: Literal["pending", "accepted", "returned", "lapsed"]
    settled_at: datetime | None
    settled_by: str | None
    return_reason: str
    quick: bool


class Handovers(BaseModel):
    """The hand-overs of an incident, oldest first; for those who may read its internal part."""

    items: list[Handover]


class Watcher(BaseModel):
    """Somebody with whom the incident is shared."""

    email: str
    name: str


class Watchers(BaseModel):
    """With whom an incident is shared."""

    items: list[Watcher]
