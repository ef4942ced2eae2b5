"""The addresses of templates of tasks."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Cursor, Limit, Words, page, read_cursor
from quell.kernel.api.versions import expected, with_version
from quell.kernel.config.refusal import Invalid

from .. import facade
from ..actions.template import NewTemplate, TemplateChange
from . import schemas

router = Router(tags=["Task templates"])
LIST = "task-templates"
Change = with_version(TemplateChange, "EditTaskTemplate")
Nothing = with_version(NoInputs, "TrashTaskTemplate")
_SHOWN = ("id", "version", "name", "organisation", "language", "team", "categories", "required", "trashed", "lines")


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A template as the API shows it."""
    return {**{name: row[name] for name in _SHOWN}, "url": address(LIST, row["id"])}


@router.get("/task-templates", response=schemas.TemplatePage, summary="List templates", operation_id="listTemplates")
def listing(
    request: HttpRequest,
    q: Words = "",
    organisation: Annotated[str | None, Field(max_length=60)] = None,
    trashed: Annotated[bool | None, Field(description="Only those in the trash, or only those that are not.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """Templates that those who work may use or look after."""
    key = read_cursor(LIST, cursor)
    if key is not None and not (key.isdigit() and len(key) < 19):
        raise Invalid.field("cursor", _("This cursor does not belong to this list. Begin again without it."))
    asked = facade.AskedTemplates(q, organisation, trashed, limit, int(key or 0))
    return page(LIST, facade.template_page(actor_of(request), asked), limit, "id", shown)


@router.post(
    "/task-templates", response={201: schemas.Template}, summary="Make a template", operation_id="createTemplate"
)
@repeatable
def create(request: HttpRequest, body: NewTemplate) -> HttpResponse:
    """Tasks and lines that are added together; for administrators of the organisation."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        made = shown(facade.template_row(actor, facade.create_template(actor, body)))
        return created(made, made["url"])

    return once(request, act)


@router.get(
    "/task-templates/{template_id}",
    response=schemas.Template,
    summary="Read a template",
    operation_id="readTemplate",
)
def read(request: HttpRequest, template_id: int) -> HttpResponse:
    """One template with its lines."""
    return answer(shown(facade.template_row(actor_of(request), template_id)))


@router.patch(
    "/task-templates/{template_id}",
    response=schemas.Template,
    summary="Change a template",
    operation_id="editTemplate",
)
@versioned
def edit(request: HttpRequest, template_id: int, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; `lines` replaces all of them."""
    data, version = expected(request, body)
    facade.edit_template(actor_of(request), template_id, data, version=version)
    return read(request, template_id)


@router.post(
    "/task-templates/{template_id}/trash",
    response=schemas.Template,
    summary="Put a template into the trash",
    operation_id="trashTemplate",
)
@versioned
def trash(request: HttpRequest, template_id: int, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """Nobody can choose it any more; what was made from it stays."""
    facade.trash_template(actor_of(request), template_id, version=expected(request, body)[1])
    return read(request, template_id)


@router.post(
    "/task-templates/{template_id}/restore",
    response=schemas.Template,
    summary="Take a template out of the trash",
    operation_id="restoreTemplate",
)
@versioned
def restore(request: HttpRequest, template_id: int, body: Nothing) -> HttpResponse:  # type: ignore[valid-type]
    """It can be chosen again."""
    facade.restore_template(actor_of(request), template_id, version=expected(request, body)[1])
    return read(request, template_id)
