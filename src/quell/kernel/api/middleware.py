"""The outermost ring of every request: its id, and the short way to the API.

API requests end here: sessions, CSRF, messages and language of pages are nothing to them (they carry a token, no
cookie), and leaving those out is worth a third of a short call.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .frame import serve

API = "/api/"
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestFrame:
    """Gives each request an id (the caller's own when it is sane), answers the API, and names the id in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        if not request.path.startswith(API):
            response = self.get_response(request)
        else:
            response = serve(request, request_id)
            headers = response.headers
            headers.setdefault("Cache-Control", "no-store")
            headers.setdefault("X-Content-Type-Options", "nosniff")
            headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            if not response.streaming:
                headers["Content-Length"] = str(len(response.content))
                if request.method == "HEAD":
                    response.content = b""
        response.headers["X-Request-ID"] = request_id
        return response
