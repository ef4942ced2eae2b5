"""The addresses of intake: what the form would ask, reporting with answers, and deciding what is asked."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from quell.kernel.api.answers import address, answer, created
from quell.kernel.api.authentication import actor_of
from quell.kernel.api.idempotency import once
from quell.kernel.api.openapi import repeatable, versioned
from quell.kernel.api.versions import expected, with_version

from .. import facade
from ..actions.ask import Asking
from ..actions.report import NewReport

router = Router(tags=["Intake"])
Change = with_version(Asking, "EditIntake")


class AskedQuestion(BaseModel):
    """A question of the form; `kind` is text, choice or yes_no."""

    id: int
    kind: str
    required: bool
    question: str
    choices: list[str]


class FollowUp(BaseModel):
    """What the words are taken for, and what is asked because of it."""

    category: str | None
    confidence: float
    questions: list[AskedQuestion]


class Reported(BaseModel):
    """The incident that was opened."""

    number: str
    url: str


class IntakeAnswer(BaseModel):
    """A question as it was read and its answer; `value` is the same in any language."""

    question: str
    kind: str
    answer: str
    value: str


class Answers(BaseModel):
    """What was answered when an incident was reported."""

    guess: str | None
    confidence: float
    items: list[IntakeAnswer]


class IntakeWords(BaseModel):
    """A question in one language."""

    question: str
    choices: list[str]


class KeptQuestion(BaseModel):
    """A question with its words in all languages."""

    id: int
    kind: str
    required: bool
    language: str
    texts: dict[str, IntakeWords]


class Intake(BaseModel):
    """What the form asks about a category, and the words it is recognised by."""

    words: list[str]
    questions: list[KeptQuestion]
    version: int


@router.get("/intake", response=FollowUp, summary="What a report would be asked", operation_id="intake")
def intake(
    request: HttpRequest, text: Annotated[str, Field(max_length=4000, description="The words of a report.")]
) -> HttpResponse:
    """The category that the words speak of, and its questions in the caller's language."""
    found = facade.follow_up(actor_of(request), text)
    asked = [
        {"id": one.id, "kind": one.kind, "required": one.required, "question": one.question, "choices": one.choices}
        for one in found.questions
    ]
    return answer({"category": found.category or None, "confidence": found.confidence, "questions": asked})


@router.post("/intake", response={201: Reported}, summary="Report with answers", operation_id="report")
@repeatable
def report(request: HttpRequest, body: NewReport) -> HttpResponse:
    """Open an incident of the caller's with the answers the form asks for."""

    def act() -> HttpResponse:
        number = facade.report(actor_of(request), body)
        url = address("incidents", number)
        return created({"number": number, "url": url}, url)

    return once(request, act)


@router.get(
    "/incidents/{number}/answers", response=Answers, summary="Answers to the form", operation_id="incidentAnswers"
)
def answers(request: HttpRequest, number: str) -> HttpResponse:
    """What was answered when it was reported; `guess` is for the desk."""
    found = facade.answers(actor_of(request), number)
    return answer({**found, "guess": found["guess"] or None})


@router.get(
    "/categories/{int:category_id}/intake", response=Intake, summary="What is asked about a category",
    operation_id="readCategoryIntake",
)  # fmt: skip
def read(request: HttpRequest, category_id: int) -> HttpResponse:
    """Words and questions."""
    return answer(_shown(facade.asked_about(actor_of(request), category_id)))


@router.patch(
    "/categories/{int:category_id}/intake", response=Intake, summary="Decide what is asked about a category",
    operation_id="editCategoryIntake",
)  # fmt: skip
@versioned
def edit(request: HttpRequest, category_id: int, body: Change) -> HttpResponse:  # type: ignore[valid-type]
    """Each part given replaces what was there."""
    data, version = expected(request, body)
    facade.ask(actor_of(request), category_id, data, version=version)
    return read(request, category_id)


def _shown(kept: facade.Kept) -> dict[str, Any]:
    fields = ("id", "kind", "required", "language", "texts")
    return {
        "words": kept.words,
        "questions": [{name: row[name] for name in fields} for row in kept.questions],
        "version": kept.version,
    }
