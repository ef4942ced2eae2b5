"""Answers that are the same for every page: refusals as a toast or a page, and the error pages.

A refusal of a partial request must not replace the pane the person is looking at, so it arrives as a toast
while everything typed stays; a refusal of a whole page is a page of its own (ux.md 3.7).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .contact import contact

HEADINGS = {
    400: gettext_lazy("This request could not be read"),
    403: gettext_lazy("You may not do this"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("This address does not do that"),
    409: gettext_lazy("Not possible now"),
    412: gettext_lazy("Someone was faster"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("This kind of file is not taken"),
    422: gettext_lazy("Something is missing"),
    429: gettext_lazy("Too many tries"),
    503: gettext_lazy("Out of order for a moment"),
}
SENTENCES = {
    400: gettext_lazy("The page sent something we do not understand. Go back, reload the page and try again."),
    403: gettext_lazy("Your account does not have the right to see or do this. Ask your team lead or IT."),
    404: gettext_lazy("There is nothing at this address, or it is not yours to see."),
    413: gettext_lazy("What you sent is larger than the limit. Share a link instead."),
    429: gettext_lazy("Wait a moment, then try again."),
    503: gettext_lazy("The service starts or is being updated. Try again in a minute."),
}


def is_partial(request: HttpRequest) -> bool:
    """True when a script asks and shows the answer inside the page: htmx for a fragment, or drafts.js."""
    if request.headers.get("X-Form"):
        return True
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def refused(request: HttpRequest, status: int, sentence: str = "", *, reference: str = "") -> HttpResponse:
    """Say no: a toast for a partial request, a page otherwise. `reference` is the request id to quote."""
    words = sentence or str(SENTENCES.get(status, _("This is not possible.")))
    if is_partial(request):
        answer = render(request, "ui/components/refusal.html", {"text": words}, status=status)
        answer["HX-Retarget"] = "#toasts"
        answer["HX-Reswap"] = "beforeend"
        return answer
    heading = HEADINGS.get(status, _("Not possible"))
    context: dict[str, Any] = {"heading": heading, "sentence": words, "reference": reference}
    if status in (403, 404) and request.user.is_authenticated:
        context["contact"] = contact(request.user.organisation_id)
    return render(request, "ui/error.html", context, status=status)


def toast(request: HttpRequest, text: str, *, kind: str = "success", undo_url: str = "", seconds: int = 0) -> str:
    """A toast as an out-of-band fragment, to append to a partial answer. With `seconds` its Undo counts them down."""
    context = {"text": text, "kind": kind, "undo_url": undo_url, "undo_seconds": seconds}
    return render_to_string("ui/components/toast_partial.html", context, request)


def _reference(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", "") or "")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return refused(request, 400, reference=_reference(request))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403. The exception's own words are shown only when somebody wrote them for people."""
    words = str(getattr(exception, "sentence", "") or "")
    return refused(request, 403, words, reference=_reference(request))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404. Never says what was looked for."""
    return refused(request, 404, reference=_reference(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: mostly a form older than the last sign-in; the text is kept in the browser."""
    words = _("This page was open since before your last sign-in. Reload it and send again; your text is kept.")
    return refused(request, 403, words, reference=_reference(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. Needs neither database nor context processors nor the static manifest."""
    files = ("quell/quell.css", "quell/layout.css")
    try:
        stylesheets = [static(name) for name in files]
    except ValueError:  # the manifest is missing or damaged: the one page that must still come is this one
        stylesheets = [settings.STATIC_URL + name for name in files]
    context: dict[str, Any] = {"reference": _reference(request), "stylesheets": stylesheets}
    if is_partial(request):
        code = context["reference"] or "–"
        words = _("We could not save this. Nothing was lost. Try again; if it repeats, tell IT code %(code)s.")
        answer = HttpResponseServerError(words % {"code": code}, content_type="text/plain; charset=utf-8")
        answer["HX-Reswap"] = "none"
        return answer
    return HttpResponseServerError(render_to_string("500.html", context))
