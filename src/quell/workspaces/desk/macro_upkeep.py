"""Keeping macros: the list, the form with what it would do while one writes, the trash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.errors import refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.servicedesk import facade

from . import nav, wording
from .doors import agents
from .keeping import page, place, restored, saved, seen, trashed
from .macro_forms import LANGUAGES, MacroForm, initial, places


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
    try:
        if known is None:
            facade.create_macro(actor, {**form.common(), "steps": steps})
        else:
            facade.edit_macro(actor, known.id, {**form.common(), "steps": steps}, version=seen(request))
    except Refusal as no:
        place(form, no, places(steps))
        return _form(request, form, known, status=no.status)
    return saved(request, form.cleaned_data["name"], "desk:macros")


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
    return trashed(request, _named(macro_id), lambda actor: facade.trash_macro(actor, macro_id), "desk:macros")


@require_POST
@agents
def restore(request: HttpRequest, macro_id: int) -> HttpResponse:
    """Out of the trash."""
    return restored(request, _named(macro_id), lambda actor: facade.restore_macro(actor, macro_id), "desk:macros")


def _named(macro_id: int) -> Callable[[Actor], str]:
    return lambda actor: facade.macro_by_id(actor, macro_id).name
