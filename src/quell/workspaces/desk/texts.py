"""Keeping canned replies: the list with its folders and its trash, the form with a preview while one writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.errors import refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.servicedesk import facade

from . import nav
from .doors import agents
from .keeping import LANGUAGES, Kept, page, place, restored, saved, seen, trashed


class Text(Kept):
    """A text in one language and more."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        for field, (_code, name) in LANGUAGES.items():
            self.fields[field] = django_forms.CharField(
                label=name, required=False, max_length=20_000, widget=django_forms.Textarea(attrs={"rows": 6})
            )

    def texts(self) -> dict[str, str]:
        """By language, without those left empty."""
        return {code: text for field, (code, _n) in LANGUAGES.items() if (text := self.cleaned_data.get(field, ""))}


@require_safe
@agents
def listed(request: HttpRequest) -> HttpResponse:
    """All that one may use, by folder, and what lies in the trash."""
    actor = actor_of(request)
    q = request.GET.get("q", "").strip()[:100]
    names = dict(settings.LANGUAGES)
    context = {
        "kind": "texts",
        "heading": _("Canned replies"),
        **page(request, q, facade.kept_canned, lambda one: [names.get(code, code) for code in one.texts]),
        "trashed": [one for one in facade.canned_replies(actor, trashed=True) if one.may_edit],
        **nav.frame(request, "texts"),
    }
    return render(request, "desk/prepared.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def new(request: HttpRequest) -> HttpResponse:
    """Write a new one."""
    actor = actor_of(request)
    if request.method != "POST":
        return _form(request, Text(actor=actor, initial={"reach": "personal"}), None)
    return _save(request, actor, None)


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def edit(request: HttpRequest, text_id: int) -> HttpResponse:
    """Change one."""
    actor = actor_of(request)
    known = facade.canned(actor, text_id)
    if not known.may_edit or known.trashed_at is not None:
        return refused(request, 403, _("You may use this text, but not change it."))
    if request.method != "POST":
        start = {"name": known.name, "folder": known.folder, "reach": known.reach, "team": known.team or ""}
        start |= {field: known.texts.get(code, "") for field, (code, _n) in LANGUAGES.items()}
        return _form(request, Text(actor=actor, initial=start), known)
    return _save(request, actor, known)


def _save(request: HttpRequest, actor: Actor, known: facade.Canned | None) -> HttpResponse:
    form = Text(request.POST, actor=actor)
    if not form.is_valid():
        return _form(request, form, known, status=422)
    data = {**form.common(), "texts": form.texts()}
    try:
        if known is None:
            facade.create_canned(actor, data)
        else:
            facade.edit_canned(actor, known.id, data, version=seen(request))
    except Refusal as no:
        place(form, no, {f"texts.{code}": field for field, (code, _n) in LANGUAGES.items()})
        return _form(request, form, known, status=no.status)
    return saved(request, data["name"], "desk:texts")


def _form(request: HttpRequest, form: Text, known: facade.Canned | None, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "known": known,
        "heading": _("Change “%(name)s”") % {"name": known.name} if known else _("New canned reply"),
        "languages": [form[field] for field in LANGUAGES],
        "variables": [f"{{{{ {name} }}}}" for name in facade.VARIABLES],
        "draft": f"text-{known.id}" if known else "text-new",
        **nav.frame(request, "texts"),
    }
    return render(request, "desk/text_form.html", context, status=status)


@require_POST
@agents
def preview(request: HttpRequest) -> HttpResponse:
    """How the texts being written will look, with made-up values; what is wrong says where."""
    actor = actor_of(request)
    shown = []
    for field, (code, name) in LANGUAGES.items():
        text = request.POST.get(field, "")[:20_000]
        if not text.strip():
            continue
        filled = facade.sample(actor, {code: text}, code)
        shown.append({"name": name, "text": filled.text, "fault": facade.unknown_variable(text)})
    return render(request, "desk/text_preview.html", {"shown": shown})


@require_POST
@agents
def trash(request: HttpRequest, text_id: int) -> HttpResponse:
    """Into the trash."""
    return trashed(request, _named(text_id), lambda actor: facade.trash_canned(actor, text_id), "desk:texts")


@require_POST
@agents
def restore(request: HttpRequest, text_id: int) -> HttpResponse:
    """Out of the trash."""
    return restored(request, _named(text_id), lambda actor: facade.restore_canned(actor, text_id), "desk:texts")


def _named(text_id: int) -> Callable[[Actor], str]:
    return lambda actor: facade.canned(actor, text_id).name
