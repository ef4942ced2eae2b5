"""The shapes of services on the wire."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class Service(BaseModel):
    """A service: what people use and incidents hurt. `criticality` 1 is the greatest."""

    id: int
    code: str
    name: str
    organisation: str
    status: str
    criticality: int
    owner: str | None
    description: str
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime
    url: str


class ServicePage(BaseModel):
    """Some services, and where the next begin."""

    items: list[Service]
    next_cursor: str | None
