"""One's week of work, and that of a team for its lead (domain.md 4.21, 8.4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.worklog import facade

from . import nav
from .doors import agents
from .forms import take
from .hours_forms import WORK_TYPES, Correct, Written
from .work_forms import first_fault


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def timesheet(request: HttpRequest) -> HttpResponse:
    """The week; a post writes down time."""
    actor = actor_of(request)
    if request.method != "POST":
        return _page(request, actor, Written())
    form = Written(request.POST)
    if not form.is_valid():
        return _page(request, actor, form, status=422)
    try:
        facade.record(actor, {**form.data_for(), "record": form.cleaned_data["record"]})
    except Refusal as no:
        take(form, no)
        return _page(request, actor, form, status=no.status)
    messages.success(request, _("Written down."))
    return redirect(_address(request))


def _address(request: HttpRequest, **more: str) -> str:
    kept = {name: request.GET[name] for name in ("week", "person") if request.GET.get(name)}
    parameters = {**kept, **more}
    return f"/time?{urlencode(parameters)}" if parameters else "/time"


def _page(request: HttpRequest, actor: Actor, form: Written, *, status: int = 200) -> HttpResponse:
    person = request.GET.get("person", "")
    sheet = facade.sheet(actor, request.GET.get("week", ""), person=person)
    mine = sheet.person_id == actor.person_id
    week = sheet.week
    context = {
        "form": form,
        "sheet": sheet,
        "mine": mine,
        "person": person,
        "week": week.text,
        "days": [{"date": day, "seconds": seconds} for day, seconds in zip(week.days, sheet.days, strict=True)],
        "lines": [
            {"number": one.number, "title": one.title, "url": _url(one.number), "days": one.days, "total": one.total}
            for one in sheet.lines
        ],
        "entries": [
            {**row, "kind": WORK_TYPES.get(row["work_type"], row["work_type"]), "url": _url(row["record"])}
            for row in reversed(sheet.entries)
        ],
        "clock": facade.running(actor) if mine else None,
        "before": _address(request, week=week.next(-1).text),
        "after": _address(request, week=week.next().text),
        "table": f"/time.csv?{urlencode({'week': week.text, **({'person': person} if person else {})})}",
        "members": facade.team(actor, week.text) if facade.is_lead(actor) else [],
        "here": _address(request),
        "written": facade.written,
    }
    return render(request, "desk/timesheet.html", {**context, **nav.frame(request, "time")}, status=status)


def _url(number: str) -> str:
    return f"/tasks/{number}" if number.startswith("TSK-") else f"/incidents/{number}"


@require_safe
@agents
def table(request: HttpRequest) -> HttpResponse:
    """The week as a table for spreadsheets."""
    sheet = facade.sheet(actor_of(request), request.GET.get("week", ""), person=request.GET.get("person", ""))
    answer = HttpResponse(facade.as_csv(sheet), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="time-{sheet.week.text}.csv"'
    return answer


@require_POST
@agents
def correct(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Change an entry, or take it out; both with the reason."""
    actor = actor_of(request)
    form = Correct(request.POST)
    if not form.is_valid():
        messages.error(request, first_fault(form))
        return redirect(_address(request))
    given: dict[str, Any] = {"reason": form.cleaned_data["reason"]}
    try:
        if "remove" in request.POST:
            facade.remove(actor, entry_id, given)
            messages.success(request, _("Taken out."))
        else:
            if form.cleaned_data["duration"]:
                given["seconds"] = form.cleaned_data["duration"]
            facade.correct(actor, entry_id, {**given, "note": form.cleaned_data["note"]})
            messages.success(request, _("Corrected."))
    except Refusal as no:
        messages.error(request, no.sentence)
    return redirect(_address(request))


@require_POST
@agents
def stop(request: HttpRequest) -> HttpResponse:
    """Stop one's clock from the page of the week."""
    try:
        done = facade.stop(actor_of(request))
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        words = {"number": done.number, "time": facade.written(done.seconds)}
        messages.success(request, _("%(time)s on %(number)s are written down.") % words)
    return redirect(_address(request))
