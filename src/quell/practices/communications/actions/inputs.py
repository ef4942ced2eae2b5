"""What can be said about an announcement. Unknown fields are errors (contract.md, HTTP)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from quell.kernel.actions.directory.inputs import Codes, Language
from quell.kernel.actions.registry import Inputs

Severity = Literal["outage", "maintenance", "information"]
Effect = Literal["degraded", "down"]
Title = Annotated[str, Field(min_length=1, max_length=160)]
Text = Annotated[str, Field(max_length=10_000)]


class Translation(Inputs):
    """The words in one more language."""

    title: Title
    text: Text = ""


class AudienceInput(Inputs):
    """Whom it is for: organisations with all below them, teams, and those who follow a service. Each adds people;
    nothing at all means everybody in the announcement's organisation and below."""

    organisations: Codes = Field(default_factory=list)
    teams: Codes = Field(default_factory=list)
    services: Codes = Field(default_factory=list)


class NewAnnouncement(Inputs):
    """An announcement of an `organisation` (default: the writer's). `effect` says how an outage hurts the service;
    `publish` shows it at once instead of keeping a draft."""

    title: Title
    severity: Severity
    text: Text = ""
    organisation: str | None = Field(None, max_length=60)
    language: Language = ""
    translations: dict[str, Translation] = Field(default_factory=dict, max_length=20)
    effect: Effect | None = None
    service: str | None = Field(None, max_length=60)
    incident: str | None = Field(None, max_length=20)
    audience: AudienceInput = Field(default_factory=AudienceInput)
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    next_update_at: AwareDatetime | None = None
    publish: Annotated[bool, Field(strict=True)] = False


class AnnouncementChange(Inputs):
    """Only what is to change; null takes an optional fact away."""

    title: Title | None = None
    severity: Severity | None = None
    text: Text | None = None
    language: Language | None = None
    translations: dict[str, Translation] | None = Field(None, max_length=20)
    effect: Effect | None = None
    service: str | None = Field(None, max_length=60)
    incident: str | None = Field(None, max_length=20)
    audience: AudienceInput | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    next_update_at: AwareDatetime | None = None
