"""Canned replies and macros for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from quell.kernel.actions.registry import Inputs, NoInputs
from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.pagination import Cursor, Limit, Words, read_cursor, write_cursor
from quell.kernel.api.versions import expected, with_version
from quell.kernel.config.refusal import Invalid

from .. import facade
from ..actions.canned_reply import CannedReplyChange, NewCannedReply
from ..actions.macro import MacroChange, NewMacro

router = Router(tags=["Canned replies and macros"])
CANNED, MACROS = "canned-replies", "macros"
CannedBody = with_version(CannedReplyChange, "EditCannedReply")
MacroBody = with_version(MacroChange, "EditMacro")
Trashed = Annotated[bool, Field(description="Those in the trash.")]


class Prepared(BaseModel):
    """What canned replies and macros show alike. `reach` is personal, team or organisation."""

    id: int
    name: str
    folder: str
    reach: Literal["personal", "team", "organisation"]
    team: str | None
    organisation: str | None
    person: str
    uses: int
    version: int
    created_at: datetime
    updated_at: datetime
    trashed_at: datetime | None
    may_edit: bool
    url: str


class CannedReply(Prepared):
    """A text by language, with variables (docs/reference/variables.md)."""

    texts: dict[str, str]


class CannedReplies(BaseModel):
    """Some canned replies, and where the next begin."""

    items: list[CannedReply]
    next_cursor: str | None


class MacroStep(BaseModel):
    """A verb with its inputs."""

    verb: str
    inputs: dict[str, Any]


class Macro(Prepared):
    """Verbs in order (docs/reference/macros.md)."""

    kind: str
    steps: list[MacroStep]


class Macros(BaseModel):
    """Some macros, and where the next begin."""

    items: list[Macro]
    next_cursor: str | None


class For(Inputs):
    """For which record."""

    number: str = Field(min_length=1, max_length=20)


class On(Inputs):
    """On which records, at most a thousand."""

    numbers: list[Annotated[str, Field(min_length=1, max_length=20)]] = Field(min_length=1, max_length=1000)


class Spoken(BaseModel):
    """A canned reply in the words of one record. `gaps` are left as `⟦name⟧` for a person to fill; `fallback` says
    that the requester's own language was not there."""

    text: str
    language: str
    wanted_language: str
    fallback: bool
    gaps: list[str]


class Preview(BaseModel):
    """What a macro would do, a sentence a step; `refused` says why it would not."""

    number: str
    sentences: list[str]
    language: str
    fallback: bool
    gaps: list[str]
    refused: str | None
    code: str | None


class Ran(BaseModel):
    """What became of one record: done, on its way (`message` in the outbox), or refused."""

    number: str
    ok: bool
    message: int | None
    sentence: str | None
    code: str | None


class RanAll(BaseModel):
    """One line a record."""

    items: list[Ran]


def _after(name: str, cursor: str | None) -> int:
    key = read_cursor(name, cursor) or "0"
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        raise Invalid.field("cursor", _("This cursor does not belong to this list. Begin again without it."))
    return int(key)


def _shown(row: facade.Canned | facade.MacroRow) -> dict[str, Any]:
    where = CANNED if isinstance(row, facade.Canned) else MACROS
    alike = ("id", "name", "folder", "reach", "team", "organisation", "person", "uses", "version", "created_at",
             "updated_at", "trashed_at", "may_edit")  # fmt: skip
    shown = {name: getattr(row, name) for name in alike} | {"url": address(where, row.id)}
    if isinstance(row, facade.Canned):
        return shown | {"texts": row.texts}
    return shown | {"kind": row.kind, "steps": row.steps}


def _page(name: str, rows: list[Any], limit: int) -> HttpResponse:
    following = write_cursor(name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return answer({"items": [_shown(row) for row in rows[:limit]], "next_cursor": following})


@router.post(
    "/canned-replies", response={201: CannedReply}, summary="Make a canned reply", operation_id="createCannedReply"
)
@repeatable
def create_canned(request: HttpRequest, body: NewCannedReply) -> HttpResponse:
    """One's own; a team's by its leads, an organisation's by those who lead its work."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = _shown(facade.canned(actor, facade.create_canned(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get("/canned-replies", response=CannedReplies, summary="List canned replies", operation_id="listCannedReplies")
def canned_replies(
    request: HttpRequest, q: Words = "", trashed: Trashed = False, limit: Limit = 50, cursor: Cursor = None
) -> HttpResponse:
    """Those the caller may use, in the order they were made."""
    rows = facade.canned_page(actor_of(request), q, _after(CANNED, cursor), limit, trashed=trashed)
    return _page(CANNED, rows, limit)


@router.get(
    "/canned-replies/{int:canned_id}", response=CannedReply, summary="Read a canned reply",
    operation_id="readCannedReply",
)  # fmt: skip
def canned(request: HttpRequest, canned_id: int) -> HttpResponse:
    """One of them, also from the trash."""
    return answer(_shown(facade.canned(actor_of(request), canned_id)))


@router.patch(
    "/canned-replies/{int:canned_id}", response=CannedReply, summary="Change a canned reply",
    operation_id="editCannedReply",
)  # fmt: skip
@versioned
def edit_canned(request: HttpRequest, canned_id: int, body: CannedBody) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given."""
    data, version = expected(request, body)
    facade.edit_canned(actor_of(request), canned_id, data, version=version)
    return canned(request, canned_id)


@router.post(
    "/canned-replies/{int:canned_id}/trash", response=CannedReply, summary="Put a canned reply into the trash",
    operation_id="trashCannedReply",
)  # fmt: skip
def trash_canned(request: HttpRequest, canned_id: int, body: NoInputs) -> HttpResponse:
    """It can be taken back."""
    facade.trash_canned(actor_of(request), canned_id)
    return canned(request, canned_id)


@router.post(
    "/canned-replies/{int:canned_id}/restore", response=CannedReply, summary="Take a canned reply from the trash",
    operation_id="restoreCannedReply",
)  # fmt: skip
def restore_canned(request: HttpRequest, canned_id: int, body: NoInputs) -> HttpResponse:
    """It can be used again."""
    facade.restore_canned(actor_of(request), canned_id)
    return canned(request, canned_id)


@router.post(
    "/canned-replies/{int:canned_id}/fill", response=Spoken, summary="Put a canned reply into words",
    operation_id="fillCannedReply",
)  # fmt: skip
def fill_canned(request: HttpRequest, canned_id: int, body: For) -> HttpResponse:
    """In the requester's language where there is one, its variables replaced. Nothing is sent."""
    spoken = facade.speak(actor_of(request), canned_id, body.number)
    return answer(
        {
            "text": spoken.text,
            "language": spoken.language,
            "wanted_language": spoken.wanted,
            "fallback": spoken.fallback,
            "gaps": list(spoken.gaps),
        }
    )


@router.post("/macros", response={201: Macro}, summary="Make a macro", operation_id="createMacro")
@repeatable
def create_macro(request: HttpRequest, body: NewMacro) -> HttpResponse:
    """Each step is checked now, and again when it runs."""

    def act() -> HttpResponse:
        actor = actor_of(request)
        found = _shown(facade.macro_by_id(actor, facade.create_macro(actor, body)))
        return created(found, found["url"])

    return once(request, act)


@router.get("/macros", response=Macros, summary="List macros", operation_id="listMacros")
def macros(
    request: HttpRequest, q: Words = "", trashed: Trashed = False, limit: Limit = 50, cursor: Cursor = None
) -> HttpResponse:
    """Those the caller may use, in the order they were made."""
    rows = facade.macro_page(actor_of(request), q, _after(MACROS, cursor), limit, trashed=trashed)
    return _page(MACROS, rows, limit)


@router.get("/macros/{int:macro_id}", response=Macro, summary="Read a macro", operation_id="readMacro")
def macro(request: HttpRequest, macro_id: int) -> HttpResponse:
    """One of them, also from the trash."""
    return answer(_shown(facade.macro_by_id(actor_of(request), macro_id)))


@router.patch("/macros/{int:macro_id}", response=Macro, summary="Change a macro", operation_id="editMacro")
@versioned
def edit_macro(request: HttpRequest, macro_id: int, body: MacroBody) -> HttpResponse:  # type: ignore[valid-type]
    """Change only the fields given; `steps` replaces all of them."""
    data, version = expected(request, body)
    facade.edit_macro(actor_of(request), macro_id, data, version=version)
    return macro(request, macro_id)


@router.post(
    "/macros/{int:macro_id}/trash", response=Macro, summary="Put a macro into the trash", operation_id="trashMacro"
)
def trash_macro(request: HttpRequest, macro_id: int, body: NoInputs) -> HttpResponse:
    """It can be taken back."""
    facade.trash_macro(actor_of(request), macro_id)
    return macro(request, macro_id)


@router.post(
    "/macros/{int:macro_id}/restore", response=Macro, summary="Take a macro from the trash",
    operation_id="restoreMacro",
)  # fmt: skip
def restore_macro(request: HttpRequest, macro_id: int, body: NoInputs) -> HttpResponse:
    """It can be used again."""
    facade.restore_macro(actor_of(request), macro_id)
    return macro(request, macro_id)


@router.post(
    "/macros/{int:macro_id}/preview", response=Preview, summary="What a macro would do", operation_id="previewMacro"
)
def preview_macro(request: HttpRequest, macro_id: int, body: For) -> HttpResponse:
    """A sentence for each step on this record, found out by doing it and taking it back. Nothing changes."""
    seen = facade.preview_macro(actor_of(request), macro_id, body.number)
    return answer(
        {
            "number": seen.number,
            "sentences": list(seen.sentences),
            "language": seen.language,
            "fallback": seen.fallback,
            "gaps": list(seen.gaps),
            "refused": seen.refused or None,
            "code": seen.code or None,
        }
    )


@router.post("/macros/{int:macro_id}/run", response=RanAll, summary="Run a macro", operation_id="runMacro")
@repeatable
def run_macro(request: HttpRequest, macro_id: int, body: On) -> HttpResponse:
    """On each record by itself, all steps or none; what is refused says why. Replies wait in the outbox."""

    def act() -> HttpResponse:
        done = facade.run_macro_on_many(actor_of(request), macro_id, body.numbers)
        return answer(
            {
                "items": [
                    {
                        "number": one.number,
                        "ok": one.ok,
                        "message": one.message_id,
                        "sentence": one.sentence or None,
                        "code": one.code or None,
                    }
                    for one in done
                ]
            }
        )

    return once(request, act)
