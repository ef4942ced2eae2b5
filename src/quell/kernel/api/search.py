"""Search over all records."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from quell.kernel.config.refusal import Invalid
from quell.kernel.records.find import find, plain
from quell.kernel.records.numbers import kinds

from . import directory_schemas as shapes
from .answers import address, answer
from .authentication import actor_of
from .pagination import Limit

router = Router(tags=["Search"])
Question = Annotated[str, Field(min_length=1, max_length=400, description="Words, or a number.")]


@router.get("/search", response=shapes.Hits, summary="Search", operation_id="search")
def search(request: HttpRequest, q: Question, kind: str = "", limit: Limit = 20) -> HttpResponse:
    """Records that match and that the caller may see: exact numbers first, then by words, newest first."""
    if not q.strip():
        raise Invalid.field("q", _("Say what to search for."))
    known = {one.code for one in kinds()}
    if kind and kind not in known:
        raise Invalid.field("kind", _("Choose one of: %(choices)s.") % {"choices": ", ".join(sorted(known))})
    hits = [
        {
            "kind": hit.kind,
            "number": hit.number,
            "title": hit.title,
            "snippet": plain(hit.snippet),
            "state": hit.state,
            "priority": hit.priority,
            "url": address(f"{hit.kind}s", hit.number),
        }
        for hit in find(actor_of(request), q, kind=kind, limit=limit)
    ]
    return answer({"items": hits})
