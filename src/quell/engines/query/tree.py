"""What a query says, as a tree of plain values. Trees are equal when they say the same, wherever it stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a condition as it was written, without its quotes; `at` counts characters from 0."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Words:
    """Text to search for. Several words in one are exact words, in this order."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A condition on a field: any one of `values`. `operator` is one of `: != < <= > >=`."""

    name: str
    operator: str
    values: tuple[Value, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    inner: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of them; at least two, none an And itself."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them; at least two, none an Or itself."""

    parts: tuple[Node, ...]


Node: TypeAlias = Words | Term | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query: the condition (None: everything) and the order it asks for ("": the reader's own)."""

    condition: Node | None = None
    sort: str = ""


def every(*parts: Node | None) -> Node | None:
    """All of the parts in normal form; None stands for no condition."""
    flat = [one for part in parts if part is not None for one in (part.parts if isinstance(part, And) else (part,))]
    return None if not flat else flat[0] if len(flat) == 1 else And(tuple(flat))


def either(*parts: Node) -> Node:
    """Any of the parts (at least one) in normal form."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def conjuncts(condition: Node | None) -> tuple[Node, ...]:
    """The conditions that must all hold, in their order."""
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, And) else (condition,)
