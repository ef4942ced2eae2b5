"""Reading intake: the topics a report of an organisation may be about, their questions, and answers given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quell.kernel.config import sql

from .rules.matching import Match, best

Row = dict[str, Any]

_TOPICS = """
SELECT t.category_id, t.words, c.path, c.organisation_id IS NOT NULL
FROM intake_topic t JOIN incidents_category c ON c.id = t.category_id
LEFT JOIN people_organisation o ON o.id = %(organisation)s
WHERE c.active AND cardinality(t.words) > 0 AND (c.organisation_id IS NULL OR c.organisation_id = ANY(o.path))
ORDER BY c.path, c.id
"""
_QUESTIONS = """
SELECT q.id, q.topic_id, q.position, q.kind, q.required, q.language, q.texts FROM intake_question q
WHERE q.topic_id = ANY(%(topics)s) ORDER BY q.topic_id, q.position
"""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The category a text was taken for."""

    category_id: int
    path: str
    confidence: float


def recognise(organisation_id: int | None, text: str) -> Recognised | None:
    """The category the words of a report speak of; None when none does. What an organisation has decided for its own
    categories goes before everybody's."""
    rows = sql.rows(_TOPICS, {"organisation": organisation_id})
    found: Match | None = None
    for own in (True, False):
        found = found or best({row[0]: row[1] for row in rows if row[3] is own}, text)
    if found is None:
        return None
    path = next(row[2] for row in rows if row[0] == found.topic)
    return Recognised(found.topic, path, found.confidence)


def questions(category_ids: list[int]) -> list[Row]:
    """The questions of some categories, in order."""
    return sql.dicts(_QUESTIONS, {"topics": category_ids})


def words(category_id: int) -> list[str]:
    """The words a category is recognised by."""
    row = sql.row("SELECT words FROM intake_topic WHERE category_id = %s", [category_id])
    return list(row[0]) if row else []


def answers(record_id: int) -> Row | None:
    """What was answered when a record was reported; None when nothing was asked."""
    found = sql.dicts("SELECT guess, confidence, items FROM intake_answers WHERE record_id = %s", [record_id])
    return found[0] if found else None
