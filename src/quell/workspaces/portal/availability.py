"""When one takes work: the switch, weekly hours, how much; and one's own absences with whoever stands in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import dates
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of, signed_in
from quell.practices.workforce import facade

from .frame import page

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KINDS = [
    ("leave", gettext_lazy("Leave")),
    ("sick", gettext_lazy("Ill")),
    ("training", gettext_lazy("Training")),
    ("elsewhere", gettext_lazy("Working elsewhere")),
]
HANDS_OVER = [
    ("nothing", gettext_lazy("Nothing: it waits for me")),
    ("work", gettext_lazy("My open work")),
    ("ownership", gettext_lazy("My open work and what I own")),
]
LARGEST_ID = 2**63 - 1
_SPAN = re.compile(r"\s*(\d{1,2}:\d{2})\s*[-–—]\s*(\d{1,2}:\d{2})\s*")


class Taking(forms.Form):
    """The switch, the week, and the capacity."""

    taking_work = forms.BooleanField(label=gettext_lazy("I am taking work"), required=False)
    capacity = forms.IntegerField(label=gettext_lazy("How much I can hold"), required=False, min_value=0, max_value=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Named by Django, whose words stand inside sentences too: in Danish they have no capital there.
        for number, day in enumerate(DAYS):
            self.fields[day] = forms.CharField(
                label=capfirst(str(dates.WEEKDAYS[number])), required=False, max_length=80
            )

    def days(self) -> list[forms.BoundField]:
        """The fields of the week."""
        return [self[day] for day in DAYS]

    def clean(self) -> dict[str, Any]:
        """Read the week: `08:00-12:00, 13:00-16:00`."""
        given = super().clean() or {}
        week = {}
        for day in DAYS:
            spans = [part for part in (given.get(day) or "").split(",") if part.strip()]
            found = [_SPAN.fullmatch(part) for part in spans]
            if not all(found):
                self.add_error(day, _("Write hours such as 08:00-12:00, 13:00-16:00"))
            week[day] = [[end.zfill(5) for end in match.groups()] for match in found if match]
        given["hours"] = {day: spans for day, spans in week.items() if spans}
        return given


class Away(forms.Form):
    """An absence of one's own."""

    starts_at = forms.DateTimeField(label=gettext_lazy("From"))
    ends_at = forms.DateTimeField(label=gettext_lazy("Until"))
    kind = forms.ChoiceField(label=gettext_lazy("Why"), choices=KINDS)
    substitute = forms.ChoiceField(label=gettext_lazy("Who stands in"), required=False)
    hands_over = forms.ChoiceField(label=gettext_lazy("They get"), choices=HANDS_OVER)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [one for one in directory.workers(actor, actor.organisation_id) if one["email"] != actor.email]
        self.fields["substitute"].choices = [  # type: ignore[attr-defined]
            ("", _("– nobody –")),
            *((one["email"], one["name"]) for one in people),
        ]
        for name in ("starts_at", "ends_at"):
            self.fields[name] = forms.DateTimeField(
                label=self.fields[name].label,
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
                input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
                error_messages={"required": _("Give a day and a time")},
            )


def _agent(request: HttpRequest) -> Actor:
    """Only those who take work have an availability."""
    actor = actor_of(request)
    if not actor.scope("records.work"):
        raise Http404
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def availability(request: HttpRequest) -> HttpResponse:
    """The switch and the week."""
    actor = _agent(request)
    one = facade.member(actor, actor.email)
    if request.method != "POST":
        week = {day: ", ".join("-".join(span) for span in one.hours.get(day, ())) for day in DAYS}
        form = Taking(initial={"taking_work": one.taking_work, "capacity": one.own_capacity, **week})
        return _page(request, actor, form, Away(actor=actor))
    form = Taking(request.POST)
    if not form.is_valid():
        return _page(request, actor, form, Away(actor=actor), 422)
    given = {name: form.cleaned_data[name] for name in ("taking_work", "capacity", "hours")}
    try:
        facade.arrange_availability(actor, actor.email, given)
    except Refusal as no:
        for error in no.errors:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        return _page(request, actor, form, Away(actor=actor), no.status)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("portal:availability"))


@require_POST
@signed_in
def switch(request: HttpRequest) -> HttpResponse:
    """I'm taking work, or not: one click from the menu."""
    actor = _agent(request)
    taking = request.POST.get("taking") == "1"
    facade.arrange_availability(actor, actor.email, {"taking_work": taking})
    messages.success(request, _("You are taking work again.") if taking else _("You are taking no new work."))
    return HttpResponseRedirect(reverse("portal:availability"))


@require_POST
@signed_in
def away(request: HttpRequest) -> HttpResponse:
    """A new absence of one's own."""
    actor = _agent(request)
    form = Away(request.POST, actor=actor)
    one = facade.member(actor, actor.email)
    week = {day: ", ".join("-".join(span) for span in one.hours.get(day, ())) for day in DAYS}
    kept = Taking(initial={"taking_work": one.taking_work, "capacity": one.own_capacity, **week})
    if not form.is_valid():
        return _page(request, actor, kept, form, 422)
    given = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    try:
        facade.announce_absence(actor, {**given, "person": actor.email})
    except Refusal as no:
        for error in no.errors:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        return _page(request, actor, kept, form, no.status)
    messages.success(request, _("Noted. Whoever looks for you sees that you are away."))
    return HttpResponseRedirect(reverse("portal:availability"))


@require_POST
@signed_in
def back(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Take back an absence, or end one that runs."""
    actor = _agent(request)
    if absence_id > LARGEST_ID:
        raise Http404
    facade.call_off_absence(actor, absence_id)
    messages.success(request, _("The absence is taken back."))
    return HttpResponseRedirect(reverse("portal:availability"))


def _page(request: HttpRequest, actor: Actor, form: Taking, away_form: Away, status: int = 200) -> HttpResponse:
    now = datetime.now(UTC)
    one = facade.member(actor, actor.email, now=now)
    kinds = dict(KINDS)
    absences = [
        {**row, "kind_words": kinds.get(row["kind"], ""), "running": row["starts_at"] <= now}
        for row in facade.absences(actor, now, now + timedelta(days=3650), person=actor.email)
    ]
    context = {
        "form": form,
        "away_form": away_form,
        "one": one,
        "away_words": facade.away_word(one, now),
        "absences": absences,
        "here": "availability",
    }
    return page(request, "portal/availability.html", context, status=status)
