"""Forms of time worked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.practices.worklog import facade as worklog

WORK_TYPES = {
    "analysis": gettext_lazy("Analysis"),
    "repair": gettext_lazy("Repair"),
    "talking": gettext_lazy("Talking"),
    "waiting": gettext_lazy("Waiting"),
    "travel": gettext_lazy("Travel"),
    "writing": gettext_lazy("Writing"),
    "other": gettext_lazy("Other"),
}


class Duration(forms.CharField):
    """A duration as people write it; cleaned, it is whole seconds."""

    def clean(self, value: Any) -> Any:
        """Seconds, or None when nothing was typed and nothing is needed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return worklog.read_duration(text)
        except ValueError:
            raise forms.ValidationError(_("Write a duration such as 1:30, 90 or 1.5h.")) from None


class Spent(forms.Form):
    """Time that no clock has counted."""

    duration = Duration(
        label=gettext_lazy("How long"),
        max_length=12,
        help_text=gettext_lazy("1:30, 1.5h, or minutes"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    work_type = forms.ChoiceField(label=gettext_lazy("Kind of work"), choices=list(WORK_TYPES.items()), initial="other")
    note = forms.CharField(label=gettext_lazy("What was done"), max_length=500, required=False)
    started_at = forms.DateTimeField(
        label=gettext_lazy("Begun at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy("Empty: it has just ended."),
        error_messages={"invalid": gettext_lazy("Give a day and a time, such as 2026-11-24 09:00")},
    )
    billable = forms.BooleanField(label=gettext_lazy("Billable"), required=False)

    def data_for(self) -> dict[str, Any]:
        """As the worklog wants it."""
        given = self.cleaned_data
        found: dict[str, Any] = {
            "seconds": given["duration"],
            "work_type": given["work_type"],
            "note": given["note"],
            "billable": given["billable"],
        }
        if isinstance(given["started_at"], datetime):
            found["started_at"] = given["started_at"]
        return found


class Written(Spent):
    """The same, with the record it was on: for the page of one's week."""

    record = forms.CharField(label=gettext_lazy("Number"), max_length=20)
    field_order = ["record", "duration", "work_type", "note", "started_at", "billable"]


class Correct(forms.Form):
    """What to change in an entry, and why."""

    duration = Duration(label=gettext_lazy("How long"), max_length=12, required=False)
    note = forms.CharField(label=gettext_lazy("What was done"), max_length=500, required=False)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500)
