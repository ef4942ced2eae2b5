"""Cutting a query into tokens, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .faults import QueryFault

LONGEST = 2000
KEYWORDS = ("and", "or", "not")

Sort = Literal["(", ")", "-", "and", "or", "not", "words", "term", "end"]

_FIELD = re.compile(r"([A-Za-z_]+)(?:(<=|>=|!=|:|=|<|>)|\s+(<=|>=|!=|=|<|>))\s*")
_BARE = re.compile(r"[^\s()\"]+")
_VALUE = re.compile(r"[^\s()\",]+")
_SPACE = re.compile(r"[\s,]*")
#: Characters that no text column holds and nobody types: they would only travel on to break something else.
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query from `at` up to `end`. `text` is the word, or the name of a term's field; `values` pairs each
    value of a term with its place."""

    sort: Sort
    at: int
    end: int
    text: str = ""
    operator: str = ""
    values: tuple[tuple[str, int], ...] = ()


def tokens(text: str) -> list[Token]:
    """All tokens, the last of sort `end`; raises QueryFault."""
    if len(text) > LONGEST:
        raise QueryFault("too_long", LONGEST, most=LONGEST)
    if bad := _BAD.search(text):
        raise QueryFault("bad_character", bad.start())
    found: list[Token] = []
    at = _skip(text, 0)
    while at < len(text):
        found.append(_next(text, at))
        at = _skip(text, found[-1].end)
    return [*found, Token("end", len(text), len(text))]


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _next(text: str, at: int) -> Token:
    character = text[at]
    if character == "(":
        return Token("(", at, at + 1)
    if character == ")":
        return Token(")", at, at + 1)
    if character == "-":
        return Token("-", at, at + 1)
    if character == '"':
        words, end = _quoted(text, at)
        return Token("words", at, end, words)
    if field := _FIELD.match(text, at):
        return _term(text, field)
    bare = _BARE.match(text, at)
    assert bare is not None
    word = bare.group()
    end = bare.end()
    if word.lower() in KEYWORDS:
        return Token(word.lower(), at, end)  # type: ignore[arg-type]
    kept = word.rstrip(",")
    return Token("words", at, at + len(kept), kept)


def _term(text: str, field: re.Match[str]) -> Token:
    """A field, its operator, and the values separated by commas."""
    operator = field.group(2) or field.group(3)
    at = field.end()
    values: list[tuple[str, int]] = []
    while True:
        if at < len(text) and text[at] == '"':
            value, end = _quoted(text, at)
        elif bare := _VALUE.match(text, at):
            value, end = bare.group(), bare.end()
        else:
            raise QueryFault("value_missing", at, field=field.group(1))
        values.append((value, at))
        if end < len(text) and text[end] == ",":
            at = _SPACE.match(text, end).end()  # type: ignore[union-attr]
            if at >= len(text):
                raise QueryFault("value_missing", at, field=field.group(1))
            continue
        meaning = ":" if operator == "=" else operator
        return Token("term", field.start(), end, field.group(1), meaning, tuple(values))


def _quoted(text: str, at: int) -> tuple[str, int]:
    """What stands between quotes (a backslash before a quote or a backslash keeps it), and where it ends."""
    said: list[str] = []
    here = at + 1
    while here < len(text):
        character = text[here]
        if character == "\\" and text[here + 1 : here + 2] in ("\\", '"'):
            said.append(text[here + 1])
            here += 2
        elif character == '"':
            if not "".join(said).strip():
                raise QueryFault("empty_quote", at)
            return "".join(said), here + 1
        else:
            said.append(character)
            here += 1
    raise QueryFault("unclosed_quote", at)
