"""Files for a reply that goes through the outbox: put there first, named when the reply is sent.

They lie in the caller's own composer, so the ticket's page shows them too, until they are sent or taken out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Router, UploadedFile
from pydantic import BaseModel

from quell.kernel.access.actor import Actor
from quell.kernel.actions.registry import NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable
from quell.kernel.config.refusal import Forbidden, NotFound
from quell.kernel.files.sniff import safe_name
from quell.kernel.files.store import check_size, keep
from quell.kernel.records import outbox

from .. import facade
from .files import material, must_be_allowed, only_known_fields

router = Router(tags=["Outbox"])
LARGEST = 2**63 - 1


class Enclosure(BaseModel):
    """A file that waits to be sent with a reply. `mark` in the text of the reply becomes a link to it."""

    id: int
    name: str
    size: int
    content_type: str
    sha256: str
    mark: str


class Enclosures(BaseModel):
    """The caller's files that wait on an incident."""

    items: list[Enclosure]


def _shown(file: dict[str, Any]) -> dict[str, Any]:
    kept = {name: file[name] for name in ("id", "name", "size", "content_type", "sha256")}
    return {**kept, "mark": outbox.MARK.format(name=file["name"], id=file["id"])}


def _mine(actor: Actor, record_id: int) -> list[dict[str, Any]]:
    return [_shown(file) for file in outbox.enclosures(actor.person_id or 0, record_id, "public")]


@router.post(
    "/incidents/{number}/outbox/files",
    response={201: Enclosure},
    summary="Put a file into a reply",
    operation_id="encloseFile",
)
@repeatable
def put_in(
    request: HttpRequest,
    number: str,
    file: UploadedFile = File(...),  # noqa: B008 - how the framework declares a part of a form
) -> HttpResponse:
    """One file, at most 25 MB. Name its id in `files` when the reply is sent; the requester sees it then."""
    only_known_fields(request, {"file"})
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    if actor.person_id is None:
        raise Forbidden(_("Messages are written by people."))
    name = safe_name(file.name or "")
    check_size(name, file.size or 0)
    must_be_allowed(actor, number, "comment")

    def act() -> HttpResponse:
        now = datetime.now(UTC)
        made = outbox.put_in(actor.person_id or 0, row["id"], "public", keep(file).sha256, name, now)
        shown = next(one for one in _mine(actor, row["id"]) if one["id"] == made)
        return created(shown, address("outbox", "files", made))

    return once(request, act, material=material(file, name, public=True))


@router.get(
    "/incidents/{number}/outbox/files",
    response=Enclosures,
    summary="Files that wait for a reply",
    operation_id="listEnclosures",
)
def listing(request: HttpRequest, number: str) -> HttpResponse:
    """The caller's own, in the order they were put in."""
    actor = actor_of(request)
    return answer({"items": _mine(actor, facade.ticket(actor, number)["id"])})


@router.get(
    "/outbox/files/{int:file_id}",
    response=Enclosure,
    summary="A file that waits for a reply",
    operation_id="readEnclosure",
)
def read(request: HttpRequest, file_id: int) -> HttpResponse:
    """One of the caller's own; gone once its reply has been sent, then it is an attachment."""
    found = _own(actor_of(request), file_id)
    return answer(_shown(found))


def _own(actor: Actor, file_id: int) -> dict[str, Any]:
    found = outbox.enclosed(actor.person_id or 0, file_id) if file_id <= LARGEST else None
    if found is None:
        raise NotFound(_("There is no such file, or it is not yours to see."))
    return found


@router.post(
    "/outbox/files/{int:file_id}/remove",
    response=Enclosures,
    summary="Take a file out of a reply",
    operation_id="removeEnclosure",
)
def take_out(request: HttpRequest, file_id: int, body: NoInputs) -> HttpResponse:
    """It is not sent; what is on its way already stays with its message."""
    actor = actor_of(request)
    _own(actor, file_id)
    if actor.read_only:
        raise Forbidden(_("This token may only read."))
    number = outbox.take_out(actor.person_id or 0, file_id)
    if number is None:
        raise NotFound(_("There is no such file, or it is not yours to see."))
    return answer({"items": _mine(actor, facade.ticket(actor, number)["id"])})
