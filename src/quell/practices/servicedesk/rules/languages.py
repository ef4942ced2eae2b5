"""Which of a text's languages is meant for a reader: theirs, else a near one, else a named fallback. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """The text chosen, its language, and whether it is another than the reader's."""

    text: str
    language: str
    fallback: bool


def choose(texts: Mapping[str, str], wanted: str, *others: str) -> Choice:
    """The text in `wanted`, else in the same language of another script or region (`zh-hant` for `zh-hans`), else in
    the first of `others` there is, else the first by code. `texts` is never empty."""
    for language in dict.fromkeys((wanted, *_near(texts, wanted), *others, *sorted(texts))):
        if language in texts:
            return Choice(texts[language], language, bool(wanted) and language != wanted)
    raise ValueError("a text has at least one language")


def _near(texts: Mapping[str, str], wanted: str) -> list[str]:
    family = wanted.partition("-")[0]
    return [language for language in sorted(texts) if family and language.partition("-")[0] == family]
