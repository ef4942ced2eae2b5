"""The forms of the set-up. Each is small: what is asked here in a line has its long form in administration."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.kernel.config.refusal import FieldError, Invalid, Refusal

from . import starting
from .forms import Asked, Choices, mail_address, text, zone_options


def area(label: Any, hint: Any, rows: int = 4) -> forms.CharField:
    """Several lines, one thing a line."""
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=10_000, widget=widget)


def ticks(label: Any) -> forms.MultipleChoiceField:
    """Suggestions to tick."""
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


class OrganisationStep(Asked):
    """Who one is, and how many do the work."""

    name = text(
        gettext_lazy("Name of your organisation"), length=200, said=gettext_lazy("Give the organisation's name.")
    )
    size = forms.ChoiceField(
        label=gettext_lazy("How many work in IT?"),
        help_text=gettext_lazy("It decides which teams and services are suggested later; nothing else."),
        choices=starting.SIZES,
        widget=forms.RadioSelect,
    )


class SettingsForm(Asked):
    """Fields that are settings; `of` names the setting of each."""

    of: dict[str, str] = {}

    def settings(self) -> dict[str, Any]:
        """The values under the keys of the settings; what is empty goes back to how it came."""
        return {key: self.cleaned_data[name].strip() or None for name, key in self.of.items()}

    def refuse(self, no: Refusal) -> None:
        """Refusals name the setting, the form has a field for it."""
        names = {key: name for name, key in self.of.items()}
        errors = [FieldError(names.get(error.field, error.field), error.message) for error in no.errors]
        super().refuse(Invalid(no.sentence, errors=errors))


class PhoneForm(SettingsForm):
    """What the sign-in page tells people who cannot get in."""

    phone = text(
        gettext_lazy("Telephone of the service desk"), length=40, required=False, inputmode="tel", autocomplete="off"
    )
    of = {"phone": "desk.phone"}


class TrialForm(Asked):
    """Where the test mail goes."""

    to = mail_address(gettext_lazy("Send it to"), autocomplete="email")


class HoursForm(SettingsForm):
    """When somebody is there."""

    hours = text(gettext_lazy("Hours"), length=200, required=False, placeholder="Mon–Fri 07–19, Sat 9–12")
    zone = text(gettext_lazy("Time zone"), length=60, required=False, list="zones", placeholder="Europe/Copenhagen")
    closed = text(gettext_lazy("Closed days"), length=2000, required=False, placeholder="2026-12-24, 2026-12-25")
    of = {"hours": "desk.hours", "zone": "desk.zone", "closed": "desk.closed"}
    zone_options = staticmethod(zone_options)


class SuggestedForm(Asked):
    """Suggestions to tick, and others by name; without a suggestion there is nothing to tick."""

    suggested = ticks(gettext_lazy("Suggested"))
    others = area("", gettext_lazy("One name a line."))

    def __init__(self, *args: Any, suggested: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["suggested"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = suggested
        if not suggested:
            del self.fields["suggested"]


class TeamsForm(SuggestedForm):
    """Teams to tick, and others by name."""

    others = area(gettext_lazy("Other teams"), gettext_lazy("One name a line."), rows=2)


class PeopleForm(Asked):
    """Colleagues to invite, what they do, and their team."""

    people = area(
        gettext_lazy("Colleagues"), gettext_lazy("One a line: Ida Holm <ida@example.com>, or a comma between.")
    )
    role = forms.ChoiceField(label=gettext_lazy("They are"))
    team = forms.ChoiceField(label=gettext_lazy("In the team"), required=False)

    def __init__(self, *args: Any, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].required = True
        self.fields["people"].error_messages["required"] = _("Name somebody.")
        self.choose("team", [("", _("None")), *teams])
        self.choose(
            "role",
            [
                ("agent", _("Agents: work on what is reported")),
                ("desk-lead", _("Leads of the desk: see and decide everything there")),
                ("administrator", _("Administrators: also look after people and settings, everywhere")),
                ("", _("Requesters: report and follow their own")),
            ],
        )


class ServicesForm(SuggestedForm):
    """Services to tick, and others by name."""

    others = area(gettext_lazy("Other services"), gettext_lazy("One name a line."), rows=3)


class CategoriesForm(Asked):
    """Categories of one's own."""

    names = area(gettext_lazy("More categories"), gettext_lazy("One name a line."), rows=2)


class TryForm(Asked):
    """A first report. Sent twice, it is filed once."""

    title = text(gettext_lazy("What is wrong?"), length=250, said=gettext_lazy("Tell us what is wrong"))
    token = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = lambda: secrets.token_urlsafe(16)
