"""The addresses of batches and exports: one verb to many records, a list as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from pydantic import BaseModel

from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable
from quell.kernel.files.sheets import TYPES

from .. import facade
from ..actions.batch import NewBatch
from ..actions.export import NewExport

router = Router(tags=["Batches"])
_BYTES = {"description": "The bytes", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}


class Refused(BaseModel):
    """A record that stayed as it was, and why."""

    number: str
    sentence: str


class BatchShown(BaseModel):
    """One verb done to many records; `state` is running, done, undoing or undone."""

    id: int
    kind: str
    verb: str
    state: str
    total: int
    done: int
    refused: list[Refused]
    taken_back: int
    kept: list[Refused]
    undo_until: datetime | None
    created_at: datetime
    finished_at: datetime | None
    url: str


class ExportShown(BaseModel):
    """A list being written to a file; `state` is running, done or failed. `total` counts up to 1,001."""

    id: int
    kind: str
    query: str
    format: str
    state: str
    done: int
    total: int
    fault: str
    name: str
    created_at: datetime
    finished_at: datetime | None
    url: str
    file: str | None


class Exports(BaseModel):
    """One's own exports of the last week, newest first."""

    items: list[ExportShown]


def _batch(row: facade.BatchRow) -> dict[str, Any]:
    same = (
        "id", "kind", "verb", "state", "total", "done", "refused", "taken_back", "kept", "undo_until", "created_at",
        "finished_at",
    )  # fmt: skip
    return {**{name: getattr(row, name) for name in same}, "url": address("batches", row.id)}


def _export(row: facade.ExportRow) -> dict[str, Any]:
    same = (
        "id", "kind", "query", "format", "state", "done", "total", "fault", "name", "created_at", "finished_at",
    )  # fmt: skip
    file = address("exports", row.id, "file") if row.state == "done" else None
    return {**{name: getattr(row, name) for name in same}, "url": address("exports", row.id), "file": file}


@router.post("/batches", response={201: BatchShown}, summary="Do a verb to many records", operation_id="createBatch")
@repeatable
def create(request: HttpRequest, body: NewBatch) -> HttpResponse:
    """Each by itself: what is refused says why and holds nobody else up. Many are done by a job."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        shown = _batch(facade.batch(actor, facade.start_batch(actor, body)))
        return created(shown, shown["url"])

    return once(request, act)


@router.get("/batches/{batch_id}", response=BatchShown, summary="Read a batch", operation_id="readBatch")
def read(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How far one's own batch is, and what was refused."""
    return answer(_batch(facade.batch(actor_of(request), batch_id)))


@router.post("/batches/{batch_id}/undo", response=BatchShown, summary="Take a batch back", operation_id="undoBatch")
def undo(request: HttpRequest, batch_id: int, body: NoInputs) -> HttpResponse:
    """Within ten minutes, by verbs of its own; what was changed since stays as it is."""
    facade.undo_batch(actor_of(request), batch_id)
    return read(request, batch_id)


@router.post("/exports", response={201: ExportShown}, summary="Write a list to a file", operation_id="createExport")
@repeatable
def export(request: HttpRequest, body: NewExport) -> HttpResponse:
    """CSV or Excel, written by a job with the rights the caller has then."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        shown = _export(facade.export(actor, facade.start_export(actor, body)))
        return created(shown, shown["url"])

    return once(request, act)


@router.get("/exports", response=Exports, summary="List exports", operation_id="listExports")
def exports(request: HttpRequest) -> HttpResponse:
    """One's own of the last week."""
    return answer({"items": [_export(one) for one in facade.exports(actor_of(request))]})


@router.get("/exports/{export_id}", response=ExportShown, summary="Read an export", operation_id="readExport")
def one(request: HttpRequest, export_id: int) -> HttpResponse:
    """How far one's own export is."""
    return answer(_export(facade.export(actor_of(request), export_id)))


@router.get(
    "/exports/{export_id}/file",
    summary="The bytes of an export",
    operation_id="readExportFile",
    openapi_extra={"responses": {200: _BYTES}},
)
def file(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """To whom it was written for, for a week."""
    name, kind, stored = facade.export_content(actor_of(request), export_id)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(stored, as_attachment=True, filename=name, content_type=TYPES[kind], headers=headers)
