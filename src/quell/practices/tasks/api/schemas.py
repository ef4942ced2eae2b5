"""The shapes that tasks have on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel


class Task(BaseModel):
    """A task. People are addressed by e-mail, teams by code, its parent by number."""

    number: str
    version: int
    url: str
    title: str
    description: str
    organisation: str
    parent: str | None
    position: int
    state: Literal["open", "done", "skipped"]
    state_category: str
    assignee: str | None
    team: str | None
    due_at: datetime | None
    required: bool
    skip_reason: str | None
    lines: int
    ticked: int
    opened_by: str | None
    opened_at: datetime
    closed_at: datetime | None
    updated_at: datetime


class TaskPage(BaseModel):
    """Some tasks, and where the next begin."""

    items: list[Task]
    next_cursor: str | None


class TasksOfRecord(BaseModel):
    """The tasks of one record in their order."""

    items: list[Task]


class ChecklistLine(BaseModel):
    """A line to tick: who did it, and when."""

    id: int
    version: int
    record: str
    text: str
    required: bool
    position: int
    ticked_by: str | None
    ticked_at: datetime | None
    url: str


class Checklist(BaseModel):
    """The lines to tick of one record in their order."""

    items: list[ChecklistLine]


class TemplateLine(BaseModel):
    """A task, or a line to tick."""

    kind: Literal["task", "check"]
    title: str
    description: str
    team: str | None
    due_seconds: int | None
    required: bool


class Template(BaseModel):
    """Tasks and lines that are added together."""

    id: int
    version: int
    url: str
    name: str
    organisation: str | None
    language: str
    team: str | None
    categories: list[str]
    required: bool
    trashed: bool
    lines: list[TemplateLine]


class TemplatePage(BaseModel):
    """Some templates, and where the next begin."""

    items: list[Template]
    next_cursor: str | None


class TaskTimeline(BaseModel):
    """The history of a task, oldest first."""

    items: list[dict[str, Any]]


class TaskVerbs(BaseModel):
    """Every verb of a task, whether the caller may use it now, and why not."""

    items: list[dict[str, Any]]
