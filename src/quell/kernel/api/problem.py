"""Errors as `application/problem+json` (RFC 9457): one shape for everything the API refuses (contract.md, HTTP)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.config.refusal import Refusal, Stale, TooMany

MEDIA_TYPE = "application/problem+json"
#: Seconds after which a caller may try again when the database is away.
RETRY_SECONDS = 5


class ProblemError(BaseModel):
    """One field at fault."""

    field: str
    message: str


class Problem(BaseModel):
    """Why not. `code` is stable; `detail` is a sentence for people; `errors` names the fields at fault."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[ProblemError] = Field(default_factory=list)
    request_id: str = ""
    version: int | None = Field(None, description="With 412: the version the thing has now.")


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    request_id: str = "",
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A refusal as an answer."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "code": code,
        **(more or {}),
        "request_id": request_id,
    }
    return HttpResponse(orjson.dumps(document), status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def refused(refusal: Refusal, request_id: str = "") -> HttpResponse:
    """A business refusal as an answer, with its own sentence, code and status."""
    more: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if refusal.errors:
        more["errors"] = [{"field": error.field, "message": error.message} for error in refusal.errors]
    if isinstance(refusal, Stale):
        more["version"] = refusal.version
        headers["ETag"] = f'"{refusal.version}"'
    if isinstance(refusal, TooMany):
        headers["Retry-After"] = str(refusal.retry_after)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="quell"'
    return problem(refusal.status, refusal.code, refusal.sentence, request_id=request_id, headers=headers, more=more)


def fault(request_id: str) -> HttpResponse:
    """500: something of ours failed; the caller learns the id to quote and nothing else."""
    words = _("Something went wrong on our side; it has been noted. Quote %(code)s when you ask about it.")
    return problem(500, "fault", words % {"code": request_id}, request_id=request_id)


def away(request_id: str) -> HttpResponse:
    """503: the database does not answer."""
    return problem(
        503,
        "unavailable",
        _("The service is not available for a moment. Please try again."),
        request_id=request_id,
        headers={"Retry-After": str(RETRY_SECONDS)},
    )
