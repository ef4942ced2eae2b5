"""Doing a verb to one incident, and editing one fact of it: the dialog, its page without script, and the doing."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal, Stale
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade

from . import collisions, forms, listing, nav, queries, wording
from .doors import agents
from .ticket import changed

AT_ONCE = ("take", "accept", "start", "resume", "close", "tie", "unlink", "watch", "unwatch")


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def verb(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """GET: the question a verb asks. POST: do it."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    if verb in AT_ONCE and not (verb == "watch" and (request.method != "POST" or "person" in request.POST)):
        if request.method != "POST":
            return redirect(f"/incidents/{row['number']}{listing.encoded(listing.given(request.GET))}")
        return _at_once(request, actor, row, verb)
    if verb not in forms.VERBS:
        raise Http404
    if verb == "resolve":
        around = queries.surroundings(actor, row["id"], row["requester_id"])
        row["has_children"] = any(one["category"] in ("new", "active", "waiting") for one in around["children"])
    if request.method != "POST":
        return _question(request, row, verb, forms.VERBS[verb](actor=actor, row=row))
    form = forms.VERBS[verb](request.POST, actor=actor, row=row)
    if not form.is_valid():
        return _question(request, row, verb, form, status=422)
    try:
        facade.act(actor, verb, row["number"], form.data_for())
    except Refusal as no:
        forms.take(form, no)
        return _question(request, row, verb, form, status=no.status)
    return changed(request, actor, row["number"], _done(verb, row["number"]))


def _at_once(request: HttpRequest, actor: Actor, row: dict[str, Any], verb: str) -> HttpResponse:
    data: dict[str, Any] = {}
    if verb == "take":
        verb, data = "assign", {"assignee": actor.email}
    elif verb in ("tie", "unlink"):
        verb = "link" if verb == "tie" else verb
        data = {"to": request.POST.get("to", ""), "kind": request.POST.get("kind", "")}
    elif verb == "unwatch" and request.POST.get("person"):
        data = {"person": request.POST["person"]}
    try:
        facade.act(actor, verb, row["number"], data)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    if request.POST.get("next") == "home":
        nav.forget(actor)
        return redirect(f"/incidents/{row['number']}")
    taken = verb == "assign"
    return changed(
        request,
        actor,
        row["number"],
        _("%(number)s is yours.") % {"number": row["number"]} if taken else _done(verb, row["number"]),
    )


def _question(
    request: HttpRequest, row: dict[str, Any], verb: str, form: django_forms.Form, *, status: int = 200
) -> HttpResponse:
    carried = listing.encoded(listing.given(request.GET))
    context = {
        "row": row,
        "form": form,
        "verb": verb,
        "heading": _HEADINGS[verb]() % {"number": row["number"]},
        "button": wording.VERBS[verb].rstrip("…"),
        "sign": wording.VERB_ICONS[verb],
        "action": f"/incidents/{row['number']}/do/{verb}{carried}",
        "back": f"/incidents/{row['number']}{carried}",
        "danger": verb == "cancel",
    }
    return _answer(request, context, status)


def _answer(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    if is_partial(request):
        answer = render(request, "desk/verb_form.html", context, status=status)
        if status >= 400:  # the form posts to the panes; its faults belong into the dialog it came from
            answer["HX-Retarget"] = context.get("inside", "#verb-body")
            answer["HX-Reswap"] = "innerHTML"
        return answer
    return render(request, "desk/verb_page.html", {**context, **nav.frame(request, "incidents")}, status=status)


_HEADINGS = {
    "assign": lambda: _("Assign %(number)s"),
    "transfer": lambda: _("Hand over %(number)s"),
    "return": lambda: _("Return %(number)s"),
    "dispute": lambda: _("Call the lead about %(number)s"),
    "hold": lambda: _("Put %(number)s on hold"),
    "resolve": lambda: _("Resolve %(number)s"),
    "reopen": lambda: _("Reopen %(number)s"),
    "cancel": lambda: _("Cancel %(number)s"),
    "escalate": lambda: _("Escalate %(number)s"),
    "de_escalate": lambda: _("Take the escalation of %(number)s back"),
    "link": lambda: _("Link %(number)s"),
    "watch": lambda: _("Share %(number)s"),
}


def _done(verb: str, number: str) -> str:
    sentences = {
        "assign": _("%(number)s is assigned."),
        "transfer": _("%(number)s is handed over."),
        "accept": _("%(number)s is yours now."),
        "return": _("%(number)s went back."),
        "dispute": _("The lead is asked about %(number)s."),
        "hold": _("%(number)s is on hold."),
        "resume": _("Work on %(number)s goes on."),
        "start": _("You work on %(number)s now."),
        "resolve": _("%(number)s is resolved."),
        "reopen": _("%(number)s is open again."),
        "close": _("%(number)s is closed."),
        "cancel": _("%(number)s is cancelled."),
        "escalate": _("%(number)s is escalated."),
        "de_escalate": _("%(number)s is back where it came from."),
        "link": _("%(number)s is linked."),
        "unlink": _("The link is removed."),
        "watch": _("%(number)s is shared."),
        "unwatch": _("%(number)s is not shared with them any more."),
    }
    return sentences.get(verb, _("Done.")) % {"number": number}


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def edit(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """One fact in its place: its control, and saving it, refused when somebody else changed the incident since."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    if name not in forms.FACTS:
        raise Http404
    if request.method != "POST":
        return _fact(request, row, name, forms.Fact(name=name, actor=actor, row=row))
    form = forms.Fact(request.POST, name=name, actor=actor, row=row)
    if not form.is_valid():
        return _fact(request, row, name, form, status=422)
    version = request.POST.get("version", "")
    seen = int(version[:9]) if version.isascii() and version.isdigit() else None
    verb = "assign" if name == "team" else "edit"
    try:
        try:
            facade.act(actor, verb, row["number"], form.change(), version=seen)
        except Stale:
            row = facade.ticket(actor, number)
            faster = facade.changed_since(actor, row, name, seen or 0)
            if faster is not None:
                return _collided(request, row, name, form, faster)
            # What somebody else changed meanwhile is something else: no reason to ask.
            facade.act(actor, verb, row["number"], form.change(), version=row["version"])
    except Refusal as no:
        forms.take(form, no)
        return _fact(request, row, name, form, status=no.status)
    label = str(wording.FIELDS[name])
    return changed(request, actor, row["number"], _("%(label)s is saved.") % {"label": label})


def _collided(
    request: HttpRequest, row: dict[str, Any], name: str, form: django_forms.Form, faster: facade.Collision
) -> HttpResponse:
    """Who was faster, with both values. The form carries the present version: sending it again keeps the own one."""
    told = collisions.both(row, name, form, faster, listing.encoded(listing.given(request.GET)))
    form.add_error(None, told["sentence"])
    return _fact(request, row, name, form, status=412, collision=told)


def _fact(
    request: HttpRequest,
    row: dict[str, Any],
    name: str,
    form: django_forms.Form,
    *,
    status: int = 200,
    collision: dict[str, str] | None = None,
) -> HttpResponse:
    carried = listing.encoded(listing.given(request.GET))
    context = {
        "row": row,
        "form": form,
        "fact": name,
        "heading": _("Change “%(label)s” of %(number)s") % {"label": wording.FIELDS[name], "number": row["number"]},
        "button": _("Save"),
        "sign": "check",
        "action": f"/incidents/{row['number']}/edit/{name}{carried}",
        "back": f"/incidents/{row['number']}{carried}",
        "version": row["version"],
        "inside": f"#edit-{name}",
        "collision": collision,
    }
    return _answer(request, context, status)
