"""Deciding what the form asks about a category: the words it is recognised by, and at most three questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import subjects
from quell.kernel.actions.directory.inputs import Language
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import Forbidden, Invalid
from quell.kernel.people.models import Organisation
from quell.practices.incidents import facade as incidents

from ..models import Question, Topic
from ..permissions import can_ask

SUBJECT = "intake"
#: More is a form again (ux.md 2.3).
MOST_QUESTIONS = 3
MOST_CHOICES = 12
Words = Annotated[list[Annotated[str, Field(min_length=2, max_length=60)]], Field(max_length=60)]
Choices = Annotated[list[Annotated[str, Field(min_length=1, max_length=80)]], Field(max_length=MOST_CHOICES)]


class QuestionWords(Inputs):
    """A question in one language; `choices` for a question of kind choice."""

    question: str = Field(min_length=1, max_length=200)
    choices: Choices = Field(default_factory=list)


class QuestionInput(Inputs):
    """A question: what is asked, in `language` and perhaps in others, and how it is answered."""

    question: str = Field(min_length=1, max_length=200)
    kind: Literal["text", "choice", "yes_no"] = "text"
    choices: Choices = Field(default_factory=list)
    required: Annotated[bool, Field(strict=True)] = False
    language: Language = ""
    translations: dict[str, QuestionWords] = Field(default_factory=dict, max_length=20)


class Asking(Inputs):
    """What the form asks about a category; each given part replaces what was there."""

    words: Words | None = None
    questions: Annotated[list[QuestionInput], Field(max_length=MOST_QUESTIONS)] | None = None


def ask(actor: Actor, category_id: int, data: Mapping[str, Any] | BaseModel, *, version: int | None = None) -> None:
    """Decide the words and questions of a category. `data` as `Asking`; raises NotFound, Forbidden, Invalid, Stale."""
    inputs = parse(Asking, data)
    if not inputs.model_fields_set:
        raise Invalid(_("Say what to change."))
    category = incidents.category(actor, category_id)
    place = None
    if category["organisation"] is not None:
        place = Organisation.objects.values_list("pk", flat=True).get(code=category["organisation"])
    if not (may := can_ask(actor, place)):
        raise Forbidden(may.reason)
    rows = [_row(at, one, actor) for at, one in enumerate(inputs.questions or [], start=1)]
    with transaction.atomic():
        topic, _fresh = Topic.objects.get_or_create(category_id=category_id)
        Topic.objects.select_for_update().get(pk=category_id)
        current = subjects.check_version(SUBJECT, category_id, version)
        said: dict[str, Any] = {}
        if inputs.words is not None:
            topic.words = list(dict.fromkeys(" ".join(word.split()).casefold() for word in inputs.words))
            topic.save(update_fields=["words"])
            said["words"] = topic.words
        if inputs.questions is not None:
            Question.objects.filter(topic=topic).delete()
            Question.objects.bulk_create([Question(topic=topic, **row) for row in rows])
            said["questions"] = [one.model_dump(mode="json", exclude_unset=True) for one in inputs.questions]
        subjects.note("ask", actor, SUBJECT, category_id, place, version=current + 1, data=said)


def _row(position: int, given: QuestionInput, actor: Actor) -> dict[str, Any]:
    known = dict(settings.LANGUAGES)
    language = given.language or (actor.language if actor.language in known else settings.LANGUAGE_CODE)
    if given.kind == "choice" and len(given.choices) < 2:
        raise Invalid.field("questions", _("“%(question)s” needs two choices at least.") % {"question": given.question})
    texts: dict[str, Any] = {language: {"question": given.question, "choices": _choices(given.kind, given.choices)}}
    for code, words in given.translations.items():
        if code not in known or code == language:
            raise Invalid.field("questions", _("Choose one of: %(choices)s.") % {"choices": ", ".join(known)})
        if given.kind == "choice" and words.choices and len(words.choices) != len(given.choices):
            sentence = _("“%(question)s” has another number of choices.") % {"question": words.question}
            raise Invalid.field("questions", sentence)
        texts[code] = {"question": words.question, "choices": _choices(given.kind, words.choices)}
    return {
        "position": position, "kind": given.kind, "required": given.required, "language": language, "texts": texts,
    }  # fmt: skip


def _choices(kind: str, given: list[str]) -> list[str]:
    return list(given) if kind == "choice" else []
