"""The front door of intake: what pages and API may ask and do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import get_language

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import subjects
from quell.practices.incidents import facade as incidents

from . import queries
from .actions import ask as asking
from .actions import report as reporting
from .rules.texts import text_for

Row: TypeAlias = dict[str, Any]
Asking: TypeAlias = asking.Asking
NewReport: TypeAlias = reporting.NewReport
ask, report = asking.ask, reporting.report
MOST_QUESTIONS, LONGEST_ANSWER = asking.MOST_QUESTIONS, reporting.LONGEST_ANSWER


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the reader's language; `choices` for kind `choice`."""

    id: int
    kind: str
    required: bool
    question: str
    choices: list[str]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What the words of a report are taken for and what is asked because of it; no path when for nothing."""

    category: str
    confidence: float
    questions: list[Asked]


def follow_up(actor: Actor, text: str) -> FollowUp:
    """The questions that the words of a report call for, in the language in use."""
    found = queries.recognise(actor.organisation_id, text)
    if found is None:
        return FollowUp("", 0, [])
    return FollowUp(found.path, found.confidence, [_asked(row) for row in queries.questions([found.category_id])])


def _asked(row: Row) -> Asked:
    question, choices = text_for(get_language() or row["language"], row["language"], row["texts"])
    return Asked(row["id"], row["kind"], row["required"], question, choices)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the form asks about a category, as its upkeep needs it; `questions` as rows."""

    words: list[str]
    questions: list[Row]
    version: int


def asked_about(actor: Actor, category_id: int) -> Kept:
    """The words and questions of a category; raises NotFound for one that is not theirs to see."""
    incidents.category(actor, category_id)
    return Kept(
        queries.words(category_id),
        queries.questions([category_id]),
        subjects.version_of(asking.SUBJECT, category_id),
    )


def answers(actor: Actor, number: str) -> Row:
    """What was answered when an incident was reported: `guess`, `confidence`, `items`. Raises NotFound."""
    row = incidents.ticket(actor, number)
    found = queries.answers(row["id"]) or {"guess": "", "confidence": 0.0, "items": []}
    # What the house took it for is the desk's affair.
    return found if row["internal"] else {**found, "guess": "", "confidence": 0.0}
