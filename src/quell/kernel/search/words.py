"""Words for search: folding, and bigrams for scripts without spaces. Pure, no database.

PostgreSQL stems English and Danish; Chinese, Japanese and Korean text is cut into overlapping pairs here, because
core PostgreSQL would take a whole sentence for one word (domain.md 9 note e: bigrams are the safe baseline,
full-width forms are folded).
"""

from __future__ import annotations

import re
import unicodedata

#: A document beyond this many characters is indexed by its beginning; a tsvector holds one megabyte.
LIMIT = 200_000

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002fa1f"
_RUN = re.compile(f"[{_CJK}]+")


def fold(text: str) -> str:
    """Full-width forms become ordinary ones, NUL goes, and the length is bounded."""
    return unicodedata.normalize("NFKC", text[:LIMIT]).replace("\x00", " ")


def pairs(text: str) -> list[str]:
    """The overlapping pairs of every CJK run in a folded text, without repetition; a run of one stands alone."""
    found: dict[str, None] = {}
    for match in _RUN.finditer(text):
        run = match.group()
        found.update(dict.fromkeys([run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]))
    return list(found)


def singles(text: str) -> list[str]:
    """Every CJK character by itself, so that a search for one character finds it inside longer words."""
    return list(dict.fromkeys("".join(_RUN.findall(text))))


def without_cjk(text: str) -> str:
    """The rest of a folded text, for the stemmers."""
    return _RUN.sub(" ", text)
