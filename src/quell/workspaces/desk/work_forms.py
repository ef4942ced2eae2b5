"""Forms of tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from .forms import FINDING

_AT = "%Y-%m-%dT%H:%M"
_PERSON = {**FINDING, "placeholder": gettext_lazy("name or e-mail")}


def first_fault(form: forms.Form) -> str:
    """The first sentence of a form that was not accepted."""
    return str(next(iter(form.errors.values()))[0])


def _due(**look: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=gettext_lazy("Due"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", **look}, format=_AT),
        input_formats=[_AT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": gettext_lazy("Give a day and a time, such as 2026-11-24 09:00")},
    )


class NewTask(forms.Form):
    """What is to be done; by whom and until when may be said later."""

    title = forms.CharField(
        label=gettext_lazy("New task"),
        max_length=250,
        error_messages={"required": gettext_lazy("Say what is to be done.")},
    )
    assignee = forms.CharField(
        label=gettext_lazy("Who"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={**_PERSON, "class": "input"}),
    )
    due_at = _due(**{"class": "input"})

    def data_for(self) -> dict[str, Any]:
        """As tasks want it, without what is empty."""
        return {name: content for name, content in self.cleaned_data.items() if content not in (None, "")}


class EditTask(forms.Form):
    """What a task says, who does it, until when."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=250)
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    assignee = forms.CharField(
        label=gettext_lazy("Who"), max_length=254, required=False, widget=forms.TextInput(attrs=_PERSON)
    )
    team = forms.CharField(label=gettext_lazy("Team (code)"), max_length=60, required=False)
    due_at = _due()
    required = forms.BooleanField(label=gettext_lazy("Required"), required=False)

    @classmethod
    def of(cls, row: dict[str, Any]) -> EditTask:
        """The form with what stands there now, its fields named apart from those of other tasks."""
        due = timezone.localtime(row["due_at"]) if row["due_at"] else None
        stands = {name: row[name] or "" for name in ("title", "description", "assignee", "team")}
        return cls(initial={**stands, "due_at": due, "required": row["required"]}, auto_id=f"{row['number']}-%s")

    def facts(self, row: dict[str, Any]) -> dict[str, Any]:
        """The facts that differ from those of the row."""
        given = self.cleaned_data
        same_minute = row["due_at"] and given["due_at"] and abs((row["due_at"] - given["due_at"]).total_seconds()) < 60
        changes = {n: given[n] for n in ("title", "description", "required") if given[n] != row[n]}
        if not same_minute and given["due_at"] != row["due_at"]:
            changes["due_at"] = given["due_at"]
        return changes

    def hands(self, row: dict[str, Any]) -> dict[str, Any]:
        """Who does it, where that differs."""
        given = self.cleaned_data
        return {n: given[n] or None for n in ("assignee", "team") if given[n] != (row[n] or "")}
