"""Organisations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from quell.kernel.actions.directory import organisations as acts
from quell.kernel.actions.directory import reading
from quell.kernel.actions.directory.inputs import NewOrganisation, OrganisationChange
from quell.kernel.actions.registry import NoInputs

from . import directory_schemas as shapes
from .answers import address, answer, created
from .authentication import actor_of
from .idempotency import once
from .openapi import repeatable, versioned
from .pagination import Active, Cursor, Limit, Words, page, read_cursor
from .versions import expected, with_version

router = Router(tags=["Organisations"])
LIST = "organisations"
Change = with_version(OrganisationChange, "EditOrganisation")
Nothing = with_version(NoInputs, "ChangeNothingElse")


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """An organisation as the API shows it."""
    return {**row, "url": address(LIST, row["code"])}


@router.post(
    "/organisations",
    response={201: shapes.Organisation},
    summary="Make an organisation",
    operation_id="createOrganisation",
)
@repeatable
def create(request: HttpRequest, body: NewOrganisation) -> HttpResponse:
    """Make an organisation, at the root or below a parent."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        code = acts.create_organisation(actor, body)
        # The rights of a parent reach the child from the moment it exists; this call's actor was made before.
        found = shown(reading.just_made_organisation(code))
        return created(found, found["url"])

    return once(request, act)


@router.get(
    "/organisations", response=shapes.OrganisationPage, summary="List organisations", operation_id="listOrganisations"
)
def listing(
    request: HttpRequest, q: Words = "", active: Active = None, limit: Limit = 50, cursor: Cursor = None
) -> HttpResponse:
    """Organisations the caller belongs to or looks after, and those above them, by code."""
    asked = reading.Asked(q, active, limit, read_cursor(LIST, cursor))
    return page(LIST, reading.organisations(actor_of(request), asked), limit, "code", shown)


@router.get(
    "/organisations/{code}",
    response=shapes.Organisation,
    summary="Read an organisation",
    operation_id="readOrganisation",
)
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation."""
    return answer(shown(reading.organisation(actor_of(request), code)))


@router.patch(
    "/organisations/{code}",
    response=shapes.Organisation,
    summary="Change an organisation",
    operation_id="editOrganisation",
)
@versioned
def edit(request: HttpRequest, code: str, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; a `parent` moves it with all below it."""
    data, version = expected(request, body)
    acts.edit_organisation(actor_of(request), code, data, version=version)
    return read(request, code)


@router.post(
    "/organisations/{code}/deactivate",
    response=shapes.Organisation,
    summary="Take an organisation out of use",
    operation_id="deactivateOrganisation",
)
@versioned
def deactivate(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Nothing new is made in it; its people and records stay."""
    acts.deactivate_organisation(actor_of(request), code, version=expected(request, body)[1])
    return read(request, code)


@router.post(
    "/organisations/{code}/activate",
    response=shapes.Organisation,
    summary="Take an organisation into use again",
    operation_id="activateOrganisation",
)
@versioned
def activate(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """It takes part again."""
    acts.activate_organisation(actor_of(request), code, version=expected(request, body)[1])
    return read(request, code)
