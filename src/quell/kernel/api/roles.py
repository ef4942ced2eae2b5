"""Roles: what they allow."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from quell.kernel.actions.directory import reading
from quell.kernel.actions.directory import roles as acts
from quell.kernel.actions.directory.inputs import NewRole, RoleChange

from . import directory_schemas as shapes
from .answers import address, answer, created
from .authentication import actor_of
from .idempotency import once
from .openapi import repeatable, versioned
from .versions import expected, with_version

router = Router(tags=["Roles"])
LIST = "roles"
Change = with_version(RoleChange, "EditRole")


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A role as the API shows it."""
    return {**row, "url": address(LIST, row["code"])}


@router.post("/roles", response={201: shapes.Role}, summary="Make a role", operation_id="createRole")
@repeatable
def create(request: HttpRequest, body: NewRole) -> HttpResponse:
    """Make a role for the whole instance; it cannot hold more than its maker."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = shown(reading.role(actor, acts.create_role(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get("/roles", response=shapes.RoleList, summary="List roles", operation_id="listRoles")
def listing(request: HttpRequest) -> HttpResponse:
    """All roles, by code; there are few of them."""
    return answer({"items": [shown(row) for row in reading.roles(actor_of(request))], "next_cursor": None})


@router.get("/roles/{code}", response=shapes.Role, summary="Read a role", operation_id="readRole")
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One role."""
    return answer(shown(reading.role(actor_of(request), code)))


@router.patch("/roles/{code}", response=shapes.Role, summary="Change a role", operation_id="editRole")
@versioned
def edit(request: HttpRequest, code: str, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given. The roles that come with Quell keep their capabilities."""
    data, version = expected(request, body)
    acts.edit_role(actor_of(request), code, data, version=version)
    return read(request, code)
