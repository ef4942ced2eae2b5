"""Files for people signed in on pages: the same permission and the same bytes as the API gives (kernel/api)."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from quell.kernel.api.attachments import serve
from quell.kernel.ui.signed_in import actor_of, signed_in


@require_safe
@signed_in  # type: ignore[arg-type]  # a stream of bytes is an answer too
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """The bytes of one attachment."""
    return serve(actor_of(request), attachment_id, known=request.headers.get("If-None-Match", ""))
