"""Reporting with answers: the incident, its category by the words used, and what was answered, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from quell.kernel.access.actor import Actor
from quell.kernel.actions.inputs import parse
from quell.kernel.actions.registry import Inputs
from quell.kernel.config.refusal import FieldError, Invalid
from quell.practices.incidents import facade as incidents

from .. import queries
from ..models import Answers
from ..rules.texts import text_for

Level = Annotated[int, Field(ge=1, le=4, strict=True)]
LONGEST_ANSWER = 2000


class AnswerInput(Inputs):
    """The answer to a question by its id: words, one of the choices, or yes or no."""

    question: Annotated[int, Field(ge=1, le=2**53, strict=True)]
    answer: str = Field(max_length=LONGEST_ANSWER)


class NewReport(Inputs):
    """A report in plain words. The category is recognised by them; its required questions must be answered."""

    title: str = Field(min_length=1, max_length=250)
    description: str = Field("", max_length=90_000)
    impact: Level = 3
    urgency: Level = 3
    service: str | None = Field(None, max_length=60)
    answers: Annotated[list[AnswerInput], Field(max_length=20)] = Field(default_factory=list)
    more: str = Field("", max_length=2000, description="Lines below the answers, such as a place and a phone number.")


def report(actor: Actor, data: Mapping[str, Any] | BaseModel, *, channel: str | None = None) -> str:
    """Open an incident with its answers; returns its number. `data` as `NewReport`; raises Invalid naming
    `answers.ID` for a question that is not answered as it wants, Forbidden."""
    inputs = parse(NewReport, data)
    text = f"{inputs.title}\n{inputs.description}"
    found = queries.recognise(actor.organisation_id, text)
    items = _checked(found.category_id if found else None, inputs.answers)
    lines = "\n".join(f"{item['question']} {item['answer']}" for item in items)
    facts: dict[str, Any] = {
        "title": inputs.title,
        "description": "\n\n".join(part for part in (inputs.description.strip(), lines, inputs.more.strip()) if part),
        "impact": inputs.impact,
        "urgency": inputs.urgency,
    }
    more = {"service": inputs.service, "category": found.path if found else None, "channel": channel}
    facts |= {name: value for name, value in more.items() if value}
    with transaction.atomic():
        number = incidents.report(actor, facts)
        if found or items:
            row = incidents.ticket(actor, number)
            Answers.objects.create(
                record_id=row["id"],
                guess=found.path if found else "",
                confidence=found.confidence if found else 0,
                items=items,
            )
    return number


def _checked(category_id: int | None, given: list[AnswerInput]) -> list[dict[str, Any]]:
    """Answers as they are kept. Only questions of the recognised category count: what was answered before the words
    changed to another subject is left out by the form."""
    rows = queries.questions([] if category_id is None else [category_id])
    said = {one.question: one.answer.strip() for one in given}
    unknown = set(said) - {row["id"] for row in rows}
    faults = [FieldError(f"answers.{one}", _("This is not asked here.")) for one in sorted(unknown)]
    items = []
    for row in rows:
        answer, language = said.get(row["id"], ""), get_language() or row["language"]
        question, choices = text_for(language, row["language"], row["texts"])
        if not answer:
            if row["required"]:
                faults.append(FieldError(f"answers.{row['id']}", _("Answer this one: it decides who can help.")))
            continue
        kept = _kept(row, answer, choices)
        if kept is None:
            faults.append(FieldError(f"answers.{row['id']}", _("Choose one of the answers.")))
        else:
            items.append({"question": question, "kind": row["kind"], **kept})
    if faults:
        raise Invalid(faults[0].message if len(faults) == 1 else _("Some fields need another look."), errors=faults)
    return items


def _kept(row: Mapping[str, Any], answer: str, choices: list[str]) -> dict[str, Any] | None:
    """{"answer": as read, "value": the same in any language}; None when it is no answer to this question."""
    if row["kind"] == "yes_no":
        words = {"yes": _("Yes"), "no": _("No")}
        code = answer.casefold()
        code = next((known for known, word in words.items() if code in (known, word.casefold())), "")
        return {"answer": words[code], "value": code} if code else None
    if row["kind"] == "choice":
        own = [str(one) for one in row["texts"][row["language"]]["choices"]]
        for at, choice in enumerate(choices):
            if answer.casefold() in (choice.casefold(), own[at].casefold()):
                return {"answer": choice, "value": own[at]}
        return None
    return {"answer": answer, "value": answer}
