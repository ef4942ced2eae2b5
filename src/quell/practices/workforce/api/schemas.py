"""The shapes that the workforce has on the wire. They document; the answers themselves are built from rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class Member(BaseModel):
    """A person who takes work. `away` says what keeps them from it now (`absent`, `off_hours`, `switched_off`,
    `inactive`), null when nothing does; `load` is weighted open work."""

    person: str
    name: str
    away: str | None
    hours: dict[str, list[list[str]]]
    zone: str
    capacity: float
    own_capacity: int | None
    load: float
    open_records: int
    taking_work: bool
    back_at: datetime | None
    absent_until: datetime | None
    skills: dict[str, int]


class Availability(Member):
    """One person, with the version of what was arranged."""

    version: int


class Members(BaseModel):
    """Everybody who works for an organisation, by name."""

    items: list[Member]


class Absence(BaseModel):
    """A person is away. Why, and the note, are for themselves and their leads; others get null."""

    id: int
    url: str
    person: str
    starts_at: datetime
    ends_at: datetime
    kind: str | None
    substitute: str | None
    hands_over: str
    note: str | None


class AbsencePage(BaseModel):
    """Some absences, and where the next begin."""

    items: list[Absence]
    next_cursor: str | None


class Skill(BaseModel):
    """Something people can be good at. `capable` people can do it alone; `alone` names the only one."""

    code: str
    name: str
    levels: dict[str, int]
    capable: int
    alone: str | None
    needed: int


class Skills(BaseModel):
    """The skills matrix of an organisation."""

    items: list[Skill]


class Rule(BaseModel):
    """One rule of assignment; `fired` counts how often it decided."""

    name: str
    active: bool
    conditions: dict[str, Any]
    team: str | None
    policy: str
    person: str | None
    needs: dict[str, int]
    fired: int
    fired_at: datetime | None


class Rules(BaseModel):
    """The rules of an organisation in their order."""

    organisation: str
    version: int
    rules: list[Rule]


class TrialLine(BaseModel):
    """What rules would do with one incident: names, and why."""

    number: str
    title: str
    rule: str | None
    team: str | None
    person: str | None
    had_team: str | None
    had_person: str | None
    differs: bool
    why: list[str]


class TrialResult(BaseModel):
    """The latest incidents of an organisation under the rules tried."""

    tried: int
    differing: int
    items: list[TrialLine]


class Explanation(BaseModel):
    """Why an incident lies where it lies, oldest first: one entry for every time a rule chose."""

    items: list[ExplanationLine]


class ExplanationLine(BaseModel):
    """One choice of a rule, in sentences."""

    at: datetime
    why: list[str]
