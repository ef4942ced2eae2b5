"""Turning what people type into a condition on search documents."""

from __future__ import annotations

import re
from typing import Any

from .words import alike, fold, pairs, without_cjk

#: A search beyond this length is cut: nobody types more, and long queries only burn time.
LONGEST = 400
_NUMBER = re.compile(r"^\s*#?\s*([A-Za-z]{2,4})?[\s-]*0*(\d{1,12})\s*$")


def condition(text: str, column: str, prefix: str = "q_") -> tuple[str, dict[str, Any]]:
    """A SQL expression of type tsquery test on `column`, with named parameters; ("", {}) when there is no word.

    Words are matched by English stem, Danish stem or as written; quotes, `or` and `-word` work as in web search.
    """
    folded = fold(text[:LONGEST])
    latin = without_cjk(folded).strip()
    cjk = [found for reading in alike(folded) if (found := pairs(reading))]
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    if re.search(r"\w", latin):
        parameters[f"{prefix}latin"] = latin
        parts.append(
            "("
            + " || ".join(f"websearch_to_tsquery('{c}', %({prefix}latin)s)" for c in ("english", "danish", "simple"))
            + ")"
        )
    if cjk:
        parameters[f"{prefix}cjk"] = " | ".join(f"({_all_of(words)})" for words in cjk)
        parts.append(f"%({prefix}cjk)s::tsquery")
    if not parts:
        return "", {}
    return f"{column} @@ ({' && '.join(parts)})", parameters


def _all_of(words: list[str]) -> str:
    return " & ".join("'" + word.replace("'", "''") + "'" for word in words)


def as_number(text: str) -> tuple[str | None, int] | None:
    """(prefix or None, running number) when the text looks like a record's number, with or without zeros or prefix:
    `INC-000123`, `inc123`, `#123`, `123`."""
    match = _NUMBER.match(text)
    if match is None:
        return None
    prefix = match.group(1)
    return (prefix.upper() if prefix else None), int(match.group(2))
