"""How an organisation's people hear of things unless they choose otherwise: a channel for each reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.actions.directory import notices
from quell.kernel.config.refusal import Refusal
from quell.kernel.notify.preferences import NEWS, channels_of, told_by
from quell.kernel.ui.signed_in import actor_of

from . import history, queries
from .doors import door, nothing_here, page, reach
from .forms import Asked
from .listing import asked
from .places import Place

ABOVE = "default"
#: Those who report come first, then those who work for them, by closeness.
GROUPS = (
    (gettext_lazy("Everybody"), ("requester", "watching", "mentioned", NEWS)),
    (
        gettext_lazy("Those who work for others"),
        ("assigned", "unassigned", "escalated", "owner", "team", "queue", "promise", "breach", "held", "reminder"),
    ),
)
REASONS = {
    "requester": (gettext_lazy("Own requests"), gettext_lazy("Somebody answers, or their state changes.")),
    "watching": (gettext_lazy("Shared with them"), gettext_lazy("What they follow or was shared with them.")),
    "mentioned": (gettext_lazy("Mentioned"), gettext_lazy("Somebody writes their name with an @.")),
    NEWS: (
        gettext_lazy("Announcements"),
        gettext_lazy("What they said “me too” to. An outage is always told at once, whatever stands here."),
    ),
    "assigned": (gettext_lazy("Assigned to them"), gettext_lazy("Work comes into their hands, or moves there.")),
    "unassigned": (gettext_lazy("Nobody has taken it"), gettext_lazy("The alarm for leads: work lies too long.")),
    "escalated": (gettext_lazy("They are called"), gettext_lazy("An escalation, or a hand-over to be decided.")),
    "owner": (gettext_lazy("They own it"), gettext_lazy("What they answer for moves on in other hands.")),
    "team": (gettext_lazy("Their team"), gettext_lazy("Work comes to a team of theirs.")),
    "queue": (gettext_lazy("New in the common queue"), gettext_lazy("A report that nobody has been given.")),
    "promise": (gettext_lazy("A promise runs out"), gettext_lazy("Part of the time promised is used up.")),
    "breach": (gettext_lazy("A promise is broken"), gettext_lazy("More time has passed than was promised.")),
    "held": (gettext_lazy("A reply is held"), gettext_lazy("Somebody else wrote first.")),
    "reminder": (gettext_lazy("Their reminders"), gettext_lazy("What they asked to be reminded of.")),
}
CHANNEL_WORDS = {
    "none": gettext_lazy("Not at all"),
    "inbox": gettext_lazy("Inbox only"),
    "digest": gettext_lazy("Inbox and daily mail"),
    "email": gettext_lazy("Inbox and mail at once"),
}


class Channels(Asked):
    """A choice for each reason; what is left as it is follows the organisation above, or what Quell ships."""

    def __init__(self, *args: Any, own: Mapping[str, str], above: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for reason in REASONS:
            label, help_text = REASONS[reason]
            words = [(code, CHANNEL_WORDS[code]) for code in channels_of(reason)]
            usual = _("As above: %(channel)s") % {"channel": CHANNEL_WORDS[told_by(reason, above[reason])]}
            self.fields[reason] = forms.ChoiceField(
                label=label,
                help_text=help_text,
                choices=[(ABOVE, usual), *words],
                initial=told_by(reason, own.get(reason, ABOVE)),
            )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(str(heading), [self[reason] for reason in reasons]) for heading, reasons in GROUPS]


def find_words() -> str:
    """Everything by which the search for settings finds this page."""
    words = [f"{label} {help_text}" for label, help_text in REASONS.values()]
    return " ".join([*words, *(str(one) for one in CHANNEL_WORDS.values())])


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def notifications(request: HttpRequest) -> HttpResponse:
    """The channels of an organisation; a POST saves all that differ, or none."""
    actor = actor_of(request)
    place = _place(request, actor)
    _holds, own, version = notices.wishes_of_organisation(actor, place.code)
    above = notices.above_organisation(actor, place.code)
    if request.method != "POST":
        form = Channels(own=own, above=above, initial={"version": version})
        return _page(request, place, form)
    form = Channels(request.POST, own=own, above=above)
    if not form.is_valid():
        return _page(request, place, form, 422)
    try:
        notices.change_of_organisation(actor, place.code, {"reasons": form.values(*REASONS)}, version=form.guard)
    except Refusal as no:
        form.refuse(no)
        return _page(request, place, form, no.status)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("administration:notifications") + place.query)


def _place(request: HttpRequest, actor: Actor) -> Place:
    """The organisation asked for, else the first they look after: a person belongs to one, so there is no instance
    here. Raises NotFound for one that is not theirs."""
    far = reach(actor, SETTINGS_MANAGE)
    rows = queries.organisations(far)
    code = asked(request, "organisation")
    row = next((one for one in rows if code in ("", one["code"])), None)
    if row is None:
        raise nothing_here()
    return Place(row["id"], row["code"], row["name"], queries.choices(rows), far)


def _page(request: HttpRequest, place: Place, form: Channels, status: int = 200) -> HttpResponse:
    last = history.of_subject(place.far, notices.DEFAULTS, place.id or 0, limit=5)
    context = {"place": place, "form": form, "lines": last, "trail": [{"label": _("Notifications"), "url": ""}]}
    return page(request, "notifications", context, status=status)
