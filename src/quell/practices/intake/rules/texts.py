"""A question in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Texts = Mapping[str, Mapping[str, Any]]


def text_for(wanted: str, language: str, texts: Texts) -> tuple[str, list[str]]:
    """(question, choices) for a reader of `wanted`: theirs, one of the same root, else as it was written. Choices that
    a translation leaves out are those of the language it was written in."""
    own = texts[language]
    root = wanted.split("-")[0]
    code = next(
        (known for known in (wanted, *sorted(texts)) if known in texts and known.split("-")[0] == root), language
    )
    words = texts[code]
    choices = [str(one) for one in own.get("choices") or []]
    spoken = [str(one) for one in words.get("choices") or []]
    return str(words["question"]), spoken if len(spoken) == len(choices) else choices
