"""From a tree back to text: `parse(print(tree)) == tree`."""

from __future__ import annotations

import re

from .tokens import KEYWORDS
from .tree import And, Node, Not, Or, Query, Term, Words

_PLAIN_WORD = re.compile(r"[^\s()\",:<>=!\\-][^\s()\",:<>=!\\]*")
_PLAIN_VALUE = re.compile(r"[^\s()\",\\]+")


def write(query: Query) -> str:
    """The query as text, in one way of many that mean the same."""
    parts = [] if query.condition is None else [node(query.condition)]
    if query.sort:
        parts.append(f"sort:{query.sort}")
    return " ".join(parts)


def node(one: Node) -> str:
    """A part of a query as text."""
    if isinstance(one, Words):
        return _word(one.text)
    if isinstance(one, Term):
        values = ",".join(_value(value.text) for value in one.values)
        return f"{one.name}{one.operator}{values}"
    if isinstance(one, Not):
        return f"-{_held(one.inner, And, Or)}"
    if isinstance(one, And):
        return " ".join(_held(part, Or) for part in one.parts)
    return " or ".join(node(part) for part in one.parts)


def _held(one: Node, *wider: type[Node]) -> str:
    """In parentheses where it would otherwise fall apart."""
    return f"({node(one)})" if isinstance(one, wider) else node(one)


def _word(text: str) -> str:
    plain = _PLAIN_WORD.fullmatch(text) and text.lower() not in KEYWORDS
    return text if plain else _quote(text)


def _value(text: str) -> str:
    return text if _PLAIN_VALUE.fullmatch(text) else _quote(text)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
