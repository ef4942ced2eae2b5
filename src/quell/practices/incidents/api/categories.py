"""The categories' addresses. A category is addressed by its id: its path may exist once per organisation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Active, Cursor, Limit, Words, page, read_cursor
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions import category as acts
from ..actions.category import CategoryChange, NewCategory

router = Router(tags=["Categories"])
LIST = "categories"
Change = with_version(CategoryChange, "EditCategory")
Nothing = with_version(NoInputs, "ChangeNothingElse")


class Category(BaseModel):
    """What incidents are about, as a tree; `path` is what an incident's `category` shows."""

    id: int
    code: str
    path: str
    name: str
    parent: str | None
    organisation: str | None
    active: bool
    version: int
    url: str


class CategoryPage(BaseModel):
    """Some categories, and where the next begin."""

    items: list[Category]
    next_cursor: str | None


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A category as the API shows it."""
    kept = {name: value for name, value in row.items() if name != "key"}
    return {**kept, "url": address(LIST, row["id"])}


@router.post("/categories", response={201: Category}, summary="Make a category", operation_id="createCategory")
@repeatable
def create(request: HttpRequest, body: NewCategory) -> HttpResponse:
    """Make a category, for one organisation or for everybody."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = shown(facade.category(actor, acts.create_category(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get("/categories", response=CategoryPage, summary="List categories", operation_id="listCategories")
def listing(
    request: HttpRequest,
    q: Words = "",
    organisation: str | None = None,
    active: Active = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """Categories by path: everybody's, and those of the caller's surroundings."""
    asked = facade.AskedCategories(q, active, organisation, limit, read_cursor(LIST, cursor))
    return page(LIST, facade.category_page(actor_of(request), asked), limit, "key", shown)


@router.get("/categories/{int:category_id}", response=Category, summary="Read a category", operation_id="readCategory")
def read(request: HttpRequest, category_id: int) -> HttpResponse:
    """One category."""
    return answer(shown(facade.category(actor_of(request), category_id)))


@router.patch(
    "/categories/{int:category_id}", response=Category, summary="Change a category", operation_id="editCategory"
)
@versioned
def edit(request: HttpRequest, category_id: int, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Its name; the path stays, for history names it."""
    data, version = expected(request, body)
    acts.edit_category(actor_of(request), category_id, data, version=version)
    return read(request, category_id)


@router.post(
    "/categories/{int:category_id}/deactivate",
    response=Category,
    summary="Take a category out of use",
    operation_id="deactivateCategory",
)
@versioned
def deactivate(request: HttpRequest, category_id: int, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Nothing new can be filed under it."""
    acts.deactivate_category(actor_of(request), category_id, version=expected(request, body)[1])
    return read(request, category_id)


@router.post(
    "/categories/{int:category_id}/activate",
    response=Category,
    summary="Take a category into use again",
    operation_id="activateCategory",
)
@versioned
def activate(request: HttpRequest, category_id: int, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """It can be chosen again."""
    acts.activate_category(actor_of(request), category_id, version=expected(request, body)[1])
    return read(request, category_id)
