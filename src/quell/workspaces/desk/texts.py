"""Keeping canned replies: the list with its folders and its trash, the form with a preview while one writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.api.pagination import read_cursor, write_cursor
from quell.kernel.config.refusal import Invalid, Refusal
from quell.kernel.ui.errors import refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.servicedesk import facade

from . import nav
from .doors import agents

REACHES = (
    ("personal", gettext_lazy("Only me")),
    ("team", gettext_lazy("A team")),
    ("organisation", gettext_lazy("Everybody in my organisation")),
)
#: Rows of a page.
SHOWN = 50
#: Names of the forms' fields by the language whose text they hold: a field's name has no hyphen.
LANGUAGES = {f"text_{code.replace('-', '_')}": (code, name) for code, name in settings.LANGUAGES}


class Kept(django_forms.Form):
    """Name, folder, and for whom: what canned replies and macros have in common."""

    name = django_forms.CharField(
        label=gettext_lazy("Name"), max_length=80, error_messages={"required": gettext_lazy("Give it a name")}
    )
    folder = django_forms.CharField(
        label=gettext_lazy("Folder"), max_length=60, required=False,
        help_text=gettext_lazy("Groups the list, such as Accounts or Mail."),
    )  # fmt: skip
    reach = django_forms.ChoiceField(label=gettext_lazy("For"), choices=REACHES, initial="personal")
    team = django_forms.ChoiceField(label=gettext_lazy("Team"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [("", _("– not chosen –")), *directory.teams(actor, None)]
        self.fields["team"].choices = teams  # type: ignore[attr-defined]

    def common(self) -> dict[str, Any]:
        """As the service desk wants it."""
        cleaned = self.cleaned_data
        given = {name: cleaned[name] for name in ("name", "folder", "reach")}
        return {**given, "team": cleaned["team"]} if cleaned["reach"] == "team" and cleaned["team"] else given


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


def place(form: django_forms.Form, refusal: Refusal, names: dict[str, str]) -> None:
    """Put the sentences of a refusal beside the fields they name, the rest above the form."""
    for error in refusal.errors:
        name = names.get(error.field, error.field)
        form.add_error(name if name in form.fields else None, error.message)
    if not refusal.errors:
        form.add_error(None, refusal.sentence)


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


def page(
    request: HttpRequest, q: str, ask: Callable[..., list[Any]], words: Callable[[Any], list[str]]
) -> dict[str, Any]:
    """One page of what is kept, under its folders: `folders`, `count_text`, `next_cursor`, `first`. `ask` is the
    facade's question, `words` says what stands in the column of a row. Raises Invalid for a cursor of another list."""
    text = request.GET.get("cursor", "")
    rows = ask(actor_of(request), q, _after(read_cursor(request.path, text[:600])), SHOWN)
    names = dict(REACHES)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in rows[:SHOWN]:
        reach = one.team_name or one.organisation_name or names.get(one.reach, one.reach)
        found.setdefault(one.folder, []).append({"one": one, "reach": reach, "words": ", ".join(map(str, words(one)))})
    last = rows[SHOWN - 1] if len(rows) > SHOWN else None
    key = orjson.dumps([last.folder, last.name, last.id]).decode() if last else ""
    return {
        "q": q,
        "folders": [{"name": name, "rows": shown} for name, shown in found.items()],
        "next_cursor": write_cursor(request.path, key) if key else "",
        "first": not text,
    }


def _after(key: str | None) -> tuple[str, str, int] | None:
    """Folder, name and id that a cursor carries."""
    if key is None:
        return None
    try:
        folder, name, last = orjson.loads(key)
    except (ValueError, TypeError):
        folder, name, last = None, None, None
    if not (isinstance(folder, str) and isinstance(name, str) and type(last) is int and 0 <= last < 1 << 63):
        raise Invalid.field("cursor", _("This cursor does not belong to this list. Begin again without it."))
    return folder, name, last


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
    version = request.POST.get("version", "")
    try:
        if known is None:
            facade.create_canned(actor, data)
        else:
            number = int(version[:9]) if version.isascii() and version.isdigit() else None
            facade.edit_canned(actor, known.id, data, version=number)
    except Refusal as no:
        place(form, no, {f"texts.{code}": field for field, (code, _n) in LANGUAGES.items()})
        return _form(request, form, known, status=no.status)
    messages.success(request, _("“%(name)s” is saved.") % {"name": data["name"]})
    return redirect("desk:texts")


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
    return _moved(request, text_id, facade.trash_canned, _("“%(name)s” lies in the trash."))


@require_POST
@agents
def restore(request: HttpRequest, text_id: int) -> HttpResponse:
    """Out of the trash."""
    return _moved(request, text_id, facade.restore_canned, _("“%(name)s” is back."))


def _moved(request: HttpRequest, text_id: int, move: Any, sentence: str) -> HttpResponse:
    actor = actor_of(request)
    try:
        name = facade.canned(actor, text_id).name
        move(actor, text_id)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    messages.success(request, sentence % {"name": name})
    return redirect("desk:texts")
