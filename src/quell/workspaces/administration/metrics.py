"""Metrics: what is measured, and under which conditions its clock starts, stops and pauses."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.agreements import facade

from .agreements import MANAGE, open_to_readers, trail
from .doors import door, nothing_here, page
from .forms import CODE_HINT, CODE_SAID, Asked, text
from .listing import asked

Row = dict[str, Any]


def _condition(label: Any, *, required: bool = False, hint: Any = "", rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1000,
        required=required,
        help_text=hint,
        error_messages={"required": gettext_lazy("This is needed.")},
        widget=forms.Textarea(attrs={"rows": rows, "class": "mono", "spellcheck": "false", "autocapitalize": "off"}),
    )


class MetricForm(Asked):
    """A metric; its code only when it is new."""

    name = text(gettext_lazy("Name"), length=120, said=gettext_lazy("Give the metric a name."))
    code = text(gettext_lazy("Code"), length=60, said=CODE_SAID)
    description = text(gettext_lazy("What it measures"), length=500, required=False)
    kinds = text(gettext_lazy("Kinds of records"), length=200, required=False, placeholder="incident")
    start = _condition(gettext_lazy("Starts when"), required=True)
    stop = _condition(gettext_lazy("Stops when"), required=True)
    cancel = _condition(gettext_lazy("Counts for nothing when"))
    reset = _condition(gettext_lazy("Begins anew when"))
    pauses = forms.CharField(
        label=gettext_lazy("Pauses while"),
        max_length=8000,
        required=False,
        help_text=gettext_lazy("One reason a line with its condition. An agreement says which of them really pause."),
        widget=forms.Textarea(
            attrs={"rows": 7, "class": "mono", "spellcheck": "false", "autocapitalize": "off",
                   "placeholder": "requester = state:on_hold hold_reason:requester"}
        ),
    )  # fmt: skip
    recurring = forms.BooleanField(
        label=gettext_lazy("Starts again after each stop"), required=False,
        help_text=gettext_lazy("As for the next update: each answer ends one wait and begins the next."),
    )  # fmt: skip
    per_holder = forms.ChoiceField(label=gettext_lazy("Clocks"), required=False)
    active = forms.BooleanField(label=gettext_lazy("New agreements may promise it"), required=False, initial=True)

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("per_holder", [("", _("one for the record")), ("team", _("one for each team that has it"))])
        self.fields["kinds"].help_text = _("Separated by commas. Empty: all kinds.")
        self.fields["code"].help_text = CODE_HINT
        if new:
            del self.fields["active"]
        else:
            del self.fields["code"]

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        given = self.values(*(name for name in self.fields if name != "version"))
        given["kinds"] = [word for word in re.split(r"[,;\s]+", given["kinds"].strip()) if word]
        given["pauses"] = {}
        for line in self.cleaned_data["pauses"].splitlines():
            reason, _sign, condition = line.partition("=")
            if line.strip():
                given["pauses"][reason.strip()] = condition.strip()
        return given

    @staticmethod
    def initial_of(row: Row) -> Row:
        """A metric as the form shows it."""
        pauses = "\n".join(f"{reason} = {condition}" for reason, condition in row["pauses"].items())
        return {**row, "kinds": ", ".join(row["kinds"]), "pauses": pauses}


@require_safe
@open_to_readers
def metrics(request: HttpRequest) -> HttpResponse:
    """Every metric in its newest version."""
    actor = actor_of(request)
    context = {
        "rows": facade.metrics(actor),
        "may_change": facade.may_measure(actor),
        "trail": [trail(), {"label": _("Metrics"), "url": ""}],
    }
    return page(request, "metrics", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door(*MANAGE, whole_instance=True)
def new_metric(request: HttpRequest) -> HttpResponse:
    """A metric of one's own, perhaps begun as a copy of another (`?copy=code`)."""
    actor = actor_of(request)
    copied = next((one for one in facade.metrics(actor) if one["code"] == asked(request, "copy")), None)
    initial = MetricForm.initial_of(copied) if copied else {}
    if copied:
        initial |= {"code": f"{copied['code']}-2", "name": _("%(name)s (copy)") % {"name": copied["name"]}}
        initial.pop("version", None)
    form = MetricForm(request.POST if request.method == "POST" else None, initial=initial, new=True)
    if form.is_bound and form.is_valid():
        try:
            facade.create_metric(actor, form.facts())
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("It can be promised now."))
            return HttpResponseRedirect(reverse("administration:metrics"))
    context = {
        "form": form, "row": None, "versions": [],
        "trail": [trail(), _above(), {"label": _("New metric"), "url": ""}],
    }  # fmt: skip
    return page(request, "metric", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_readers
def metric(request: HttpRequest, code: str) -> HttpResponse:
    """One metric with its earlier versions; a POST makes its next version."""
    actor = actor_of(request)
    versions = facade.metric_versions(actor, code)
    row = versions[0]
    may_change = facade.may_measure(actor)
    if request.method == "POST" and not may_change:
        raise nothing_here()
    form = MetricForm(request.POST if request.method == "POST" else None, initial=MetricForm.initial_of(row), new=False)
    if form.is_bound and form.is_valid():
        try:
            number = facade.change_metric(actor, code, form.facts(), version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            said = _("This is version %(number)d now. What has been agreed keeps its own.") % {"number": number}
            messages.success(request, said if number != row["version"] else _("Nothing was changed."))
            return HttpResponseRedirect(reverse("administration:metric", args=[code]))
    context = {
        "form": form, "row": row, "versions": versions, "may_change": may_change,
        "trail": [trail(), _above(), {"label": row["name"], "url": ""}],
    }  # fmt: skip
    return page(request, "metric", context, status=422 if form.is_bound else 200)


def _above() -> dict[str, str]:
    return {"label": _("Metrics"), "url": reverse("administration:metrics")}
