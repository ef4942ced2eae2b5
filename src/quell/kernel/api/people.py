"""People, and the caller themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from quell.kernel.access.capabilities import ALL
from quell.kernel.actions.directory import people as acts
from quell.kernel.actions.directory import reading
from quell.kernel.actions.directory.inputs import NewPerson, PersonChange
from quell.kernel.actions.registry import NoInputs

from . import directory_schemas as shapes
from .answers import address, answer, created
from .authentication import actor_of
from .idempotency import once
from .openapi import repeatable, versioned
from .pagination import Active, Cursor, Limit, Words, page, read_cursor
from .versions import expected, with_version

router = Router(tags=["People"])
LIST = "people"
Change = with_version(PersonChange, "EditPerson")
Nothing = with_version(NoInputs, "ChangeNothingElse")


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A person as the API shows them."""
    limit = row["approval_limit"]
    return {
        **row,
        "approval_limit": None if limit is None else float(limit),
        "roles": list(dict.fromkeys(g["role"] for g in row["grants"])),
        "url": address(LIST, row["email"]),
    }


@router.get("/me", response=shapes.Me, summary="Who am I", operation_id="readMe")
def me(request: HttpRequest) -> HttpResponse:
    """The caller, and what their roles and this token allow somewhere."""
    actor = actor_of(request)
    found = shown(reading.person(actor, actor.email))
    return answer({**found, "capabilities": [name for name in ALL if actor.can(name)]})


@router.post("/people", response={201: shapes.Person}, summary="Make a person", operation_id="createPerson")
@repeatable
def create(request: HttpRequest, body: NewPerson) -> HttpResponse:
    """Make a person, with roles and teams. Nobody gives more than they hold."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = shown(reading.person(actor, acts.create_person(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get("/people", response=shapes.PersonPage, summary="List people", operation_id="listPeople")
def listing(
    request: HttpRequest,
    q: Words = "",
    organisation: str | None = None,
    team: str | None = None,
    role: str | None = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """People the caller may look at, by address."""
    asked = reading.Asked(q, active, limit, read_cursor(LIST, cursor), organisation, team, role)
    return page(LIST, reading.people(actor_of(request), asked), limit, "email", shown)


@router.get("/people/{email}", response=shapes.Person, summary="Read a person", operation_id="readPerson")
def read(request: HttpRequest, email: str) -> HttpResponse:
    """One person."""
    return answer(shown(reading.person(actor_of(request), email)))


@router.patch("/people/{email}", response=shapes.Person, summary="Change a person", operation_id="editPerson")
@versioned
def edit(request: HttpRequest, email: str, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; `roles` and `teams` replace what was there."""
    data, version = expected(request, body)
    actor = actor_of(request)
    return answer(shown(reading.person(actor, acts.edit_person(actor, email, data, version=version))))


@router.post(
    "/people/{email}/deactivate", response=shapes.Person, summary="Shut a person out", operation_id="deactivatePerson"
)
@versioned
def deactivate(request: HttpRequest, email: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """At once: sessions end, tokens are revoked. Their history stays."""
    acts.deactivate_person(actor_of(request), email, version=expected(request, body)[1])
    return read(request, email)


@router.post(
    "/people/{email}/activate", response=shapes.Person, summary="Let a person in again", operation_id="activatePerson"
)
@versioned
def activate(request: HttpRequest, email: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Their old tokens stay revoked."""
    acts.activate_person(actor_of(request), email, version=expected(request, body)[1])
    return read(request, email)
