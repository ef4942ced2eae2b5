"""The services' addresses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Active, Cursor, Limit, Words, page, read_cursor
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions.inputs import NewService, ServiceChange
from . import schemas

router = Router(tags=["Services"])
LIST = "services"
Change = with_version(ServiceChange, "EditService")
Nothing = with_version(NoInputs, "ChangeNothingElse")


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A service as the API shows it."""
    return {**row, "url": address(LIST, row["code"])}


@router.post("/services", response={201: schemas.Service}, summary="Make a service", operation_id="createService")
@repeatable
def create(request: HttpRequest, body: NewService) -> HttpResponse:
    """Make a service known; for administrators of its organisation."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = shown(facade.service(actor, facade.create(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get("/services", response=schemas.ServicePage, summary="List services", operation_id="listServices")
def listing(
    request: HttpRequest,
    q: Words = "",
    organisation: str | None = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """Services the caller may use or looks after, by code."""
    asked = facade.Asked(q, active, organisation, limit, read_cursor(LIST, cursor))
    return page(LIST, facade.services(actor_of(request), asked), limit, "code", shown)


@router.get("/services/{code}", response=schemas.Service, summary="Read a service", operation_id="readService")
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One service."""
    return answer(shown(facade.service(actor_of(request), code)))


@router.patch("/services/{code}", response=schemas.Service, summary="Change a service", operation_id="editService")
@versioned
def edit(request: HttpRequest, code: str, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given."""
    data, version = expected(request, body)
    facade.edit(actor_of(request), code, data, version=version)
    return read(request, code)


@router.post(
    "/services/{code}/deactivate",
    response=schemas.Service,
    summary="Take a service out of use",
    operation_id="deactivateService",
)
@versioned
def deactivate(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Nothing new can name it; its history stays."""
    facade.deactivate(actor_of(request), code, version=expected(request, body)[1])
    return read(request, code)


@router.post(
    "/services/{code}/activate",
    response=schemas.Service,
    summary="Take a service into use again",
    operation_id="activateService",
)
@versioned
def activate(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """It can be named again."""
    facade.activate(actor_of(request), code, version=expected(request, body)[1])
    return read(request, code)
