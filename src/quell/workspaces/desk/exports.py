"""Lists as files: asking for one, seeing how far it is, fetching it."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from quell.kernel.config.refusal import Refusal
from quell.kernel.files.sheets import TYPES
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.servicedesk import facade

from . import listing, narrowing, nav, views
from .doors import agents


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def exports(request: HttpRequest) -> HttpResponse:
    """POST: write the list of an address to a file. GET: one's own files and how far they are."""
    actor = actor_of(request)
    if request.method == "POST":
        asked = listing.without_cursor(listing.given(QueryDict(request.POST.get("list", "")[:4000].lstrip("?"))))
        try:
            here = narrowing.narrowed(actor, asked)
            facade.start_export(
                actor,
                {
                    "query": here.query,
                    "q": here.q,
                    "sort": here.sort or (here.view.sort if here.view else "-opened_at"),
                    "columns": views.columns_of(asked, here),
                    "format": request.POST.get("format", "xlsx"),
                },
            )
        except Refusal as no:
            return refused(request, no.status, no.sentence)
        return redirect("/exports")
    context = {"files": facade.exports(actor)}
    if is_partial(request):
        return render(request, "desk/exports_list.html", context)
    return render(request, "desk/exports.html", {**context, **nav.frame(request, "inbox")})


@require_safe
@agents  # type: ignore[arg-type]
def content(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """The file, to whom it was written for."""
    name, kind, stored = facade.export_content(actor_of(request), export_id)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(stored, as_attachment=True, filename=name, content_type=TYPES[kind], headers=headers)
