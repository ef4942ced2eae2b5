"""The shapes of communications on the wire."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class Words(BaseModel):
    """The words in one language."""

    title: str
    text: str


class Readers(BaseModel):
    """Whom it is for; nothing at all means everybody in its organisation and below."""

    organisations: list[str]
    teams: list[str]
    services: list[str]


class Announcement(BaseModel):
    """An announcement. `phase` is draft, scheduled, showing or over; `me_too` says whether the caller is counted in,
    `incident` is null for those who may not see it."""

    id: int
    organisation: str
    severity: str
    effect: str | None
    state: str
    phase: str
    language: str
    title: str
    text: str
    translations: dict[str, Words]
    audience: Readers
    service: str | None
    incident: str | None
    starts_at: datetime
    ends_at: datetime | None
    next_update_at: datetime | None
    me_too: bool
    me_too_count: int
    version: int
    created_at: datetime
    updated_at: datetime
    url: str


class AnnouncementPage(BaseModel):
    """Some announcements, and where the next begin."""

    items: list[Announcement]
    next_cursor: str | None


class Light(BaseModel):
    """A service and how it is: works, maintenance, degraded or down."""

    service: str
    name: str
    health: str
    until: datetime | None
    following: bool


class Lights(BaseModel):
    """The health of the services the caller may see, the hurt ones first."""

    items: list[Light]


class Rating(BaseModel):
    """How somebody found the help they got."""

    id: int
    number: str
    title: str
    stars: int
    comment: str
    person: str
    assignee: str | None
    team: str | None
    at: datetime


class RatingPage(BaseModel):
    """Some ratings, and where the next begin."""

    items: list[Rating]
    next_cursor: str | None
