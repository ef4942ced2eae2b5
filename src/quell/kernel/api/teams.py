"""Teams."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from quell.kernel.actions.directory import reading
from quell.kernel.actions.directory import teams as acts
from quell.kernel.actions.directory.inputs import NewTeam, TeamChange
from quell.kernel.actions.registry import NoInputs

from . import directory_schemas as shapes
from .answers import address, answer, created
from .authentication import actor_of
from .idempotency import once
from .openapi import repeatable, versioned
from .pagination import Active, Cursor, Limit, Words, page, read_cursor
from .versions import expected, with_version

router = Router(tags=["Teams"])
LIST = "teams"
Change = with_version(TeamChange, "EditTeam")
Nothing = with_version(NoInputs, "ChangeNothingElse")


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A team as the API shows it."""
    return {**row, "url": address(LIST, row["code"])}


@router.post("/teams", response={201: shapes.Team}, summary="Make a team", operation_id="createTeam")
@repeatable
def create(request: HttpRequest, body: NewTeam) -> HttpResponse:
    """Make a team, with its members."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = shown(reading.team(actor, acts.create_team(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get("/teams", response=shapes.TeamPage, summary="List teams", operation_id="listTeams")
def listing(
    request: HttpRequest,
    q: Words = "",
    organisation: str | None = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """Teams the caller may look at, by code."""
    asked = reading.Asked(q, active, limit, read_cursor(LIST, cursor), organisation)
    return page(LIST, reading.teams(actor_of(request), asked), limit, "code", shown)


@router.get("/teams/{code}", response=shapes.Team, summary="Read a team", operation_id="readTeam")
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One team."""
    return answer(shown(reading.team(actor_of(request), code)))


@router.patch("/teams/{code}", response=shapes.Team, summary="Change a team", operation_id="editTeam")
@versioned
def edit(request: HttpRequest, code: str, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; `members` and `leads` replace what was there."""
    data, version = expected(request, body)
    acts.edit_team(actor_of(request), code, data, version=version)
    return read(request, code)


@router.post("/teams/{code}/deactivate", response=shapes.Team, summary="Close a team", operation_id="deactivateTeam")
@versioned
def deactivate(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Nothing new goes to it; what it holds stays until somebody takes it."""
    acts.deactivate_team(actor_of(request), code, version=expected(request, body)[1])
    return read(request, code)


@router.post("/teams/{code}/activate", response=shapes.Team, summary="Open a team again", operation_id="activateTeam")
@versioned
def activate(request: HttpRequest, code: str, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """It takes work again."""
    acts.activate_team(actor_of(request), code, version=expected(request, body)[1])
    return read(request, code)
