"""Pages are sent packed, a fifth of their size; files, streams and the API are not touched.

Packing tells the length of what was packed, and a page that repeats what a stranger put into its address beside
something secret can be asked for until the lengths give the secret away (BREACH). The only secret in our pages is
the CSRF token, which is masked anew in every answer; Django's middleware adds a random length on top.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PACKED = "text/html"


class Packed(GZipMiddleware):
    """Django's own packing, for pages and fragments alone: pictures and archives are packed already, and a stream
    would be held up."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, packed if it is a page and the browser can read it so."""
        if response.streaming or not response.get("Content-Type", "").startswith(PACKED):
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed
