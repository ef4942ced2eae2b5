"""Time on an incident: the clock in its head, and writing down what no clock has counted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade
from quell.practices.worklog import facade as worklog

from . import listing, nav
from .doors import agents
from .forms import take
from .hours_forms import Spent
from .ticket import changed


@require_POST
@agents
def start(request: HttpRequest, number: str) -> HttpResponse:
    """Let the clock run here; one running elsewhere stops, and its time is kept."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    try:
        before = worklog.start(actor, {"record": row["number"]})
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    sentence = _("Your clock runs on %(number)s.") % {"number": row["number"]}
    if before is not None:
        words = {"number": before.number, "time": worklog.written(before.seconds)}
        sentence += " " + _("%(time)s on %(number)s are written down.") % words
    return changed(request, actor, row["number"], sentence)


@require_POST
@agents
def stop(request: HttpRequest, number: str) -> HttpResponse:
    """Stop the clock and keep its time."""
    actor = actor_of(request)
    try:
        done = worklog.stop(actor)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    words = {"number": done.number, "time": worklog.written(done.seconds)}
    return changed(request, actor, number.upper(), _("%(time)s on %(number)s are written down.") % words)


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def spent(request: HttpRequest, number: str) -> HttpResponse:
    """Write down time by hand."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    form = Spent(request.POST) if request.method == "POST" else Spent()
    if request.method != "POST":
        return _question(request, row, form)
    if not form.is_valid():
        return _question(request, row, form, status=422)
    try:
        worklog.record(actor, {**form.data_for(), "record": row["number"]})
    except Refusal as no:
        take(form, no)
        return _question(request, row, form, status=no.status)
    words = {"number": row["number"], "time": worklog.written(form.cleaned_data["duration"])}
    return changed(request, actor, row["number"], _("%(time)s on %(number)s are written down.") % words)


def _question(request: HttpRequest, row: dict[str, Any], form: Spent, *, status: int = 200) -> HttpResponse:
    carried = listing.encoded(listing.given(request.GET))
    context = {
        "form": form,
        "verb": "time",
        "row": row,
        "heading": _("Time on %(number)s") % {"number": row["number"]},
        "button": _("Write down"),
        "sign": "clock",
        "action": f"/incidents/{row['number']}/time{carried}",
        "back": f"/incidents/{row['number']}{carried}",
    }
    if not is_partial(request):
        return render(request, "desk/verb_page.html", {**context, **nav.frame(request, "incidents")}, status=status)
    answer = render(request, "desk/verb_form.html", context, status=status)
    if status >= 400:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#verb-body", "innerHTML"
    return answer
