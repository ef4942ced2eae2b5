"""The views' addresses. A view is addressed by its key: the code of a shipped one, the id of a saved one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions.view import Arranged, NewView, ViewChange

router = Router(tags=["Views"])
LIST = "views"
Change = with_version(ViewChange, "EditView")
Nothing = with_version(NoInputs, "ChangeNothingElse")
Place = Literal["queue", "home"]


class SavedView(BaseModel):
    """A saved query with the look of its list; `reach` is shipped, personal, team or organisation."""

    key: str
    name: str
    reach: str
    team: str | None
    organisation: str | None
    person: str | None
    query: str
    sort: str
    columns: list[str]
    density: str
    layout: str
    may_edit: bool
    version: int
    created_at: datetime | None
    updated_at: datetime | None
    trashed_at: datetime | None
    url: str


class SavedViews(BaseModel):
    """All views of one reader."""

    items: list[SavedView]


class Arrangement(BaseModel):
    """Keys of views in the order they stand."""

    views: list[str]


_SAME = (
    "key", "reach", "team", "organisation", "person", "query", "sort", "density", "layout", "may_edit",
    "version", "created_at", "updated_at", "trashed_at",
)  # fmt: skip


def shown(row: facade.ViewRow) -> dict[str, Any]:
    """A view as the API shows it."""
    same = {name: getattr(row, name) for name in _SAME}
    return {**same, "name": str(row.name), "columns": list(row.columns), "url": address(LIST, row.key)}


@router.post("/views", response={201: SavedView}, summary="Save a view", operation_id="createView")
@repeatable
def create(request: HttpRequest, body: NewView) -> HttpResponse:
    """Save a query with its look: for oneself, for a team, for an organisation."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = shown(facade.view(actor, facade.create_view(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get("/views", response=SavedViews, summary="List views", operation_id="listViews")
def listing(
    request: HttpRequest,
    trashed: Annotated[bool, Field(description="Those in the trash instead.")] = False,
) -> HttpResponse:
    """The shipped views and all saved ones the caller may use."""
    return answer({"items": [shown(one) for one in facade.views(actor_of(request), trashed=trashed)]})


@router.get("/views/{key}", response=SavedView, summary="Read a view", operation_id="readView")
def read(request: HttpRequest, key: str) -> HttpResponse:
    """One view."""
    return answer(shown(facade.view(actor_of(request), key)))


@router.patch("/views/{key}", response=SavedView, summary="Change a view", operation_id="editView")
@versioned
def edit(request: HttpRequest, key: str, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given."""
    data, version = expected(request, body)
    facade.edit_view(actor_of(request), key, data, version=version)
    return read(request, key)


@router.post("/views/{key}/trash", response=SavedView, summary="Put a view away", operation_id="trashView")
def trash(request: HttpRequest, key: str, body: NoInputs) -> HttpResponse:
    """Into the trash, from where it can be taken back."""
    facade.trash_view(actor_of(request), key)
    return read(request, key)


@router.post("/views/{key}/restore", response=SavedView, summary="Take a view back", operation_id="restoreView")
def restore(request: HttpRequest, key: str, body: NoInputs) -> HttpResponse:
    """Out of the trash."""
    facade.restore_view(actor_of(request), key)
    return read(request, key)


@router.get(
    "/arrangements/{place}", response=Arrangement, summary="Read an arrangement", operation_id="readArrangement"
)
def arrangement(request: HttpRequest, place: Place) -> HttpResponse:
    """Which views the caller has pinned beside the queue, or laid on the home page."""
    return answer({"views": facade.arrangement(actor_of(request), place)})


@router.put("/arrangements/{place}", response=Arrangement, summary="Arrange views", operation_id="putArrangement")
def arrange(request: HttpRequest, place: Place, body: Arranged) -> HttpResponse:
    """Put these views there, in this order."""
    facade.arrange(actor_of(request), place, body.views)
    return arrangement(request, place)
