"""Announcements for those who lead a desk: what shows now, writing one with a preview, publishing, ending."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import RECORDS_LEAD
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.communications import facade
from quell.practices.services import facade as services

from . import queries
from .doors import door, nothing_here, page, reach
from .forms import Asked, Choices
from .forms import text as line
from .listing import asked

Row = dict[str, Any]
PAGE = 50
#: As a browser's own field for times writes them.
MOMENT = "%Y-%m-%dT%H:%M"
PHASES = {
    "": gettext_lazy("All"),
    "showing": gettext_lazy("Showing"),
    "scheduled": gettext_lazy("Scheduled"),
    "draft": gettext_lazy("Drafts"),
    "over": gettext_lazy("Over"),
}
PHASE_NAMES = {
    "showing": gettext_lazy("Showing"),
    "scheduled": gettext_lazy("Scheduled"),
    "draft": gettext_lazy("Draft"),
    "over": gettext_lazy("Over"),
}


def severities() -> Choices:
    """What kind of news it is, worst first."""
    return [("outage", _("Outage")), ("maintenance", _("Maintenance")), ("information", _("News"))]


def effects() -> Choices:
    """How an outage hurts its service."""
    return [("degraded", _("Disturbed: slow, or not for everybody")), ("down", _("Does not work"))]


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text=help_text,
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": gettext_lazy("Give a day and a time.")},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )


class AnnouncementForm(Asked):
    """An announcement. The title is what people read on their phone; one line is best."""

    renamed = {"audience": "organisations"}

    title = line(gettext_lazy("Title"), length=160, said=gettext_lazy("Say in one line what people meet."))
    text = forms.CharField(
        label=gettext_lazy("Text"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    severity = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect, initial="outage")
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    effect = forms.ChoiceField(label=gettext_lazy("The service is"), required=False)
    next_update_at = _moment(gettext_lazy("Next update"), gettext_lazy("People are told to expect it then."))
    ends_at = _moment(gettext_lazy("Until"), gettext_lazy("It disappears by itself then. Empty: until you end it."))
    starts_at = _moment(gettext_lazy("From"), gettext_lazy("Empty: at once."))
    incident = line(gettext_lazy("Incident behind it"), length=20, required=False, placeholder="INC-000123")
    organisations = forms.MultipleChoiceField(
        label=gettext_lazy("Only for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    teams = forms.MultipleChoiceField(
        label=gettext_lazy("Only for teams"), required=False, widget=forms.CheckboxSelectMultiple
    )
    followers = forms.BooleanField(
        label=gettext_lazy("Only for those who follow the service"),
        required=False,
        help_text=gettext_lazy("With nothing chosen it is for everybody in the organisation and below."),
    )

    def __init__(self, *args: Any, places: Choices, known: Choices, teams: Choices, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("severity", severities())
        self.choose("effect", effects())
        self.choose("service", [("", _("None in particular")), *known])
        self.choose("organisation", places)
        self.choose("organisations", places)
        self.choose("teams", teams)
        if not new:
            del self.fields["organisation"]
        if len(places) < 2:
            del self.fields["organisations"]
        if not teams:
            del self.fields["teams"]
        for code, name in settings.LANGUAGES:
            label = _("Title in %(language)s") % {"language": str(name)}
            self.fields[f"title_{code}"] = line(label, length=160, required=False)
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text in %(language)s") % {"language": str(name)},
                required=False,
                max_length=10_000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def translations(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of fields for other languages."""
        return [(self[f"title_{code}"], self[f"text_{code}"]) for code, _name in settings.LANGUAGES]

    def facts(self, language: str) -> Row:
        """As the actions take them; `language` is the one the title is written in."""
        given = self.cleaned_data
        found = {name: given[name] for name in ("title", "text", "severity", "ends_at", "next_update_at")}
        found |= {"service": given["service"] or None, "incident": given["incident"] or None}
        if given["starts_at"] is not None:
            found["starts_at"] = given["starts_at"]
        if given["severity"] == "outage":
            found["effect"] = given["effect"] or "degraded"
        found["translations"] = {
            code: {"title": given[f"title_{code}"], "text": given[f"text_{code}"]}
            for code, _name in settings.LANGUAGES
            if code != language and given[f"title_{code}"]
        }
        found["audience"] = {
            "organisations": given.get("organisations", []),
            "teams": given.get("teams", []),
            "services": [given["service"]] if given["followers"] and given["service"] else [],
        }
        if "organisation" in self.fields:
            found["organisation"] = given["organisation"]
        return found


@require_safe
@door(RECORDS_LEAD)
def announcements(request: HttpRequest) -> HttpResponse:
    """The list, newest first, by phase."""
    actor = actor_of(request)
    phase = asked(request, "phase", tuple(PHASES))
    after = asked(request, "cursor")
    before = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else None
    found = facade.announcements(actor, facade.Asked(phase or None, None, PAGE, before))
    rows = [_shown(row) for row in found[:PAGE] if row["kept"]]
    context = {
        "rows": rows,
        "phase": phase,
        "phases": [(code, str(words)) for code, words in PHASES.items()],
        "next": str(found[PAGE - 1]["id"]) if len(found) > PAGE else "",
        "first": before is None,
        "trail": [{"label": _("Announcements"), "url": ""}],
    }
    return page(request, "announcements", context)


def _shown(row: Row) -> Row:
    return {
        **row,
        "phase_words": str(PHASE_NAMES[row["phase"]]),
        "kind_words": dict(severities())[row["severity"]],
        "count_words": ngettext("%(n)d affected", "%(n)d affected", row["me_too_count"]) % {"n": row["me_too_count"]},
    }


@require_http_methods(["GET", "HEAD", "POST"])
@door(RECORDS_LEAD)
def new_announcement(request: HttpRequest) -> HttpResponse:
    """Write one. “Publish now” shows it at once; “Look first” keeps a draft and shows what people will see."""
    actor = actor_of(request)
    begun = {"severity": "outage", "incident": asked(request, "incident"), "title": asked(request, "title")}
    form = _form(actor, request.POST if request.method == "POST" else None, begun, new=True)
    if form.is_bound and form.is_valid():
        publish = "publish" in request.POST
        try:
            made = facade.create(actor, {**form.facts(_language(actor)), "publish": publish})
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("It shows now.") if publish else _("Kept as a draft: look, then publish."))
            return HttpResponseRedirect(reverse("administration:announcement", args=[made]))
    context = {"form": form, "row": None, "trail": [_trail(), {"label": _("New announcement"), "url": ""}]}
    return page(request, "announcement", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@door(RECORDS_LEAD)
def announcement(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """One announcement: how people see it, and its facts; a POST changes them."""
    actor = actor_of(request)
    row = _kept(actor, announcement_id)
    form = _form(actor, request.POST if request.method == "POST" else None, _begun(row), new=False)
    if form.is_bound and form.is_valid():
        try:
            facade.edit(actor, announcement_id, form.facts(row["language"]), version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("Saved. Those who said “me too” hear of it.") if row["state"] == "published"
                             else _("Saved."))  # fmt: skip
            return HttpResponseRedirect(reverse("administration:announcement", args=[announcement_id]))
    shown = _shown(row)
    context = {"form": form, "row": shown, "trail": [_trail(), {"label": row["title"], "url": ""}]}
    return page(request, "announcement", context, status=422 if form.is_bound else 200)


@require_POST
@door(RECORDS_LEAD)
def show(request: HttpRequest, announcement_id: int, published: bool) -> HttpResponse:
    """Publish it, or end it."""
    actor = actor_of(request)
    _kept(actor, announcement_id)
    try:
        (facade.publish if published else facade.end)(actor, announcement_id)
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, _("It shows now.") if published else _("It has ended."))
    return HttpResponseRedirect(reverse("administration:announcement", args=[announcement_id]))


@require_safe
@door(RECORDS_LEAD)
def ratings(request: HttpRequest) -> HttpResponse:
    """How people found the help of this person's desks, newest first; `most` keeps the unhappy ones."""
    actor = actor_of(request)
    after, most = asked(request, "cursor"), asked(request, "most", ("", "2"))
    before = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else None
    found = facade.ratings(actor, at_most=int(most) if most else None, before=before, limit=PAGE)
    context = {
        "rows": found[:PAGE],
        "most": most,
        "next": str(found[PAGE - 1]["id"]) if len(found) > PAGE else "",
        "first": before is None,
        "trail": [{"label": _("Ratings"), "url": ""}],
    }
    return page(request, "ratings", context)


def _kept(actor: Actor, announcement_id: int) -> Row:
    row = facade.announcement(actor, announcement_id)
    if not reach(actor, RECORDS_LEAD).covers(row["organisation_id"]):
        raise nothing_here()
    return row


def _begun(row: Row) -> Row:
    begun = {
        name: row[name] or "" for name in ("title", "text", "severity", "effect", "service", "incident", "version")
    }
    begun |= {name: _local(row[name]) for name in ("starts_at", "ends_at", "next_update_at")}
    begun |= {"organisations": row["audience"]["organisations"], "teams": row["audience"]["teams"]}
    begun["followers"] = bool(row["audience"]["services"])
    for code, words in row["translations"].items():
        begun |= {f"title_{code}": words["title"], f"text_{code}": words.get("text", "")}
    return begun


def _local(moment: datetime | None) -> datetime | None:
    return None if moment is None else timezone.localtime(moment)


def _form(actor: Actor, data: Any, begun: Row, *, new: bool) -> AnnouncementForm:
    far = reach(actor, RECORDS_LEAD)
    places = queries.choices(queries.organisations(far))
    known = services.services(actor, services.Asked(active=True, limit=200))[:200]
    choices = sorted(((row["code"], row["name"]) for row in known), key=lambda one: one[1].casefold())
    teams = directory.teams(actor, actor.organisation_id)
    return AnnouncementForm(data, initial=begun, places=places, known=choices, teams=teams, new=new)


def _language(actor: Actor) -> str:
    return actor.language if actor.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _trail() -> dict[str, str]:
    return {"label": _("Announcements"), "url": reverse("administration:announcements")}
