"""Which topic a report is about, from its words. Pure.

No model, no training: a phrase somebody wrote down is in the text, or it is not. That can be explained, corrected in
a minute, and is wrong only in ways people expect.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Match:
    """The topic found and how surely: 1 when no other topic has a word in the text."""

    topic: int
    confidence: float


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    """A phrase as it stands in a text: at the beginning of a word (`print` finds `printer`), with any white space
    between its words. Scripts that part no words are found anywhere."""
    body = r"\s+".join(re.escape(word) for word in phrase.split())
    spaced = all(ord(sign) < 0x2E80 for sign in phrase)
    return re.compile(rf"(?<!\w){body}" if spaced else body, re.IGNORECASE)


def score(phrases: Iterable[str], text: str) -> int:
    """How much of the text speaks of a topic: the letters of its phrases that are found, so that a long phrase
    weighs more than a short one. Two letters of a script without spaces weigh as a word does."""
    return sum(
        len(phrase) if phrase.isascii() else 2 * len(phrase)
        for phrase in set(phrases)
        if phrase.strip() and _pattern(phrase.strip()).search(text)
    )


def best(topics: Mapping[int, Sequence[str]], text: str) -> Match | None:
    """The topic with the most to say for it, the first of equals; None when no phrase is found."""
    scores = {topic: score(phrases, text) for topic, phrases in topics.items()}
    found = sorted(((points, topic) for topic, points in scores.items() if points), key=lambda one: -one[0])
    if not found:
        return None
    points, topic = found[0]
    return Match(topic, round(points / (points + (found[1][0] if len(found) > 1 else 0)), 2))
