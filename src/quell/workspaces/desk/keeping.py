"""What keeping canned replies and keeping macros have in common: their names and reach, the list by folders page by
page, saving under the version one has seen, the trash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.api.pagination import read_cursor, write_cursor
from quell.kernel.config.refusal import Invalid, Refusal
from quell.kernel.ui.errors import refused
from quell.kernel.ui.signed_in import actor_of

#: What one is called, and moving it; both as the person who asks, who may be refused.
Naming = Callable[[Actor], str]
Moving = Callable[[Actor], Any]
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


def place(form: django_forms.Form, refusal: Refusal, names: dict[str, str]) -> None:
    """Put the sentences of a refusal beside the fields they name, the rest above the form."""
    for error in refusal.errors:
        name = names.get(error.field, error.field)
        form.add_error(name if name in form.fields else None, error.message)
    if not refusal.errors:
        form.add_error(None, refusal.sentence)


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


def seen(request: HttpRequest) -> int | None:
    """The version the form was filled in against; None when it says none."""
    version = request.POST.get("version", "")
    return int(version[:9]) if version.isascii() and version.isdigit() else None


def saved(request: HttpRequest, name: str, back: str) -> HttpResponse:
    """Say so, on the list."""
    messages.success(request, _("“%(name)s” is saved.") % {"name": name})
    return redirect(back)


def trashed(request: HttpRequest, name: Naming, move: Moving, back: str) -> HttpResponse:
    """Move one into the trash and say so, on the list."""
    return _moved(request, name, move, _("“%(name)s” lies in the trash."), back)


def restored(request: HttpRequest, name: Naming, move: Moving, back: str) -> HttpResponse:
    """Take one out of the trash and say so, on the list."""
    return _moved(request, name, move, _("“%(name)s” is back."), back)


def _moved(request: HttpRequest, name: Naming, move: Moving, sentence: str, back: str) -> HttpResponse:
    actor = actor_of(request)
    try:
        called = name(actor)
        move(actor)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    messages.success(request, sentence % {"name": called})
    return redirect(back)
