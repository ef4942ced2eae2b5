"""What is to be done on an incident: its tasks in order and its lines to tick."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade as incidents
from quell.practices.tasks import facade

from . import listing, nav, work_shown
from .doors import agents
from .ticket import changed
from .work_forms import EditTask, NewTask, first_fault

VERBS = ("complete", "skip", "reopen", "place", "edit", "comment")
LINE_VERBS = ("tick", "untick", "remove", "up", "down")


def _answer(request: HttpRequest, actor: Actor, number: str, sentence: str) -> HttpResponse:
    return changed(request, actor, number.upper(), sentence)


@require_POST
@agents
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Add a task, a line, or what a template holds."""
    actor = actor_of(request)
    row = incidents.ticket(actor, number)
    what = request.POST.get("what", "task")
    try:
        if what == "template":
            chosen = request.POST.get("template", "")
            facade.apply_template(actor, row["number"], int(chosen) if chosen.isascii() and chosen.isdigit() else 0)
            return _answer(request, actor, row["number"], _("Added."))
        if what == "line":
            on = request.POST.get("on", "") or row["number"]
            facade.add_line(actor, on, {"text": request.POST.get("title", ""), "required": "required" in request.POST})
            return _answer(request, actor, row["number"], _("Added."))
        form = NewTask(request.POST)
        if not form.is_valid():
            return refused(request, 422, first_fault(form))
        made = facade.add(actor, row["number"], form.data_for())
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    return _answer(request, actor, row["number"], _("%(number)s is added.") % {"number": made})


@require_safe
@agents
def inside(request: HttpRequest, number: str, task: str) -> HttpResponse:
    """What stands inside a task, fetched when it is opened; a page of its own without script."""
    actor = actor_of(request)
    row, one = incidents.ticket(actor, number), facade.task(actor, task)
    if one["parent"] != row["number"]:
        raise Http404
    carried = listing.encoded({**listing.given(request.GET), "tab": "tasks"})
    shown = work_shown.inside(actor, row, one, carried)
    if is_partial(request):
        return render(request, "desk/task_inside.html", shown)
    back = f"/incidents/{row['number']}{carried}"
    return render(request, "desk/task_page.html", {**shown, "back": back, **nav.frame(request, "incidents")})


@require_POST
@agents
def task(request: HttpRequest, number: str, task: str, verb: str) -> HttpResponse:
    """Do a verb to one task of the incident."""
    if verb not in VERBS:
        raise Http404
    actor = actor_of(request)
    found = facade.task(actor, task)
    data: dict[str, Any] = {}
    if verb in ("skip", "comment"):
        name = "reason" if verb == "skip" else "body"
        data = {name: request.POST.get(name, "")}
    elif verb == "place":
        wanted = request.POST.get("position", "")
        data = {"position": int(wanted[:4]) if wanted.isascii() and wanted.isdigit() else 1}
    try:
        if verb == "edit":
            return _edit(request, actor, number, found)
        facade.act(actor, verb, found["number"], data)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    sentences = {
        "complete": _("%(number)s is done."),
        "skip": _("%(number)s is skipped."),
        "reopen": _("%(number)s is open again."),
        "place": _("%(number)s stands elsewhere now."),
        "comment": _("Noted."),
    }
    return _answer(request, actor, number, sentences[verb] % {"number": found["number"]})


def _edit(request: HttpRequest, actor: Actor, number: str, found: dict[str, Any]) -> HttpResponse:
    """Facts and hands in one form; each goes through its own verb."""
    form = EditTask(request.POST)
    if not form.is_valid():
        return refused(request, 422, first_fault(form))
    facts, hands = form.facts(found), form.hands(found)
    if facts:
        facade.act(actor, "edit", found["number"], facts)
    if hands:
        facade.act(actor, "assign", found["number"], hands)
    return _answer(request, actor, number, _("%(number)s is saved.") % {"number": found["number"]})


@require_POST
@agents
def line(request: HttpRequest, number: str, line_id: int, verb: str) -> HttpResponse:
    """Tick a line, take the tick back, put it elsewhere, or take it away."""
    if verb not in LINE_VERBS:
        raise Http404
    actor = actor_of(request)
    try:
        if verb in ("up", "down"):
            stands = facade.line(actor, line_id)["position"]
            facade.change_line(actor, line_id, {"position": max(1, stands + (1 if verb == "down" else -1))})
        else:
            {"tick": facade.tick, "untick": facade.untick, "remove": facade.remove_line}[verb](actor, line_id)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    sentences = {"tick": _("Ticked."), "untick": _("Not ticked any more."), "remove": _("Taken off the list.")}
    return _answer(request, actor, number, sentences.get(verb, _("Moved.")))


@require_safe
@agents
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A task by its number: in its place among the tasks of its incident."""
    found = facade.task(actor_of(request), number)
    return redirect(f"/incidents/{found['parent']}?tab=tasks#{found['number']}")
