"""Writing the version of an agreement that is not agreed yet: its days, what it covers, its targets and its texts."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.agreements import facade
from quell.practices.services import facade as services

from . import agreement_targets
from .agreements import ALL_SERVICES, MANAGE, managed, trail
from .doors import door, page
from .forms import Asked, text

Row = dict[str, Any]
#: Lines for credits, beside those that are there.
TIERS = 3


def _day(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Give a day such as 2026-12-31.")},
    )


def _words(label: Any, hint: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=20_000, required=False, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


class VersionForm(Asked):
    """A version without its targets, which stand in a table of their own."""

    valid_from = _day(gettext_lazy("Holds from"), required=True)
    valid_until = _day(gettext_lazy("Holds until"), hint=gettext_lazy("The last day. Empty: until it is replaced."))
    review_on = _day(gettext_lazy("Review"), hint=gettext_lazy("When both sides look at it again."))
    review_lead_days = forms.IntegerField(
        label=gettext_lazy("Tell the owner (days before)"), min_value=0, max_value=365
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services it is for"),
        required=False,
        help_text=gettext_lazy("None ticked: all of them."),
        widget=forms.CheckboxSelectMultiple,
    )
    apply_to_open = forms.BooleanField(
        label=gettext_lazy("Applies to open records too"),
        required=False,
        help_text=gettext_lazy("Otherwise what is open stays on the version it began with."),
    )
    summary = _words(gettext_lazy("What it is about"))
    exclusions = _words(
        gettext_lazy("What does not count"),
        gettext_lazy("Planned maintenance, what the customer causes, force majeure."),
    )
    reporting = _words(gettext_lazy("Reports"), gettext_lazy("What is reported to whom, how often."))
    penalties = _words(gettext_lazy("If it is not kept"), gettext_lazy("What follows, in words."))
    routes = _words(
        gettext_lazy("Who works on it one after the other"),
        gettext_lazy("Codes of OLAs and suppliers' contracts, one route a line. Empty: worked out from all that fit."),
        rows=2,
    )

    def __init__(self, *args: Any, actor: Actor, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(row["code"], row["name"]) for row in services.services(actor, ALL_SERVICES)]
        self.fields["services"].choices = offered  # type: ignore[attr-defined]
        for n in range(TIERS):
            self.fields[f"below_{n}"] = text(_("Kept below (%)"), length=6, required=False, inputmode="decimal")
            self.fields[f"credit_{n}"] = text(_("Credit (% of the fee)"), length=6, required=False, inputmode="decimal")
            self.fields[f"tier_{n}"] = text(_("And"), length=300, required=False)
        if kind != "sla":
            del self.fields["routes"]

    def tiers(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each line of credits."""
        return [(self[f"below_{n}"], self[f"credit_{n}"], self[f"tier_{n}"]) for n in range(TIERS)]

    def facts(self) -> dict[str, Any]:
        """As the action takes them."""
        given = self.cleaned_data
        plain = (
            "valid_from", "valid_until", "review_on", "review_lead_days", "services", "apply_to_open", "summary",
            "exclusions", "reporting", "penalties",
        )  # fmt: skip
        facts: dict[str, Any] = {name: given[name] for name in plain}
        facts["tiers"] = [
            {
                "below": _number(given[f"below_{n}"]),
                "credit": _number(given[f"credit_{n}"]) or "0",
                "text": given[f"tier_{n}"],
            }
            for n in range(TIERS)
            if given[f"below_{n}"].strip()
        ]
        if "routes" in self.fields:
            lines = [re.split(r"[,;→>\s]+", line.strip()) for line in given["routes"].splitlines() if line.strip()]
            facts["routes"] = [[code for code in line if code] for line in lines]
        return facts

    @staticmethod
    def initial_of(version: Row) -> dict[str, Any]:
        """A version as the form shows it."""
        initial = {**version, "routes": "\n".join(" → ".join(route) for route in version["routes"])}
        initial.pop("version", None)
        for n, tier in enumerate(version["tiers"][:TIERS]):
            initial |= {f"below_{n}": tier["below"], f"credit_{n}": tier["credit"], f"tier_{n}": tier["text"]}
        return initial


@require_http_methods(["GET", "HEAD", "POST"])
@door(*MANAGE)
def write_agreement(request: HttpRequest, code: str) -> HttpResponse:
    """The form of the version that is being written; without one, back to the agreement."""
    actor = actor_of(request)
    row = managed(actor, code)
    version = next((one for one in row["versions"] if one["open"]), None)
    back = reverse("administration:agreement", args=[code])
    if version is None:
        messages.error(request, _("No version of this agreement is being written. Begin the next one first."))
        return HttpResponseRedirect(back)
    calendars = facade.calendar_choices(actor)
    codes = [calendar for calendar, _name in calendars]
    posted = request.method == "POST"
    initial = {**VersionForm.initial_of(version), "version": row["version"]}
    form = VersionForm(request.POST if posted else None, initial=initial, actor=actor, kind=row["kind"])
    sheet = agreement_targets.of_post(request.POST, codes) if posted else agreement_targets.of_version(
        version["targets"], codes
    )  # fmt: skip
    if posted and form.is_valid():
        targets, places = sheet.targets()
        if not sheet.faults and _kept(actor, code, form, sheet, {**form.facts(), "targets": targets}, places):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(f"{back}?version={version['number']}")
    if sheet.faults:
        for place, sentence in sheet.faults.items() if form.is_bound else ():
            form.add_error(None, format_html('<a href="#{}">{} – {}</a>', place, sheet.called(place), sentence))
    context = {
        "row": row,
        "number": version["number"],
        "signed": bool(version["signatures"]),
        "form": form,
        "sheet": sheet,
        "columns": [(metric, facade.metric_name(metric, _names(actor).get(metric, metric))) for metric in
                    agreement_targets.COLUMNS],
        "metrics": [(one["code"], one["name"]) for one in facade.metrics(actor) if one["active"]],
        "calendars": calendars,
        "target_kinds": facade.target_kinds(),
        "policies": facade.policies(),
        "policy_labels": policy_labels(),
        "pauses": [(reason, facade.pause_word(reason)) for reason in facade.PAUSE_REASONS],
        "trail": [
            trail(), {"label": row["name"], "url": back},
            {"label": _("Version %(number)s", ) % {"number": version["number"]}, "url": ""},
        ],
    }  # fmt: skip
    return page(request, "agreement_draft", context, status=422 if posted else 200)


def policy_labels() -> dict[str, str]:
    """What each policy of a target is about."""
    return {
        "on_change": _("When priority or service change"),
        "on_reopen": _("When it is reopened"),
        "breach_rule": _("Broken"),
        "start_rule": _("Begins"),
    }


def _kept(
    actor: Actor, code: str, form: VersionForm, sheet: agreement_targets.Sheet, data: Row, places: list[str]
) -> bool:
    """Keep it; what was wrong is put beside where it stands."""
    try:
        facade.write(actor, code, data, version=form.guard)
    except Refusal as no:
        errors = {error.field: error.message for error in no.errors}
        for sentence in agreement_targets.refused(sheet, places, errors):
            form.add_error(None, sentence)
        others = [error for error in no.errors if not error.field.startswith("targets")]
        if others or not no.errors:
            no.errors = tuple(others)
            form.refuse(no)
        return False
    return True


def _names(actor: Actor) -> dict[str, str]:
    return {one["code"]: one["name"] for one in facade.metrics(actor)}


def _number(typed: str) -> str:
    return typed.strip().replace(",", ".").rstrip("% ")
