"""What requesters fill in. One field is needed; everything typed survives every refusal."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quell.kernel.config.refusal import Refusal
from quell.kernel.files.store import check_size
from quell.practices.intake.facade import LONGEST_ANSWER, Asked

from . import words

LONGEST_TEXT = 90_000
MOST_FILES = 10
#: More choices than this stand in a list instead of beside each other.
MOST_AS_CARDS = 5


class Words(forms.CharField):
    """Text as people type it. NUL, which the database cannot hold and nobody types, is dropped."""

    def to_python(self, value: Any) -> str:
        """The text without NUL."""
        return str(super().to_python(str(value or "").replace("\x00", "")))


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files, each within the limit; gives a list."""

    widget = _SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files, or one sentence for each that cannot be taken."""
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        faults = [fault for fault in map(_fault, given) if fault]
        if len(given) > MOST_FILES:
            faults.append(_("At most %(count)d files at once.") % {"count": MOST_FILES})
        if faults:
            raise forms.ValidationError([" ".join(faults)])
        return given


def _fault(file: UploadedFile) -> str:
    try:
        check_size(file.name or "", file.size or 0)
    except Refusal as no:
        return no.sentence
    return "" if file.size else _("%(name)s is empty.") % {"name": file.name}


def files_field(label: Any, **attributes: str) -> Files:
    """A field for files, optional."""
    limit = str(settings.MAX_ATTACHMENT_BYTES)
    return Files(label=label, required=False, widget=_SeveralFiles(attrs={"data-limit": limit, **attributes}))


class Once(forms.Form):
    """A form whose second post gives the first result (kernel/actions/once.py)."""

    token = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = lambda: secrets.token_urlsafe(16)

    def refuse(self, no: Refusal, otherwise: str = "") -> None:
        """Put a refusal's sentences beside the fields they speak of, the rest at the top."""
        placed = False
        for error in no.errors:
            name = error.field if error.field in self.fields else otherwise
            if name:
                self.add_error(name, error.message)
                placed = True
        if not placed:
            self.add_error(otherwise or None, no.sentence)


def answer_name(question_id: int) -> str:
    """The name of the field that answers a question."""
    return f"answer-{question_id}"


def _answer_field(asked: Asked) -> forms.Field:
    said = {"required": _("Answer this one: it decides who can help.")}
    shared: dict[str, Any] = {"label": asked.question, "required": asked.required, "error_messages": said}
    if asked.kind == "yes_no":
        choices = [("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)
    if asked.kind == "choice":
        options = [(one, one) for one in asked.choices]
        if len(options) <= MOST_AS_CARDS:
            return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **shared)
        return forms.ChoiceField(choices=[("", _("Choose")), *options], **shared)
    return Words(max_length=LONGEST_ANSWER, widget=forms.TextInput(attrs={"autocomplete": "off"}), **shared)


class ReportForm(Once):
    """Something is broken. Who and how badly decide impact and urgency; priority is never asked."""

    title = Words(
        label=gettext_lazy("What is wrong?"),
        max_length=250,
        error_messages={"required": gettext_lazy("Tell us what is wrong")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    affected = forms.ChoiceField(
        label=gettext_lazy("Who is affected?"),
        choices=tuple(words.AFFECTED.items()),
        widget=forms.RadioSelect,
        initial="me",
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("How badly?"),
        choices=tuple(words.SEVERITY.items()),
        widget=forms.RadioSelect,
        initial="slow",
    )
    service = forms.ChoiceField(label=gettext_lazy("Which service?"), required=False, widget=forms.Select)
    detail = Words(
        label=gettext_lazy("More detail"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    place = Words(
        label=gettext_lazy("Where?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = Words(
        label=gettext_lazy("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    files = files_field(gettext_lazy("Screenshot or file"))  # type: ignore[assignment] # a field; Django takes it out of the class
    photo = files_field(gettext_lazy("Take a photo"), accept="image/*", capture="environment")

    def __init__(self, *args: Any, services: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.data = _answered(self.data)
        if services:
            self.fields["service"].choices = [("", _("I do not know")), *services]  # type: ignore[attr-defined]
        else:
            del self.fields["service"]
        self.asked: tuple[Asked, ...] = ()

    def ask(self, questions: Sequence[Asked]) -> None:
        """Add the questions that the words call for. What was answered stays, wherever it came from."""
        self.asked = tuple(questions)
        for one in questions:
            self.fields[answer_name(one.id)] = _answer_field(one)

    def clean_title(self) -> str:
        """On one line."""
        return " ".join(self.cleaned_data["title"].split())

    def answers(self) -> list[dict[str, Any]]:
        """What was answered, as the room of intake takes it."""
        given = ((one.id, str(self.cleaned_data.get(answer_name(one.id)) or "")) for one in self.asked)
        return [{"question": question, "answer": answer} for question, answer in given if answer]

    def uploads(self) -> list[UploadedFile]:
        """All files sent, chosen or photographed."""
        return [*self.cleaned_data["files"], *self.cleaned_data["photo"]]


def _answered(data: Any) -> Any:
    """The two questions answer themselves when a program leaves them out: the mildest sensible reading."""
    missing = {name: mild for name, mild in (("affected", "me"), ("severity", "slow")) if not data.get(name)}
    if not data or not missing:
        return data
    whole = data.copy()
    for name, mild in missing.items():
        whole[name] = mild
    return whole


class MessageForm(Once):
    """A message to those who work on the request, with files."""

    body = Words(
        label=gettext_lazy("Write a message"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    files = files_field(gettext_lazy("Attach files"))  # type: ignore[assignment] # as above

    def clean(self) -> dict[str, Any]:
        """Words or a file: one of the two."""
        given = super().clean() or {}
        if not self.errors and not given.get("body", "").strip() and not given.get("files"):
            self.add_error("body", _("Write a message or attach a file"))
        return given


class ReasonForm(forms.Form):
    """Why it is not fixed after all."""

    reason = Words(
        label=gettext_lazy("What still happens?"),
        max_length=5000,
        error_messages={"required": gettext_lazy("Tell us what still happens")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ShareForm(forms.Form):
    """A colleague who should follow the request."""

    email = forms.EmailField(
        label=gettext_lazy("Colleague’s e-mail"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Enter your colleague’s e-mail address"),
            "invalid": gettext_lazy("Enter an e-mail address such as name@example.com"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class CallForm(forms.Form):
    """The number to call back on."""

    phone = Words(
        label=gettext_lazy("Call me on"),
        max_length=40,
        error_messages={"required": gettext_lazy("Enter the number to call")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class RatingForm(forms.Form):
    """How the help was: one press is enough."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("How was our help?"),
        coerce=int,
        choices=(
            (5, gettext_lazy("Very good")),
            (4, gettext_lazy("Good")),
            (3, gettext_lazy("All right")),
            (2, gettext_lazy("Not good")),
            (1, gettext_lazy("Bad")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one"), "invalid_choice": gettext_lazy("Choose one")},
    )
    comment = Words(
        label=gettext_lazy("Anything you want to add"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
