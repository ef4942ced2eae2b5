"""The form of a macro: what it writes, which facts it sets, who works on it, where it goes, which tasks it adds. Steps
that this form cannot say (made by a program) are shown and changed as data."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.kernel.access import directory
from quell.kernel.access.actor import Actor
from quell.practices.incidents import facade as incidents
from quell.practices.servicedesk import facade

from . import queries, wording
from .forms import worker_choices
from .keeping import LANGUAGES, Kept

ME = "{{ agent.email }}"
_STATES = (
    ("", gettext_lazy("– as it is –")),
    ("start", gettext_lazy("Begin work")),
    ("hold", gettext_lazy("Put on hold")),
    ("resolve", gettext_lazy("Resolve")),
)
_WRITES = (
    ("", gettext_lazy("Nothing")),
    ("public", gettext_lazy("A reply to the requester")),
    ("internal", gettext_lazy("An internal note")),
)
FACTS = ("impact", "urgency", "category", "service")


class MacroForm(Kept):
    """Name and place, then the steps in the order in which they happen."""

    tasks = forms.CharField(
        label=gettext_lazy("Tasks to add"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line."),
    )  # fmt: skip
    assignee = forms.ChoiceField(label=gettext_lazy("Agent"), required=False)
    to_team = forms.ChoiceField(label=gettext_lazy("Team that works on it"), required=False)
    impact = forms.ChoiceField(label=gettext_lazy("Impact"), required=False)
    urgency = forms.ChoiceField(label=gettext_lazy("Urgency"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    writes = forms.ChoiceField(label=gettext_lazy("Writes"), required=False, choices=_WRITES, widget=forms.RadioSelect)
    state = forms.ChoiceField(label=gettext_lazy("Then"), required=False, choices=_STATES)
    hold_reason = forms.ChoiceField(label=gettext_lazy("Waiting for"), required=False)
    hold_days = forms.IntegerField(label=gettext_lazy("For (days)"), required=False, min_value=1, max_value=90)
    resolution_code = forms.ChoiceField(label=gettext_lazy("Resolved how"), required=False)
    resolution = forms.CharField(
        label=gettext_lazy("What was done"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The requester reads this."),
    )  # fmt: skip
    as_data = forms.CharField(
        label=gettext_lazy("Steps as data"), required=False, max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 12, "class": "mono", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, raw: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        same = ("", _("– as it is –"))
        offered: dict[str, list[Any]] = {
            "assignee": [same, (ME, _("Whoever runs it")), *worker_choices(actor, actor.organisation_id)],
            "to_team": [same, *directory.teams(actor, None)],
            "impact": [same, *((str(code), words) for code, words in wording.choices(wording.IMPACTS))],
            "urgency": [same, *((str(code), words) for code, words in wording.choices(wording.URGENCIES))],
            "category": [same, *incidents.categories(actor.organisation_id)],
            "service": [same, *queries.services(actor, None)],
            "hold_reason": wording.hold_choices(),
            "resolution_code": wording.choices(wording.RESOLUTIONS, incidents.RESOLUTION_CODES),
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for field, (_code, words) in LANGUAGES.items():
            self.fields[field] = forms.CharField(
                label=words, required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
            )
        if not raw:
            del self.fields["as_data"]

    def steps(self) -> list[dict[str, Any]]:
        """The steps in their order: tasks, hands, facts, words, state."""
        given = self.cleaned_data
        if given.get("as_data", "").strip():
            found = json.loads(given["as_data"])
            return found if isinstance(found, list) else [found]
        steps = [step("add_task", title=line.strip()) for line in given["tasks"].splitlines() if line.strip()]
        hands = {"assignee": given["assignee"], "team": given["to_team"]}
        if any(hands.values()):
            steps.append(step("assign", **{name: text for name, text in hands.items() if text}))
        facts = {name: given[name] for name in FACTS if given[name]}
        if facts:
            numbers = {name: int(text) for name, text in facts.items() if name in ("impact", "urgency")}
            steps.append(step("edit", **{**facts, **numbers}))
        texts = {code: text for field, (code, _n) in LANGUAGES.items() if (text := given[field])}
        if given["writes"] and texts:
            steps.append(step("comment", body=texts, visibility=given["writes"]))
        return [*steps, *self._state()]

    def _state(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        if given["state"] == "start":
            return [step("start")]
        if given["state"] == "hold":
            until = {"resume_at": f"+{given['hold_days']}d"} if given["hold_days"] else {}
            return [step("hold", hold_reason=given["hold_reason"], **until)]
        if given["state"] == "resolve":
            return [step("resolve", resolution_code=given["resolution_code"], resolution=given["resolution"])]
        return []

    def clean_as_data(self) -> str:
        """Steps as data must at least be JSON."""
        text = str(self.cleaned_data["as_data"])
        if text.strip():
            try:
                json.loads(text)
            except ValueError as fault:
                where = {"line": getattr(fault, "lineno", 1), "column": getattr(fault, "colno", 1)}
                sentence = _("This is not JSON: line %(line)d, column %(column)d.") % where
                raise forms.ValidationError(sentence) from None
        return text


def step(verb: str, **inputs: Any) -> dict[str, Any]:
    """One step as it is kept."""
    return {"verb": verb, "inputs": inputs}


def initial(known: facade.MacroRow) -> tuple[dict[str, Any], bool]:
    """What the form shows of a macro, and whether its steps can only be shown as data."""
    start: dict[str, Any] = {
        "name": known.name, "folder": known.folder, "reach": known.reach, "team": known.team or "",
    }  # fmt: skip
    order = ("add_task", "assign", "edit", "comment", "start", "hold", "resolve")
    at = -1
    for one in known.steps:
        verb, inputs = one["verb"], one["inputs"]
        again = order.index(verb) if verb in order else -1
        if again < at or (again == at and verb != "add_task") or not _take(start, verb, dict(inputs)):
            return {**start, "as_data": json.dumps(known.steps, ensure_ascii=False, indent=2)}, True
        at = again
    return start, False


def _take(start: dict[str, Any], verb: str, inputs: dict[str, Any]) -> bool:
    """Put one step into the form; False when the form has no place for all of it."""
    if verb == "add_task" and set(inputs) == {"title"}:
        start["tasks"] = "\n".join([*([start["tasks"]] if start.get("tasks") else []), inputs["title"]])
    elif verb == "assign" and set(inputs) <= {"assignee", "team"} and all(inputs.values()):
        start |= {"assignee": inputs.get("assignee", ""), "to_team": inputs.get("team", "")}
    elif verb == "edit" and set(inputs) <= set(FACTS):
        start |= {name: str(value) for name, value in inputs.items()}
    elif verb == "comment" and set(inputs) == {"body", "visibility"}:
        texts = inputs["body"] if isinstance(inputs["body"], dict) else {"en": inputs["body"]}
        start |= {field: texts.get(code, "") for field, (code, _n) in LANGUAGES.items()}
        start["writes"] = inputs["visibility"]
    elif verb == "start" and not inputs:
        start["state"] = verb
    elif verb == "hold" and set(inputs) <= {"hold_reason", "resume_at"}:
        until = str(inputs.get("resume_at", "+d"))
        if not (until.startswith("+") and until.endswith("d")):
            return False
        start |= {"state": verb, "hold_reason": inputs["hold_reason"], "hold_days": until[1:-1]}
    elif verb == "resolve" and set(inputs) == {"resolution_code", "resolution"}:
        if not isinstance(inputs["resolution"], str):
            return False
        start |= {"state": verb, **inputs}
    else:
        return False
    return True


#: Fields of the form by the verb whose inputs they hold, for putting sentences where they belong.
PLACES = {
    "add_task": {"": "tasks", "title": "tasks"},
    "assign": {"": "assignee", "assignee": "assignee", "team": "to_team"},
    "edit": {"": "impact"},
    "comment": {"": "writes", **{f"body.{code}": field for field, (code, _n) in LANGUAGES.items()}},
    "hold": {"": "state", "hold_reason": "hold_reason", "resume_at": "hold_days"},
    "resolve": {"": "state", "resolution_code": "resolution_code", "resolution": "resolution"},
    "start": {"": "state"},
}


def places(steps: list[Any]) -> dict[str, str]:
    """The field of the form for each field an error may name: `steps.2.inputs.hold_reason`."""
    found: dict[str, str] = {"steps": "writes"}
    for at, one in enumerate(steps):
        verb = one.get("verb") if isinstance(one, dict) else None
        for name, field in PLACES.get(verb if isinstance(verb, str) else "", {}).items():
            found[f"steps.{at}.inputs.{name}" if name else f"steps.{at}.verb"] = field
    return found
