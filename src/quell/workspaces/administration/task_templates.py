"""Templates of tasks and checklists: made, changed, put into the trash and taken out again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.config.refusal import NotFound, Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade as incidents
from quell.practices.tasks import facade

from .doors import door, nothing_here, page
from .places import Place, place_of

#: Empty lines offered below those that are there.
SPARE = 4
KINDS = (("task", gettext_lazy("Task")), ("check", gettext_lazy("Line to tick")))
HOUR = 3600


class TemplateForm(forms.Form):
    """The head of a template; its lines are read by `_lines`."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    team = forms.CharField(label=gettext_lazy("Team (code)"), max_length=60, required=False)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Added by itself for"),
        required=False,
        help_text=gettext_lazy("Everything below a category counts."),
        widget=forms.CheckboxSelectMultiple,
    )
    required = forms.BooleanField(label=gettext_lazy("What is filed there is not resolved without it"), required=False)

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [("", _("Every language")), *settings.LANGUAGES]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        self.fields["categories"].choices = incidents.categories(place.id)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def templates(request: HttpRequest) -> HttpResponse:
    """The templates of a place, and making one."""
    actor = actor_of(request)
    place = place_of(request, actor)
    trashed = request.GET.get("trash") == "1"
    form = TemplateForm(request.POST if request.method == "POST" else None, place=place)
    lines, fault = _lines(request), ""
    if form.is_bound and form.is_valid():
        data = {**_head(form), "lines": lines}
        if place.code:
            data["organisation"] = place.code
        try:
            facade.create_template(actor, data)
        except Refusal as no:
            fault = no.sentence
        else:
            messages.success(request, _("“%(name)s” can be used now.") % {"name": data["name"]})
            return _back(place)
    asked = facade.AskedTemplates(organisation=place.code or None, trashed=trashed, limit=200)
    known = facade.template_page(actor, asked)
    rows = [one for one in known if (one["organisation"] or "") == (place.code or "")]
    elsewhere = [] if rows or place.code else [
        (code, name) for code, name in place.choices if code and code in {one["organisation"] for one in known}
    ]  # fmt: skip
    context = {
        "rows": rows,
        "elsewhere": elsewhere,
        "trashed": trashed,
        "form": form,
        "fault": fault,
        "lines": [*lines, *[{}] * SPARE],
        "kinds": KINDS,
        "place": place,
        "trail": [{"label": _("Task templates"), "url": ""}],
    }
    return page(request, "task_templates", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def template(request: HttpRequest, template_id: int) -> HttpResponse:
    """One template: what it holds, and changing it."""
    actor = actor_of(request)
    row, place = _known(request, template_id)
    stands = {name: row[name] or "" for name in ("name", "language", "team")}
    initial = {**stands, "categories": row["categories"], "required": row["required"]}
    form = TemplateForm(request.POST if request.method == "POST" else None, place=place, initial=initial)
    lines, fault = _lines(request) if form.is_bound else row["lines"], ""
    if form.is_bound and form.is_valid():
        version = request.POST.get("version", "")
        try:
            facade.edit_template(
                actor,
                row["id"],
                {**_head(form), "lines": lines},
                version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None,
            )
        except Refusal as no:
            fault = no.sentence
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("administration:task_template", args=[row["id"]]) + place.query)
    context = {
        "row": row,
        "form": form,
        "fault": fault,
        "lines": [*lines, *[{}] * SPARE],
        "kinds": KINDS,
        "place": place,
        "trail": [
            {"label": _("Task templates"), "url": reverse("administration:task_templates") + place.query},
            {"label": row["name"], "url": ""},
        ],
    }
    return page(request, "task_template", context, status=422 if form.is_bound else 200)


@require_POST
@door(SETTINGS_MANAGE)
def set_trashed(request: HttpRequest, template_id: int, trashed: bool) -> HttpResponse:
    """Into the trash, or out of it."""
    row, place = _known(request, template_id)
    try:
        (facade.trash_template if trashed else facade.restore_template)(actor_of(request), row["id"])
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("In the trash.") if trashed else _("It can be used again."))
    return _back(place)


def _known(request: HttpRequest, template_id: int) -> tuple[dict[str, Any], Place]:
    """The template, if it belongs to the very place that is looked at."""
    actor = actor_of(request)
    place = place_of(request, actor)
    try:
        row = facade.template_row(actor, template_id)
    except NotFound:
        raise nothing_here() from None
    if (row["organisation"] or "") != (place.code or ""):
        raise nothing_here()
    return row, place


def _head(form: TemplateForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {**given, "team": given["team"] or None}


def _lines(request: HttpRequest) -> list[dict[str, Any]]:
    """The lines as they were typed; empty ones are left out. Hours that are no number become none."""
    post, lines = request.POST, []
    for kind, title, team, hours, at in zip(
        post.getlist("kind"), post.getlist("title"), post.getlist("line_team"), post.getlist("hours"),
        range(60), strict=False,
    ):  # fmt: skip
        if title.strip():
            lines.append(
                {
                    "kind": kind,
                    "title": title,
                    "team": team or None,
                    "due_seconds": int(hours) * HOUR
                    if hours.isascii() and hours.isdigit() and len(hours) < 5
                    else None,
                    "required": str(at) in post.getlist("line_required"),
                }
            )
    return lines


def _back(place: Place) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("administration:task_templates") + place.query)
