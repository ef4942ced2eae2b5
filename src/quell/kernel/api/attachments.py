"""The bytes of attachments: the one way out for API and pages, with the permission asked every time.

Names and types are never believed: the type was sniffed when the file came in, only pictures that cannot carry script
are shown in place, and a browser that opens anything else all the same gets a sandbox.
"""

from __future__ import annotations

import logging

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from ninja import Router

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import NotFound
from quell.kernel.files.sniff import SHOWN_IN_PLACE
from quell.kernel.files.store import open_stored
from quell.kernel.records.attachments import readable

from .authentication import actor_of

logger = logging.getLogger("quell.files")
router = Router(tags=["Attachments"])
_BYTES = {"description": "The bytes", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
_SAME = {"description": "The bytes that If-None-Match names"}


def serve(actor: Actor, attachment_id: int, *, known: str = "") -> HttpResponseBase:
    """The bytes for whoever may have them; 304 when `known` (If-None-Match) names them. Raises NotFound.

    The bytes behind an id never change, so a browser may keep them for as long as it likes, for this person only.
    """
    found = readable(actor, attachment_id)
    if found is None:
        raise NotFound(_("There is no such file, or it is not yours to see."))
    headers = {
        "ETag": f'"{found["sha256"]}"',
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if known and headers["ETag"] in parse_etags(known):
        return HttpResponse(status=304, headers=headers)
    try:
        stored = open_stored(found["sha256"])
    except FileNotFoundError:
        logger.error("attachment %s: its bytes %s are missing from the storage", attachment_id, found["sha256"])
        raise NotFound(_("The bytes of this file are missing from the storage.")) from None
    return FileResponse(
        stored,
        as_attachment=found["content_type"] not in SHOWN_IN_PLACE,
        filename=found["name"],
        content_type=found["content_type"],
        headers=headers,
    )


@router.get(
    "/attachments/{int:attachment_id}",
    summary="The bytes of a file",
    operation_id="readAttachment",
    openapi_extra={"responses": {200: _BYTES, 304: _SAME}},
)
def read(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """As they were sent, under the type they really have."""
    return serve(actor_of(request), attachment_id, known=request.headers.get("If-None-Match", ""))
