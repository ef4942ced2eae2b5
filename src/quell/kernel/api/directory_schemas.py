"""The shapes of people and places on the wire. They document; the answers are built from rows."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class GrantShown(BaseModel):
    """A role held: in an organisation and all below it (null: everywhere), perhaps for one team only."""

    role: str
    organisation: str | None
    team: str | None


class Person(BaseModel):
    """A person. `roles` names each role once; `grants` says where they hold."""

    email: str
    name: str
    organisation: str
    language: str
    timezone: str
    phone: str
    job_title: str
    vip: bool
    manager: str | None
    approval_limit: float | None
    approval_currency: str | None
    active: bool
    roles: list[str]
    grants: list[GrantShown]
    teams: list[str]
    created_at: datetime
    version: int
    url: str


class Me(Person):
    """The caller, and what their roles and this token allow somewhere."""

    capabilities: list[str]


class PersonPage(BaseModel):
    """Some people, and where the next begin."""

    items: list[Person]
    next_cursor: str | None


class Team(BaseModel):
    """A team with its members' addresses."""

    code: str
    name: str
    organisation: str
    members: list[str]
    leads: list[str]
    active: bool
    created_at: datetime
    version: int
    url: str


class TeamPage(BaseModel):
    """Some teams, and where the next begin."""

    items: list[Team]
    next_cursor: str | None


class Organisation(BaseModel):
    """An organisation in its tree."""

    code: str
    name: str
    parent: str | None
    active: bool
    created_at: datetime
    version: int
    url: str


class OrganisationPage(BaseModel):
    """Some organisations, and where the next begin."""

    items: list[Organisation]
    next_cursor: str | None


class Role(BaseModel):
    """A role: a name for some capabilities."""

    code: str
    name: str
    description: str
    capabilities: list[str]
    shipped: bool
    version: int
    url: str


class RoleList(BaseModel):
    """All roles."""

    items: list[Role]
    next_cursor: None = None


class Token(BaseModel):
    """An API token, known by the last characters of its secret."""

    id: int
    name: str
    hint: str
    read_only: bool
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewTokenShown(Token):
    """A token just made, with its secret: this is the only time it is shown."""

    token: str = Field(description="The secret. Keep it; it is not stored.")


class TokenList(BaseModel):
    """One's own tokens."""

    items: list[Token]
    next_cursor: None = None


class Hit(BaseModel):
    """Something found."""

    kind: str
    number: str
    title: str
    snippet: str
    state: str
    priority: int
    url: str


class Hits(BaseModel):
    """What was found, the best first."""

    items: list[Hit]
