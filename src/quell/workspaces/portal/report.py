"""Reporting that something is broken, and the page that says it has arrived (ux.md 2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import FieldError, Invalid, TooLarge
from quell.kernel.ui.contact import contact
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents
from quell.practices.intake import facade as intake
from quell.practices.services import facade as services

from .expected import promised_answer, usual_answer
from .forms import ReportForm
from .frame import page
from .my_request import own
from .notices import notice, speaks_of
from .promises import of_one
from .queries import place_of
from .sending import send_report
from .words import steps

#: A longer list would not help anybody to choose; the desk knows the rest.
MOST_SERVICES = 200
#: Outages offered while one writes, and from how many letters on.
MOST_KNOWN, SHORTEST = 2, 3


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def report(request: HttpRequest) -> HttpResponse:
    """The form. A refusal shows it again with everything typed; success leads to the confirmation."""
    actor = actor_of(request)
    if request.method != "POST":
        form = ReportForm(initial=_begin(request), services=_services(actor))
        form.ask(_questions(actor, form.initial))
        return _form(request, form)
    form = ReportForm(request.POST, request.FILES, services=_services(actor))
    form.ask(_questions(actor, request.POST))
    if form.is_valid():
        try:
            number = send_report(actor, form, actor.person_id or 0)
        except TooLarge as no:
            form.refuse(no, "files")
        except Invalid as no:
            form.refuse(_on_fields(no))
        else:
            return HttpResponseRedirect(reverse("portal:reported", args=[number]))
    return _form(request, form, status=422)


def _on_fields(no: Invalid) -> Invalid:
    """A refusal of an answer, with the field's name on this form."""
    errors = [FieldError(error.field.replace("answers.", "answer-"), error.message) for error in no.errors]
    return Invalid(no.sentence, errors=errors)


def _questions(actor: Actor, given: Mapping[str, Any]) -> list[intake.Asked]:
    """What the words call for: always from the words themselves, so that the API asks the same."""
    text = f"{given.get('title') or ''}\n{given.get('detail') or ''}".replace("\x00", "")
    return intake.follow_up(actor, text).questions if text.strip() else []


@require_POST
@signed_in
def about(request: HttpRequest) -> HttpResponse:
    """While the report is being written: outages that may be it, and questions. A part of the form; changes nothing."""
    actor = actor_of(request)
    # Not bound: nobody is blamed for what they are about to write.
    form = ReportForm(initial=request.POST.dict(), services=_services(actor))
    form.ask(_questions(actor, request.POST))
    title = request.POST.get("title", "").replace("\x00", "").strip()[:250]
    return render(request, "portal/about_fresh.html", {"form": form, **_known(actor, title)})


def _known(actor: Actor, title: str) -> dict[str, Any]:
    """Outages and maintenance that a title may speak of."""
    showing = map(notice, communications.showing(actor)) if len(title) >= SHORTEST else ()
    found = [one for one in showing if one.shown.can_join and speaks_of(one, title)]
    return {"outages": found[:MOST_KNOWN]}


def _services(actor: Actor) -> list[tuple[str, str]]:
    """What one may say is broken: services of one's organisation and of those above it, by name."""
    asked = services.Asked(active=True, limit=MOST_SERVICES)
    rows: list[dict[str, Any]] = services.services(actor, asked)[:MOST_SERVICES]
    return sorted(((row["code"], row["name"]) for row in rows), key=lambda known: known[1].casefold())


def _begin(request: HttpRequest) -> dict[str, Any]:
    """What the person has typed or told already: words of a search, the phone number of their profile."""
    title = " ".join(request.GET.get("title", "").replace("\x00", "").split())[:250]
    again = request.GET.get("again", "").upper()[:20]
    begun: dict[str, Any] = {
        "title": title,
        "phone": getattr(request.user, "phone", ""),
        "place": place_of(actor_of(request)),
        "service": request.GET.get("service", "")[:60],
    }
    if again:
        before = own(actor_of(request), again)[0]
        begun |= {"title": title or before["title"], "detail": f"{before['number']}\n"}
    return begun


def _form(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    # A report begun from a search or a closed request is another draft than one begun from the button.
    draft = "report" + "".join(
        f"-{request.GET[name][:60]}" for name in ("title", "again", "service") if request.GET.get(name)
    )
    actor = actor_of(request)
    reached = contact(actor.organisation_id)
    context = {
        "form": form,
        "contact": reached,
        "usual": promised_answer(actor) or usual_answer(actor.organisation_id, reached),
        "draft": draft,
        "limit": settings.MAX_ATTACHMENT_BYTES,
        **_known(actor, str(form["title"].value() or "")),
    }
    return page(request, "portal/report.html", context, status=status)


@require_safe
@signed_in
def reported(request: HttpRequest, number: str) -> HttpResponse:
    """It has arrived: the number, and what happens next."""
    actor = actor_of(request)
    row, _followers = own(actor, number)
    reached = contact(actor.organisation_id)
    context = {
        "row": row,
        "steps": steps(row),
        "contact": reached,
        "usual": next((words for _sign, words in of_one(row)), "") or usual_answer(actor.organisation_id, reached),
        "files": incidents.attachments(actor, {**row, "internal": False}),
        "by_mail": bool(settings.EMAIL_HOST),
    }
    return page(request, "portal/reported.html", context)
