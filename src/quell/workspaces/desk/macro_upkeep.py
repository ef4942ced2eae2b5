"""Keeping macros: the list, the form with what it would do while one writes, the trash."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.errors import refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.servicedesk import facade

from . import nav, wording
from .doors import agents
from .macro_forms import LANGUAGES, MacroForm, initial, places
from .texts import page, place


@require_safe
@agents
def listed(request: HttpRequest) -> HttpResponse:
    """All that one may run, by folder, and what lies in the trash."""
    actor = actor_of(request)
    q = request.GET.get("q", "").strip()[:100]
    context = {
        "kind": "macros",
        "heading": _("Macros"),
        **page(request, q, facade.kept_macros, _steps),
        "trashed": [one for one in facade.macros(actor, trashed=True) if one.may_edit],
        **nav.frame(request, "macros"),
    }
    return render(request, "desk/prepared.html", context)


def _steps(one: facade.MacroRow) -> list[str]:
    """What a macro does, in the words of the verbs."""
    known = {"comment": _("Reply"), "add_task": _("Add task")}
    words = []
    for step in one.steps:
        verb, inputs = step["verb"], step.get("inputs") or {}
        said = _("Internal note") if verb == "comment" and inputs.get("visibility") == "internal" else known.get(verb)
        words.append(said or str(wording.VERBS.get(verb, verb)).rstrip("…"))
    return words


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def new(request: HttpRequest) -> HttpResponse:
    """Put a new one together."""
    actor = actor_of(request)
    if request.method != "POST":
        return _form(request, MacroForm(actor=actor, initial={"reach": "personal", "writes": ""}), None)
    return _save(request, actor, None)


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def edit(request: HttpRequest, macro_id: int) -> HttpResponse:
    """Change one."""
    actor = actor_of(request)
    known = facade.macro_by_id(actor, macro_id)
    if not known.may_edit or known.trashed_at is not None:
        return refused(request, 403, _("You may run this macro, but not change it."))
    if request.method != "POST":
        start, raw = initial(known)
        return _form(request, MacroForm(actor=actor, raw=raw, initial=start), known)
    return _save(request, actor, known)


def _save(request: HttpRequest, actor: Actor, known: facade.MacroRow | None) -> HttpResponse:
    form = MacroForm(request.POST, actor=actor, raw="as_data" in request.POST)
    if not form.is_valid():
        return _form(request, form, known, status=422)
    steps = form.steps()
    version = request.POST.get("version", "")
    try:
        if known is None:
            facade.create_macro(actor, {**form.common(), "steps": steps})
        else:
            number = int(version[:9]) if version.isascii() and version.isdigit() else None
            facade.edit_macro(actor, known.id, {**form.common(), "steps": steps}, version=number)
    except Refusal as no:
        place(form, no, places(steps))
        return _form(request, form, known, status=no.status)
    messages.success(request, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
    return redirect("desk:macros")


def _form(request: HttpRequest, form: MacroForm, known: facade.MacroRow | None, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "known": known,
        "raw": "as_data" in form.fields,
        "heading": _("Change “%(name)s”") % {"name": known.name} if known else _("New macro"),
        "languages": [form[field] for field in LANGUAGES],
        "variables": [f"{{{{ {name} }}}}" for name in facade.VARIABLES],
        "draft": f"macro-{known.id}" if known else "macro-new",
        **nav.frame(request, "macros"),
    }
    return render(request, "desk/macro_form.html", context, status=status)


@require_POST
@agents
def preview(request: HttpRequest) -> HttpResponse:
    """What the macro being written would do, a sentence a step."""
    actor = actor_of(request)
    form = MacroForm(request.POST, actor=actor, raw="as_data" in request.POST)
    form.is_valid()
    faults: list[str] = []
    sentences: list[str] = []
    try:
        steps = form.steps()
        if steps:
            sentences = facade.check_macro(actor, {"steps": steps})
    except Refusal as no:
        faults = list(dict.fromkeys(error.message for error in no.errors)) or [no.sentence]
    except (KeyError, ValueError):
        pass  # half-typed: a field is not sound yet, and the form says so when it is saved
    return render(request, "desk/macro_preview.html", {"sentences": sentences, "faults": faults})


@require_POST
@agents
def trash(request: HttpRequest, macro_id: int) -> HttpResponse:
    """Into the trash."""
    return _moved(request, macro_id, facade.trash_macro, _("“%(name)s” lies in the trash."))


@require_POST
@agents
def restore(request: HttpRequest, macro_id: int) -> HttpResponse:
    """Out of the trash."""
    return _moved(request, macro_id, facade.restore_macro, _("“%(name)s” is back."))


def _moved(request: HttpRequest, macro_id: int, move: Any, sentence: str) -> HttpResponse:
    actor = actor_of(request)
    try:
        name = facade.macro_by_id(actor, macro_id).name
        move(actor, macro_id)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    messages.success(request, sentence % {"name": name})
    return redirect("desk:macros")
