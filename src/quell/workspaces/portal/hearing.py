"""How one wants to hear of things: a channel for each reason, quiet hours, the time of the daily mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import notices
from quell.kernel.config.refusal import Refusal
from quell.kernel.notify.preferences import NEWS, channels_of, told_by
from quell.kernel.ui.signed_in import actor_of, signed_in

from .devices import block
from .frame import page

DEFAULT = "default"
#: What can happen to anybody, and what happens to those who work for others, in the order of closeness.
FOR_ALL = ("requester", "watching", "mentioned", NEWS)
FOR_AGENTS = ("assigned", "unassigned", "escalated", "owner", "team", "queue", "promise", "breach", "held", "reminder")
REASONS = {
    "requester": (gettext_lazy("My own requests"), gettext_lazy("Somebody answers, or their state changes.")),
    "watching": (gettext_lazy("Shared with me"), gettext_lazy("What I follow or was shared with me.")),
    "mentioned": (gettext_lazy("Mentioned"), gettext_lazy("Somebody writes my name with an @.")),
    NEWS: (gettext_lazy("Announcements"), gettext_lazy("What I said “me too” to. Outages are always told at once.")),
    "assigned": (gettext_lazy("Assigned to me"), gettext_lazy("Work comes into my hands, or moves there.")),
    "unassigned": (gettext_lazy("Nobody has taken it"), gettext_lazy("The alarm for leads: work lies too long.")),
    "escalated": (gettext_lazy("I am called"), gettext_lazy("An escalation, or a hand-over I have to decide.")),
    "owner": (gettext_lazy("I own it"), gettext_lazy("What I answer for moves on in other hands.")),
    "team": (gettext_lazy("My team"), gettext_lazy("Work comes to a team of mine.")),
    "queue": (gettext_lazy("New in the common queue"), gettext_lazy("A report that nobody has been given.")),
    "promise": (gettext_lazy("A promise runs out"), gettext_lazy("Part of the time promised is used up.")),
    "breach": (gettext_lazy("A promise is broken"), gettext_lazy("More time has passed than was promised.")),
    "held": (gettext_lazy("My reply is held"), gettext_lazy("Somebody else wrote first.")),
    "reminder": (gettext_lazy("My reminders"), gettext_lazy("What I asked to be reminded of.")),
}
WORDS = {
    "none": gettext_lazy("Not at all"),
    "inbox": gettext_lazy("Inbox only"),
    "digest": gettext_lazy("Inbox and daily mail"),
    "email": gettext_lazy("Inbox and mail at once"),
}


class Hearing(forms.Form):
    """One choice for each reason that can concern this person, and the hours."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=gettext_lazy("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    digest_at = forms.TimeField(
        label=gettext_lazy("Daily mail at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holds, own, _version = notices.own_wishes(actor)
        self.reasons = (*FOR_ALL, *(FOR_AGENTS if actor.is_agent else ()))
        for reason in self.reasons:
            label, help_text = REASONS[reason]
            now = WORDS[told_by(reason, holds.channel(reason))]
            # What holds above is said in its own words, so that nobody has to guess what "as usual" means.
            usual = (DEFAULT, _("As usual (%(channel)s)") % {"channel": now} if reason not in own else _("As usual"))
            self.fields[reason] = forms.ChoiceField(
                label=label,
                help_text=help_text,
                choices=[usual, *((code, WORDS[code]) for code in channels_of(reason))],
                initial=told_by(reason, own.get(reason, DEFAULT)),
            )
        hours = {"quiet_from": holds.quiet_from, "quiet_to": holds.quiet_to, "digest_at": holds.digest_at}
        self.initial.update(hours)

    def choices_of_reasons(self) -> list[forms.BoundField]:
        """The fields of the reasons, in their order."""
        return [self[reason] for reason in self.reasons]

    def chosen(self) -> dict[str, Any]:
        """As the profile keeps it."""

        def clock(name: str) -> str:
            moment = self.cleaned_data[name]
            return moment.strftime("%H:%M") if moment is not None else ""

        return {
            "reasons": {reason: self.cleaned_data[reason] for reason in self.reasons},
            **{name: clock(name) for name in ("quiet_from", "quiet_to", "digest_at")},
        }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hearing(request: HttpRequest) -> HttpResponse:
    """Preferences of notification."""
    actor = actor_of(request)
    if request.method != "POST":
        return _page(request, Hearing(actor=actor))
    form = Hearing(request.POST, actor=actor)
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        notices.change_own(actor, form.chosen())
    except Refusal as no:
        for error in no.errors:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        if not no.errors:
            form.add_error(None, no.sentence)
        return _page(request, form, no.status)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("portal:hearing"))


def _page(request: HttpRequest, form: Hearing, status: int = 200) -> HttpResponse:
    context = {"form": form, "here": "notifications", **block(request)}
    return page(request, "portal/hearing.html", context, status=status)
