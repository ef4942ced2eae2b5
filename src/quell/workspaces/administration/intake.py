"""What the report form asks about a category: the words it is recognised by and at most three questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.config.refusal import Refusal
from quell.kernel.ui.signed_in import actor_of
from quell.practices.incidents import facade as incidents
from quell.practices.intake import facade

from .doors import door, nothing_here, page
from .forms import Asked, Choices, text
from .places import place_of


def kinds() -> Choices:
    """How a question is answered."""
    return [("text", _("In words")), ("choice", _("One of some answers")), ("yes_no", _("Yes or no"))]


class IntakeForm(Asked):
    """Words of the topic, and three places for questions; an empty place asks nothing."""

    words = forms.CharField(
        label=gettext_lazy("Words people use for it"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("One word or phrase a line, in any language. “print” also finds printer and printing."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for at in range(facade.MOST_QUESTIONS):
            self._add(at)

    def _add(self, at: int) -> None:
        self.fields[f"question_{at}"] = text(_("Question"), length=200, required=False)
        self.fields[f"kind_{at}"] = forms.ChoiceField(label=_("Answered"), choices=kinds())
        self.fields[f"choices_{at}"] = forms.CharField(
            label=_("Answers to choose from"),
            required=False,
            max_length=2000,
            help_text=_("One a line."),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields[f"required_{at}"] = forms.BooleanField(label=_("Must be answered"), required=False)
        for code, name in settings.LANGUAGES:
            label = _("In %(language)s") % {"language": str(name)}
            self.fields[f"question_{at}_{code}"] = text(label, length=200, required=False)
            self.fields[f"choices_{at}_{code}"] = forms.CharField(
                label=_("Answers in %(language)s") % {"language": str(name)},
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def places(self) -> list[dict[str, Any]]:
        """The three places as the page draws them."""
        return [
            {
                "question": self[f"question_{at}"],
                "kind": self[f"kind_{at}"],
                "choices": self[f"choices_{at}"],
                "required": self[f"required_{at}"],
                "others": [
                    (self[f"question_{at}_{code}"], self[f"choices_{at}_{code}"]) for code, _name in settings.LANGUAGES
                ],
            }
            for at in range(facade.MOST_QUESTIONS)
        ]

    def facts(self, language: str) -> dict[str, Any]:
        """As the action takes them; `language` is the one the questions are written in."""
        given = self.cleaned_data
        questions = []
        for at in range(facade.MOST_QUESTIONS):
            if not given[f"question_{at}"]:
                continue
            others = {
                code: {"question": given[f"question_{at}_{code}"], "choices": _lines(given[f"choices_{at}_{code}"])}
                for code, _name in settings.LANGUAGES
                if code != language and given[f"question_{at}_{code}"]
            }
            questions.append(
                {
                    "question": given[f"question_{at}"],
                    "kind": given[f"kind_{at}"],
                    "choices": _lines(given[f"choices_{at}"]),
                    "required": given[f"required_{at}"],
                    "language": language,
                    "translations": others,
                }
            )
        return {"words": _lines(given["words"]), "questions": questions}


@require_http_methods(["GET", "HEAD", "POST"])
@door(SETTINGS_MANAGE)
def category_intake(request: HttpRequest, category_id: int) -> HttpResponse:
    """The words and questions of a category that belongs to the place looked at; a POST decides them."""
    actor = actor_of(request)
    place = place_of(request, actor)
    row = next((one for one in incidents.category_tree(place.id) if one.id == category_id and one.own), None)
    if row is None:
        raise nothing_here()
    kept = facade.asked_about(actor, category_id)
    language = kept.questions[0]["language"] if kept.questions else _language(actor.language)
    form = IntakeForm(request.POST if request.method == "POST" else None, initial=_begun(kept, language))
    if form.is_bound and form.is_valid():
        try:
            facade.ask(actor, category_id, form.facts(language), version=form.guard)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, _("The form asks this from now on."))
            return HttpResponseRedirect(reverse("administration:category_intake", args=[category_id]) + place.query)
    context = {
        "form": form,
        "row": row,
        "place": place,
        "language": str(dict(settings.LANGUAGES)[language]),
        "trail": [
            {"label": _("Categories"), "url": reverse("administration:categories") + place.query},
            {"label": row.name, "url": ""},
        ],
    }
    return page(request, "intake", context, status=422 if form.is_bound else 200)


def _begun(kept: facade.Kept, language: str) -> dict[str, Any]:
    begun: dict[str, Any] = {"words": "\n".join(kept.words), "version": kept.version}
    for at, row in enumerate(kept.questions):
        begun |= {f"kind_{at}": row["kind"], f"required_{at}": row["required"]}
        for code, words in row["texts"].items():
            ending = "" if code == row["language"] else f"_{code}"
            begun |= {
                f"question_{at}{ending}": words["question"],
                f"choices_{at}{ending}": "\n".join(words.get("choices") or []),
            }
    return begun


def _lines(given: str) -> list[str]:
    return [line for line in (" ".join(one.split()) for one in given.splitlines()) if line]


def _language(wanted: str) -> str:
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
