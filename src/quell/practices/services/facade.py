"""The front door of the services: what pages, API and other rooms may ask and do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places

from . import queries
from .actions import create as creating
from .actions import deactivate as retiring
from .actions import edit as editing

Row: TypeAlias = queries.Row
Asked: TypeAlias = queries.Asked


def service(actor: Actor, code: str) -> Row:
    """One service by code; raises NotFound."""
    row = queries.one(actor, code)
    if row is None:
        raise places.unknown(code)
    return row


def services(actor: Actor, asked: Asked) -> list[Row]:
    """A page of services by code, one more than the limit when there are more."""
    return queries.page(actor, asked)


def create(actor: Actor, data: Mapping[str, Any] | BaseModel) -> str:
    """A new service; returns its code. Raises Invalid, Forbidden, Conflict."""
    return creating.create(actor, data)


def edit(actor: Actor, code: str, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Change what is given; raises NotFound, Forbidden, Invalid, Stale."""
    editing.edit(actor, code, data, version=version)


def deactivate(actor: Actor, code: str, *, version: int | None = None) -> None:
    """Take a service out of use; raises NotFound, Forbidden, Stale."""
    retiring.deactivate(actor, code, version=version)


def activate(actor: Actor, code: str, *, version: int | None = None) -> None:
    """Take a service into use again; raises NotFound, Forbidden, Stale."""
    retiring.activate(actor, code, version=version)
