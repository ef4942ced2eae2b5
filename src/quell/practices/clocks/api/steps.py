"""The escalation matrix for programs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Cursor, Limit, page, read_cursor
from quell.kernel.api.versions import expected, with_version
from quell.kernel.config.refusal import Invalid

from .. import facade
from ..actions.steps import EscalationStepChange, NewEscalationStep

router = Router(tags=["Escalation"])
LIST = "escalation-steps"
Change = with_version(EscalationStepChange, "EditEscalationStep")
_SHOWN = ("id", "version", "organisation", "percent", "agreement_kinds", "metrics", "priorities", "audiences", "verb",
          "inputs", "active")  # fmt: skip


class EscalationStep(BaseModel):
    """At so much of a promise, who hears of it and what is done beside. Empty lists mean any; without an organisation
    it holds for the whole instance. `audiences` are assignee, owner, team, leads, manager, managers:N, service_owner,
    agreement_owner, provider_leads, role:CODE, or an e-mail address."""

    id: int
    version: int
    organisation: str | None
    percent: int
    agreement_kinds: list[Literal["sla", "ola", "uc"]]
    metrics: list[str]
    priorities: list[int]
    audiences: list[str]
    verb: str
    inputs: dict[str, Any]
    active: bool
    url: str


class EscalationSteps(BaseModel):
    """Some steps, and where the next begin."""

    items: list[EscalationStep]
    next_cursor: str | None


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A step as the API shows it."""
    return {**{name: row[name] for name in _SHOWN}, "url": address(LIST, row["id"])}


@router.get(
    "/escalation-steps", response=EscalationSteps, summary="List escalation steps", operation_id="listEscalationSteps"
)
def listing(
    request: HttpRequest,
    organisation: Annotated[str | None, Field(max_length=60)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> HttpResponse:
    """Steps of the places whose settings the caller looks after, and those of the whole instance."""
    key = read_cursor(LIST, cursor)
    if key is not None and not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Invalid.field("cursor", _("This cursor does not belong to this list. Begin again without it."))
    return page(LIST, facade.step_page(actor_of(request), organisation, limit, int(key or 0)), limit, "id", shown)


@router.post(
    "/escalation-steps",
    response={201: EscalationStep},
    summary="Make an escalation step",
    operation_id="createEscalationStep",
)
@repeatable
def create(request: HttpRequest, body: NewEscalationStep) -> HttpResponse:
    """For an organisation and all below it, or for the whole instance. The first step of a place stands in for all
    steps that held there before."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        made = shown(facade.step(actor, facade.create_step(actor, body)))
        return created(made, made["url"])

    return once(request, act)


@router.get(
    "/escalation-steps/{step_id}",
    response=EscalationStep,
    summary="Read an escalation step",
    operation_id="readEscalationStep",
)
def read(request: HttpRequest, step_id: int) -> HttpResponse:
    """One step."""
    return answer(shown(facade.step(actor_of(request), step_id)))


@router.patch(
    "/escalation-steps/{step_id}",
    response=EscalationStep,
    summary="Change an escalation step",
    operation_id="editEscalationStep",
)
@versioned
def edit(request: HttpRequest, step_id: int, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; lists replace what was there."""
    data, version = expected(request, body)
    facade.edit_step(actor_of(request), step_id, data, version=version)
    return read(request, step_id)


@router.delete(
    "/escalation-steps/{step_id}",
    response={204: None},
    summary="Remove an escalation step",
    operation_id="deleteEscalationStep",
)
def delete(request: HttpRequest, step_id: int) -> HttpResponse:
    """Where none is left, those of the organisation above, or the house's own, hold again."""
    facade.delete_step(actor_of(request), step_id)
    return HttpResponse(status=204)
