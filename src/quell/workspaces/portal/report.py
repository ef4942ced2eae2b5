"""Reporting that something is broken, and the page that says it has arrived (ux.md 2.3)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid, TooLarge
from quell.kernel.ui.contact import contact
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.incidents import facade as incidents
from quell.practices.services import facade as services

from .forms import ReportForm
from .frame import page
from .my_request import own
from .sending import send_report
from .words import steps

#: A longer list would not help anybody to choose; the desk knows the rest.
MOST_SERVICES = 200


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def report(request: HttpRequest) -> HttpResponse:
    """The form. A refusal shows it again with everything typed; success leads to the confirmation."""
    actor = actor_of(request)
    if request.method != "POST":
        return _form(request, ReportForm(initial=_begin(request), services=_services(actor)))
    form = ReportForm(request.POST, request.FILES, services=_services(actor))
    if form.is_valid():
        try:
            number = send_report(actor, form, actor.person_id or 0)
        except TooLarge as no:
            form.refuse(no, "files")
        except Invalid as no:
            form.refuse(no)
        else:
            return HttpResponseRedirect(reverse("portal:reported", args=[number]))
    return _form(request, form, status=422)


def _services(actor: Actor) -> list[tuple[str, str]]:
    """What one may say is broken: services of one's organisation and of those above it, by name."""
    asked = services.Asked(active=True, limit=MOST_SERVICES)
    rows: list[dict[str, Any]] = services.services(actor, asked)[:MOST_SERVICES]
    return sorted(((row["code"], row["name"]) for row in rows), key=lambda known: known[1].casefold())


def _begin(request: HttpRequest) -> dict[str, Any]:
    """What the person has typed or told already: words of a search, the phone number of their profile."""
    title = " ".join(request.GET.get("title", "").replace("\x00", "").split())[:250]
    again = request.GET.get("again", "").upper()[:20]
    begun: dict[str, Any] = {"title": title, "phone": getattr(request.user, "phone", "")}
    if again:
        before = own(actor_of(request), again)[0]
        begun |= {"title": title or before["title"], "detail": f"{before['number']}\n"}
    return begun


def _form(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    # A report begun from a search or a closed request is another draft than one begun from the button.
    draft = "report" + "".join(f"-{request.GET[name][:60]}" for name in ("title", "again") if request.GET.get(name))
    context = {"form": form, "contact": contact(), "draft": draft, "limit": settings.MAX_ATTACHMENT_BYTES}
    return page(request, "portal/report.html", context, status=status)


@require_safe
@signed_in
def reported(request: HttpRequest, number: str) -> HttpResponse:
    """It has arrived: the number, and what happens next."""
    row, _followers = own(actor_of(request), number)
    context = {
        "row": row,
        "steps": steps(row),
        "contact": contact(),
        "files": incidents.attachments(actor_of(request), {**row, "internal": False}),
        "by_mail": bool(settings.EMAIL_HOST),
    }
    return page(request, "portal/reported.html", context)
