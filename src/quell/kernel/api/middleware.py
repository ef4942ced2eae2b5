"""The outermost ring of every request: its id, and the short way to the API.

API requests end here: sessions, CSRF, messages and language of pages are nothing to them (they carry a token, no
cookie), and leaving those out is worth a third of a short call.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from .frame import serve

API = "/api/"
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestFrame:
    """Gives each request an id (the caller's own when it is sane), answers the API, and names the id in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        if not request.path.startswith(API):
            response: HttpResponseBase = self.get_response(request)
        else:
            response = serve(request, request_id)
            headers = response.headers
            headers.setdefault("Cache-Control", "no-store")
            headers.setdefault("X-Content-Type-Options", "nosniff")
            headers.setdefault("Referrer-Policy", "same-origin")
            headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            if request.method == "HEAD":
                response = _without_body(response)
            elif isinstance(response, HttpResponse) and response.status_code not in (204, 304):
                headers["Content-Length"] = str(len(response.content))
        response.headers["X-Request-ID"] = request_id
        return response


def _without_body(response: HttpResponseBase) -> HttpResponse:
    """The answer to HEAD: what GET would say of itself."""
    if isinstance(response, HttpResponse):
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
        return response
    response.close()
    return HttpResponse(status=response.status_code, headers=dict(response.items()))
