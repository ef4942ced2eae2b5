"""What one has to come back to: the list of one's reminders, and snoozing an incident until a time or an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quell.kernel.config.refusal import Refusal
from quell.kernel.ui import moments
from quell.kernel.ui.errors import is_partial, refused
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade
from quell.practices.servicedesk import facade as kept

from . import listing, nav, wording
from .doors import agents
from .forms import take
from .ticket import changed

#: When work begins on the days that are offered.
MORNING, EVENING = 8, 16


class Snooze(django_forms.Form):
    """Until when, why, and whether the incident is out of sight until then."""

    when = django_forms.ChoiceField(label=gettext_lazy("Until"), widget=django_forms.RadioSelect)
    at = django_forms.DateTimeField(
        label=gettext_lazy("At this time"),
        required=False,
        widget=django_forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": gettext_lazy("Give a day and a time, such as 2026-11-24 09:00")},
    )
    text = django_forms.CharField(label=gettext_lazy("What for"), max_length=500, required=False)
    hide = django_forms.BooleanField(
        label=gettext_lazy("Out of my lists until then"), required=False, initial=True,
        help_text=gettext_lazy("Only for you. Everybody else sees it as before."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = [(code, words) for code, words, _at in times()]  # type: ignore[attr-defined]
        self.fields["when"].initial = "tomorrow"

    def data_for(self) -> dict[str, Any]:
        """As the service desk wants it; raises nothing, what is missing is refused there."""
        chosen = self.cleaned_data["when"]
        given: dict[str, Any] = {"text": self.cleaned_data["text"], "snooze": self.cleaned_data["hide"]}
        if chosen == "answer":
            return {**given, "until_answer": True}
        at = self.cleaned_data["at"] if chosen == "at" else {code: at for code, _w, at in times()}[chosen]
        return {**given, "at": at} if at else given


def times() -> list[tuple[str, str, datetime | None]]:
    """(code, words, moment) of what is offered, in the reader's own zone."""
    now = timezone.localtime()
    today = now.replace(minute=0, second=0, microsecond=0)
    tomorrow = today.replace(hour=MORNING) + timedelta(days=1)
    monday = today.replace(hour=MORNING) + timedelta(days=7 - today.weekday())
    found: list[tuple[str, str, datetime | None]] = [("hour", _("In one hour"), now + timedelta(hours=1))]
    if now.hour < EVENING - 1:
        found.append(("today", _("This afternoon"), today.replace(hour=EVENING)))
    found.append(("tomorrow", _("Tomorrow morning"), tomorrow))
    if monday != tomorrow:
        found.append(("monday", _("Monday morning"), monday))
    return [*found, ("answer", _("Until the requester answers"), None), ("at", _("At the time below"), None)]


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def snooze(request: HttpRequest, number: str) -> HttpResponse:
    """Ask until when, then put it out of one's own sight."""
    actor = actor_of(request)
    row = facade.ticket(actor, number)
    if request.method != "POST":
        return _question(request, row, Snooze())
    form = Snooze(request.POST)
    if not form.is_valid():
        return _question(request, row, form, status=422)
    try:
        made = kept.remind(actor, {**form.data_for(), "number": row["number"]})
    except Refusal as no:
        take(form, no)
        return _question(request, row, form, status=no.status)
    found = kept.reminder_by_id(actor, made)
    words = {"number": row["number"], "when": moments.short(found.due_at, with_time=True)}
    if found.until_answer:
        sentence = _("%(number)s comes back when the requester answers, or %(when)s.") % words
    else:
        sentence = _("%(number)s comes back %(when)s.") % words
    return changed(request, actor, row["number"], sentence, undo_url=f"/follow-ups/{made}/done")


def _question(request: HttpRequest, row: dict[str, Any], form: django_forms.Form, *, status: int = 200) -> HttpResponse:
    carried = listing.encoded(listing.given(request.GET))
    context = {
        "form": form,
        "verb": "snooze",
        "row": row,
        "heading": _("Snooze %(number)s") % {"number": row["number"]},
        "button": _("Snooze"),
        "sign": "clock",
        "action": f"/incidents/{row['number']}/snooze{carried}",
        "back": f"/incidents/{row['number']}{carried}",
        "danger": False,
    }
    if is_partial(request):
        answer = render(request, "desk/verb_form.html", context, status=status)
        if status >= 400:
            answer["HX-Retarget"], answer["HX-Reswap"] = "#verb-body", "innerHTML"
        return answer
    return render(request, "desk/verb_page.html", {**context, **nav.frame(request, "incidents")}, status=status)


@require_safe
@agents
def follow_ups(request: HttpRequest) -> HttpResponse:
    """Everything one still has to come back to, the longest due first."""
    found = kept.follow_ups(actor_of(request))
    due, later = [_line(one) for one in found if one.due], [_line(one) for one in found if not one.due]
    return render(request, "desk/follow_ups.html", {"due": due, "later": later, **nav.frame(request, "follow_ups")})


def _line(one: kept.Follow) -> dict[str, Any]:
    state = wording.STATES.get(one.state, one.state)
    return {"one": one, "state": state, "url": f"/incidents/{one.number}", "why": _why(one)}


def _why(one: kept.Follow) -> str:
    """Why it stands there: what ended the wait, or what it waits for."""
    when = {"when": moments.short(one.due_at, with_time=True)}
    if one.due:
        if one.woken_by == "answer":
            return _("The requester answered")
        return _("Snoozed until %(when)s") % when if one.snooze else _("Due %(when)s") % when
    if one.until_answer:
        return _("Until the requester answers, %(when)s at the latest") % when
    return _("Snoozed until %(when)s") % when if one.snooze else _("Reminder %(when)s") % when


@require_POST
@agents
def done(request: HttpRequest, reminder_id: int) -> HttpResponse:
    """Finished with it: it leaves the list, and a snoozed incident is back."""
    actor = actor_of(request)
    try:
        found = kept.reminder_by_id(actor, reminder_id)
        kept.finish_reminder(actor, reminder_id)
    except Refusal as no:
        return refused(request, no.status, no.sentence)
    if request.POST.get("next") == "list":
        return redirect("desk:follow-ups")
    return changed(request, actor, found.number, _("%(number)s is back in your lists.") % {"number": found.number})
