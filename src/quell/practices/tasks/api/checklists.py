"""The addresses of checklists: lines to tick on incidents and on tasks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions.checklist import LineChange, NewLine
from . import schemas

router = Router(tags=["Tasks"])
Change = with_version(LineChange, "EditLine")


def shown_line(row: dict[str, Any], record: str) -> dict[str, Any]:
    """A line to tick as the API shows it."""
    names = ("id", "version", "text", "required", "position", "ticked_by", "ticked_at")
    return {**{n: row[n] for n in names}, "record": record, "url": address("checklist-lines", row["id"])}


def _checklist(request: HttpRequest, number: str) -> HttpResponse:
    rows = facade.lines(actor_of(request), number)
    return answer({"items": [shown_line(row, number.strip().upper()) for row in rows]})


def _new_line(request: HttpRequest, number: str, body: NewLine) -> HttpResponse:
    def act() -> HttpResponse:
        actor = actor_of(request)
        row = facade.line(actor, facade.add_line(actor, number, body))
        return created(shown_line(row, row["record"]), address("checklist-lines", row["id"]))

    return once(request, act)


@router.get(
    "/incidents/{number}/checklist",
    response=schemas.Checklist,
    summary="The checklist of an incident",
    operation_id="listChecklistOfIncident",
)
def checklist_of_incident(request: HttpRequest, number: str) -> HttpResponse:
    """Its lines in order; for those who see the inside of the incident."""
    return _checklist(request, number)


@router.post(
    "/incidents/{number}/checklist",
    response={201: schemas.ChecklistLine},
    summary="Add a line to the checklist of an incident",
    operation_id="addLineToIncident",
)
@repeatable
def add_line_to_incident(request: HttpRequest, number: str, body: NewLine) -> HttpResponse:
    """A new line at the end."""
    return _new_line(request, number, body)


@router.get(
    "/tasks/{number}/checklist",
    response=schemas.Checklist,
    summary="The checklist of a task",
    operation_id="listChecklistOfTask",
)
def checklist_of_task(request: HttpRequest, number: str) -> HttpResponse:
    """Its lines in order."""
    return _checklist(request, number)


@router.post(
    "/tasks/{number}/checklist",
    response={201: schemas.ChecklistLine},
    summary="Add a line to the checklist of a task",
    operation_id="addLineToTask",
)
@repeatable
def add_line_to_task(request: HttpRequest, number: str, body: NewLine) -> HttpResponse:
    """A new line at the end."""
    return _new_line(request, number, body)


def _line(request: HttpRequest, line_id: int) -> HttpResponse:
    row = facade.line(actor_of(request), line_id)
    return answer(shown_line(row, row["record"]))


@router.get(
    "/checklist-lines/{line_id}",
    response=schemas.ChecklistLine,
    summary="Read a line of a checklist",
    operation_id="readLine",
)
def read_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line to tick."""
    return _line(request, line_id)


@router.patch(
    "/checklist-lines/{line_id}", response=schemas.ChecklistLine, summary="Change a line", operation_id="editLine"
)
@versioned
def edit_line(request: HttpRequest, line_id: int, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Reword it, say whether it is required, or put it elsewhere."""
    data, version = expected(request, body)
    facade.change_line(actor_of(request), line_id, data, version=version)
    return _line(request, line_id)


@router.post(
    "/checklist-lines/{line_id}/tick", response=schemas.ChecklistLine, summary="Tick a line", operation_id="tickLine"
)
def tick(request: HttpRequest, line_id: int, body: NoInputs) -> HttpResponse:
    """It is done; who and when are kept."""
    facade.tick(actor_of(request), line_id)
    return _line(request, line_id)


@router.post(
    "/checklist-lines/{line_id}/untick",
    response=schemas.ChecklistLine,
    summary="Untick a line",
    operation_id="untickLine",
)
def untick(request: HttpRequest, line_id: int, body: NoInputs) -> HttpResponse:
    """It is not done after all."""
    facade.untick(actor_of(request), line_id)
    return _line(request, line_id)


@router.post(
    "/checklist-lines/{line_id}/remove",
    response=schemas.Checklist,
    summary="Take a line away",
    operation_id="removeLine",
)
def remove_line(request: HttpRequest, line_id: int, body: NoInputs) -> HttpResponse:
    """It leaves the checklist; the history keeps it. Answers with what is left."""
    record = facade.line(actor_of(request), line_id)["record"]
    facade.remove_line(actor_of(request), line_id)
    return _checklist(request, record)
