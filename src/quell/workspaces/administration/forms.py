"""The forms of administration. What is checked deeply is checked by the action; the forms carry its answer back to
the fields, and keep everything that was typed."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.kernel.config.refusal import Refusal, Stale

Choices = list[tuple[str, str]]


class Asked(forms.Form):
    """A form that can take a refusal. `version` guards against writing over somebody else's change."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    #: Names of the action's fields that have another name here.
    renamed: dict[str, str] = {}

    def refuse(self, no: Refusal) -> None:
        """Show a refusal beside the fields it names, else above the form. A stale form gets the present version, so
        that sending it again is a decision."""
        if isinstance(no, Stale) and isinstance(self.data, QueryDict):
            data = self.data.copy()
            data[self.add_prefix("version")] = str(no.version)
            self.data = data
        shown = False
        for error in no.errors:
            name = error.field.split(".")[0]
            name = self.renamed.get(name, name)
            self.add_error(name if name in self.fields else None, error.message)
            shown = True
        if not shown:
            self.add_error(None, no.sentence)

    def choose(self, name: str, choices: Choices) -> None:
        """Fill a choice."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def guard(self) -> int | None:
        """The version the person looked at."""
        return self.cleaned_data.get("version")

    def values(self, *names: str) -> dict[str, Any]:
        """The cleaned values under the names the action knows."""
        return {name: self.cleaned_data[name] for name in names}


def text(label: Any, *, length: int, required: bool = True, said: Any = "", **attributes: str) -> forms.CharField:
    """One line of text; `said` is the sentence when it is missing."""
    messages = {"required": said or gettext_lazy("This is needed.")}
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(label=label, max_length=length, required=required, error_messages=messages, widget=widget)


def mail_address(label: Any, *, autocomplete: str = "off", **attributes: str) -> forms.EmailField:
    """An e-mail address, with sentences of our own when there is none or it is not one."""
    return forms.EmailField(
        label=label,
        max_length=254,
        error_messages={
            "required": gettext_lazy("Give an e-mail address."),
            "invalid": gettext_lazy("This is not an e-mail address."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": autocomplete, **attributes}),
    )


def languages() -> Choices:
    """The languages of the product, with the browser's own first."""
    return [("", _("As their browser asks")), *((code, str(name)) for code, name in settings.LANGUAGES)]


@lru_cache(maxsize=1)
def zone_options() -> SafeString:
    """Every time zone as an option of a list to choose from while typing. Six hundred of them: written once, since
    rendering each as a form's choice takes longer than all the rest of the page."""
    known = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC")
    return format_html_join("", '<option value="{}"></option>', ((zone,) for zone in known))


class PersonFields(Asked):
    """What one knows about a person."""

    name = text(gettext_lazy("Name"), length=200, said=gettext_lazy("Give the person's name."))
    email = mail_address(gettext_lazy("E-mail"))
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))
    job_title = text(gettext_lazy("Job title"), length=120, required=False)
    phone = text(gettext_lazy("Phone"), length=40, required=False, inputmode="tel")
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    timezone = text(gettext_lazy("Time zone"), length=60, required=False, list="zones", placeholder="Europe/Paris")
    zone_options = staticmethod(zone_options)
    manager = mail_address(gettext_lazy("Manager"))
    approval_limit = forms.DecimalField(
        label=gettext_lazy("Decides on up to"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    approval_currency = text(gettext_lazy("Currency"), length=3, required=False, placeholder="DKK")
    vip = forms.BooleanField(
        label=gettext_lazy("VIP"),
        required=False,
        help_text=gettext_lazy("Their incidents count for more in the order of work."),
    )

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("organisation", organisations)
        self.choose("language", languages())
        self.fields["manager"].required = False
        self.fields["manager"].help_text = _("Their e-mail. An escalation climbs from manager to manager.")

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        facts = self.values("name", "email", "organisation", "job_title", "phone", "language", "timezone", "vip")
        facts["approval_limit"] = self.cleaned_data["approval_limit"]
        facts["approval_currency"] = self.cleaned_data["approval_currency"].upper()
        if "manager" in self.changed_data:  # one outside this person's reach is not shown, and so not taken away
            facts["manager"] = self.cleaned_data["manager"]
        return facts


class NewPerson(PersonFields):
    """A person, perhaps with a first role and team."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        help_text=gettext_lazy("Within their organisation. More roles can be added afterwards."),
    )
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    renamed = {"roles": "role", "teams": "team"}

    def __init__(self, *args: Any, roles: Choices, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("role", [("", _("None: reports and follows their own requests")), *roles])
        self.choose("team", [("", _("None")), *teams])


class NewGrant(Asked):
    """A role, where it holds, and perhaps for one team only."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    place = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Only for the team"), required=False)
    renamed = {"roles": "role"}

    def __init__(self, *args: Any, roles: Choices, places: Choices, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("role", roles)
        self.choose("place", places)
        self.choose("team", [("", _("All of it")), *teams])


class JoinTeam(Asked):
    """A team to put somebody into."""

    team = forms.ChoiceField(label=gettext_lazy("Team"))
    renamed = {"teams": "team"}

    def __init__(self, *args: Any, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("team", teams)


CODE_HINT = gettext_lazy("Letters, digits and hyphens; stays as it is.")
CODE_SAID = gettext_lazy("Give a short code.")


class OrganisationForm(Asked):
    """An organisation's name and place in the tree; the code only when it is new."""

    name = text(gettext_lazy("Name"), length=200, said=gettext_lazy("Give the organisation's name."))
    code = text(gettext_lazy("Code"), length=60, said=CODE_SAID)
    parent = forms.ChoiceField(label=gettext_lazy("Belongs to"), required=False)

    def __init__(self, *args: Any, parents: Choices, new: bool, may_be_root: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        top = [("", _("Nothing: stands at the top"))] if may_be_root else []
        self.choose("parent", [*top, *parents])
        self.fields["code"].help_text = CODE_HINT
        if not new:
            del self.fields["code"]


class TeamForm(Asked):
    """A team's name and organisation."""

    name = text(gettext_lazy("Name"), length=200, said=gettext_lazy("Give the team's name."))
    code = text(gettext_lazy("Code"), length=60, said=CODE_SAID)
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("organisation", organisations)
        self.fields["code"].help_text = CODE_HINT


class TeamName(Asked):
    """Another name for a team."""

    name = text(gettext_lazy("Name"), length=200, said=gettext_lazy("Give the team's name."))


class NewMember(Asked):
    """Somebody to put into a team, by e-mail."""

    email = mail_address(gettext_lazy("E-mail"), list="members-known")
    lead = forms.BooleanField(label=gettext_lazy("Leads the team"), required=False)
    renamed = {"members": "email", "leads": "email"}


class RoleForm(Asked):
    """A role of one's own: a name for some capabilities."""

    name = text(gettext_lazy("Name"), length=120, said=gettext_lazy("Give the role a name."))
    code = text(gettext_lazy("Code"), length=60, said=CODE_SAID)
    description = text(gettext_lazy("What it is for"), length=300, required=False)
    capabilities = forms.MultipleChoiceField(
        label=gettext_lazy("May"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, capabilities: Choices, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["capabilities"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = capabilities
        self.fields["code"].help_text = CODE_HINT
        if not new:
            del self.fields["code"]


class CategoryForm(Asked):
    """A new category, at the top or below another."""

    name = text(gettext_lazy("Name"), length=120, said=gettext_lazy("Give the category a name."))
    parent = forms.ChoiceField(label=gettext_lazy("Below"), required=False)

    def __init__(self, *args: Any, parents: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("parent", [("", _("Nothing: stands at the top")), *parents])


class Discard(Asked):
    """Why dead letters are thrown away."""

    reason = text(gettext_lazy("Why"), length=500, said=gettext_lazy("Say why these are discarded."))
