"""Forms of the desk: one for each verb that asks something, one for logging a contact, one for each inline fact.

A form only shapes what was typed; whether it may be done is the practice's to say, and its sentences come back
beside the fields (`take`).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Refusal
from quell.practices.incidents import facade

from . import queries, wording

#: Attributes of an input that suggests people while one types; what is found arrives in the list `people-found`.
FINDING = {
    "list": "people-found",
    "autocomplete": "off",
    "hx-get": "/people/suggest",
    "hx-trigger": "input changed delay:150ms",
    "hx-target": "#people-found",
    "hx-swap": "innerHTML",
}
NOBODY = ("", _("– nobody yet –"))
ANY = ("", _("– not chosen –"))


def take(form: forms.Form, refusal: Refusal) -> None:
    """Put the sentences of a refusal beside the fields they name, the rest above the form."""
    placed = False
    for error in refusal.errors:
        name = error.field if error.field in form.fields else None
        form.add_error(name, error.message)
        placed = True
    if not placed:
        form.add_error(None, refusal.sentence)


class Asked(forms.Form):
    """A form that gives only what was filled in, as the practice's verbs want it. `row` is the incident it asks
    about, `actor` the one who is asked."""

    def __init__(self, *args: Any, actor: Actor, row: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare(actor, row)

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        """Fill in what depends on actor and incident: choices, hints, what stands there now."""

    def data_for(self) -> dict[str, Any]:
        """Cleaned values without the empty ones; times as RFC 3339."""
        given: dict[str, Any] = {}
        for name, content in self.cleaned_data.items():
            if content in (None, ""):
                continue
            given[name] = content.isoformat() if hasattr(content, "isoformat") else content
        return given


def _text(
    label: Any, *, rows: int = 3, required: bool = True, message: Any = None, most: int = 2000
) -> forms.CharField:
    errors = {"required": message} if message else {}
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=errors,
    )


def worker_choices(actor: Actor, organisation_id: int | None) -> list[tuple[str, str]]:
    """Assignees with their teams, oneself first."""
    people = directory.workers(actor, organisation_id)
    people.sort(key=lambda one: one["email"] != actor.email)
    return [(one["email"], f"{one['name']} · {one['teams']}" if one["teams"] else one["name"]) for one in people]


class Assign(Asked):
    """Who works on it."""

    assignee = forms.ChoiceField(label=_("Agent"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        _choose(
            self,
            "assignee",
            [NOBODY, *worker_choices(actor, row["organisation_id"])],
            row.get("assignee"),
            row.get("assignee_name"),
        )
        _choose(
            self, "team", [ANY, *directory.teams(actor, row["organisation_id"])], row.get("team"), row.get("team_name")
        )

    def data_for(self) -> dict[str, Any]:
        """Nobody is said as null: the incident goes back to its team. An untouched team is not said at all."""
        given: dict[str, Any] = {"assignee": self.cleaned_data["assignee"] or None}
        team = self.cleaned_data["team"]
        if team and team != self.initial.get("team"):
            given["team"] = team
        return given


class Transfer(Asked):
    """To whom, why, and what they have to know. They accept it or give it back; the owner stays."""

    team = forms.ChoiceField(label=_("Team"), required=False)
    assignee = forms.ChoiceField(label=_("Person"), required=False)
    reason_code = forms.ChoiceField(label=_("Why"), required=False)
    reason = _text(_("In your words"), rows=2, required=False)
    note = _text(_("What they have to know"), rows=2, required=False, most=20_000)
    done = _text(_("What has been done already"), rows=2, required=False, most=20_000)

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        others = [one for one in directory.teams(actor, row["organisation_id"]) if one[0] != row.get("team")]
        same = _("– the same team –") if row.get("team") else _("– not chosen –")
        self.fields["team"].choices = [("", same), *others]  # type: ignore[attr-defined]
        self.fields["assignee"].choices = [  # type: ignore[attr-defined]
            ("", _("– anybody of the team –")),
            *worker_choices(actor, row["organisation_id"]),
        ]
        codes = facade.transfer_reasons(row["organisation_id"])
        self.fields["reason_code"].choices = [  # type: ignore[attr-defined]
            ANY,
            *((code, wording.TRANSFER_REASONS.get(code, code.replace("_", " ").capitalize())) for code in codes),
        ]
        self.fields["note"].help_text = _("The note and what was done stand in the history, for colleagues only.")

    def clean(self) -> dict[str, Any]:
        """Somebody to hand it to, and a reason."""
        given = super().clean() or {}
        if not (given.get("team") or given.get("assignee")) and "team" not in self.errors:
            self.add_error("team", _("Choose who takes over"))
        if not (given.get("reason") or given.get("reason_code")) and "reason" not in self.errors:
            self.add_error("reason", _("Tell them why"))
        return given


class GiveBack(Asked):
    """Why it goes back."""

    reason = _text(_("Why"), message=_("Tell them why it goes back"))


class Dispute(Asked):
    """Where somebody thinks it belongs."""

    team = forms.ChoiceField(label=_("Which team do you think it belongs to?"), required=False)
    reason = _text(_("Why"), message=_("Tell the lead why"))

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        self.fields["team"].choices = [ANY, *directory.teams(actor, row["organisation_id"])]  # type: ignore[attr-defined]


class Hold(Asked):
    """What it waits for, and until when."""

    hold_reason = forms.ChoiceField(label=_("Waiting for"), choices=wording.hold_choices)
    resume_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        error_messages={"invalid": _("Give a day and a time, such as 2026-11-24 09:00")},
        help_text=_("It comes back to its agent then. Left empty, after the usual days."),
    )
    note = _text(_("Note for colleagues"), required=False, most=20_000)


class Resolve(Asked):
    """How it was resolved."""

    resolution_code = forms.ChoiceField(
        label=_("How"), choices=lambda: wording.choices(wording.RESOLUTIONS, facade.RESOLUTION_CODES)
    )
    resolution = _text(_("What was done"), rows=4, message=_("Tell the requester what was done"), most=100_000)
    cause_code = forms.ChoiceField(
        label=_("Cause"), required=False, choices=lambda: [ANY, *wording.choices(wording.CAUSES, facade.CAUSE_CODES)]
    )
    children = forms.BooleanField(label=_("Resolve its open children with the same words"), required=False)

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        self.fields["resolution"].help_text = _("The requester reads this.")
        if not row.get("has_children"):
            del self.fields["children"]


class Reason(Asked):
    """Why: for cancelling and reopening."""

    reason = _text(_("Why"), message=_("Say why"), most=5000)

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        self.fields["reason"].help_text = _("The requester reads this.")


class Escalate(Asked):
    """More skill, or more authority."""

    kind = forms.ChoiceField(
        label=_("What is needed"),
        choices=[
            ("functional", _("More skill: another team or person works on it")),
            ("hierarchical", _("More authority: leads are called, the work stays")),
        ],
        widget=forms.RadioSelect,
        initial="functional",
    )
    to = forms.ChoiceField(label=_("To"), required=False)
    authority = forms.ChoiceField(
        label=_("More authority: whom to call"),
        required=False,
        choices=[
            ("time", _("The next step up the chain of managers")),
            ("authority", _("The first above who may lead here")),
            ("money", _("The first above who may decide on this amount")),
        ],
    )
    amount = forms.DecimalField(label=_("Amount"), required=False, min_value=0, max_digits=14, decimal_places=2)
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)
    reason = _text(_("Why"), message=_("Say why"))

    def data_for(self) -> dict[str, Any]:
        """Amount and currency belong to money alone, and the chain to authority."""
        given = super().data_for()
        if given["kind"] == "functional":
            given.pop("authority", None)
        if given.get("authority") != "money":
            given = {name: one for name, one in given.items() if name not in ("amount", "currency")}
        if "currency" in given:
            given["currency"] = given["currency"].upper()
        return given

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("– the leads of its team, then those above –")),
            (_("Teams"), directory.teams(actor, row["organisation_id"])),
            (_("People"), worker_choices(actor, row["organisation_id"])),
        ]


class DeEscalate(Asked):
    """Why an escalation is not needed any more."""

    reason = _text(_("Why"), message=_("Say why it is not needed any more"))

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        self.fields["reason"].help_text = _("It goes back to the level, the team and the person it came from.")


class Link(Asked):
    """What another record is to this one."""

    kind = forms.ChoiceField(label=_("This incident is"))
    to = forms.CharField(
        label=_("Number"), max_length=20, error_messages={"required": _("Give the other number, such as INC-000123")}
    )

    OFFERED = (
        "related_to",
        "child_of",
        "duplicate_of",
        "similar_to",
        "recurrence_of",
        "caused_by",
        "resolved_by",
        "depends_on",
    )

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        self.fields["kind"].choices = wording.choices(wording.LINKS, self.OFFERED)  # type: ignore[attr-defined]
        self.fields["to"].help_text = _("A duplicate is closed, and its requester follows the original.")


class Watch(Asked):
    """Who may follow it."""

    person = forms.EmailField(label=_("E-mail of the person"), error_messages={"required": _("Say with whom")})

    def prepare(self, actor: Actor, row: dict[str, Any]) -> None:
        self.fields["person"].help_text = _("They see the public part and hear of it.")
        self.fields["person"].widget.attrs |= FINDING


#: The form of each verb that asks something; verbs without one are done at once.
VERBS: dict[str, type[Asked]] = {
    "assign": Assign,
    "transfer": Transfer,
    "return": GiveBack,
    "dispute": Dispute,
    "hold": Hold,
    "resolve": Resolve,
    "reopen": Reason,
    "cancel": Reason,
    "escalate": Escalate,
    "de_escalate": DeEscalate,
    "link": Link,
    "watch": Watch,
}


def _choose(form: forms.Form, name: str, choices: list[Any], current: Any, label: Any = None) -> None:
    """Set choices; what stands there now stays choosable even when it is no longer offered."""
    known = {code for code, _label in choices}
    if current and current not in known:
        choices = [*choices, (current, label or current)]
    form.fields[name].choices = choices  # type: ignore[attr-defined]
    form.initial.setdefault(name, current or "")


class Fact(forms.Form):
    """One fact of an incident, edited in its place. The name of the field says which kind of control it gets."""

    NUMBERS = ("impact", "urgency", "affected_users", "priority")

    def __init__(self, *args: Any, name: str, actor: Actor, row: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        organisation_id = row["organisation_id"]
        label = wording.FIELDS[name]
        if name in ("impact", "urgency"):
            words = wording.IMPACTS if name == "impact" else wording.URGENCIES
            self._choice(label, wording.choices(words), row[name])
        elif name == "category":
            self._choice(label, [ANY, *facade.categories(organisation_id)], row["category"])
        elif name == "service":
            self._choice(label, [ANY, *queries.services(actor, organisation_id)], row["service"], row["service_name"])
        elif name == "team":
            self._choice(label, directory.teams(actor, organisation_id), row["team"], row["team_name"])
        elif name == "owner":
            self._choice(label, worker_choices(actor, organisation_id), row["owner"], row["owner_name"])
        elif name == "priority":
            levels = [("", _("as the matrix says")), *((level, f"P{level}") for level in range(1, 6))]
            self._choice(label, levels, row["priority"] if row["priority_source"] == "override" else "")
            self.fields["priority_note"] = forms.CharField(
                label=_("Why"), max_length=300, required=False, initial=row["priority_note"] or ""
            )
        elif name == "affected_users":
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=10_000_000, initial=row[name])
        elif name == "description":
            self.fields[name] = _text(label, rows=6, required=False, most=100_000)
            self.initial[name] = row[name]
        else:
            self.fields[name] = forms.CharField(label=label, max_length=250, initial=row[name])

    def _choice(self, label: Any, choices: list[Any], current: Any, words: Any = None) -> None:
        optional = any(code == "" for code, _label in choices)
        self.fields[self.name] = forms.ChoiceField(label=label, required=not optional)
        _choose(self, self.name, choices, current, words)

    def change(self) -> dict[str, Any]:
        """What to edit: the one fact, as the verb `edit` (or `assign`, for the team) wants it."""
        content = self.cleaned_data[self.name]
        if self.name in self.NUMBERS:
            content = int(content) if content not in (None, "") else None
        elif content == "" and self.name in ("category", "service"):
            content = None
        change = {self.name: content}
        if self.name == "priority" and content is not None:
            change["priority_note"] = self.cleaned_data["priority_note"]
        return change


#: Facts that can be edited in their place.
FACTS = (
    "impact",
    "urgency",
    "priority",
    "category",
    "service",
    "team",
    "owner",
    "affected_users",
    "title",
    "description",
)
