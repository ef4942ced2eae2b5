"""From tokens to a checked tree.

    query   := [ or ]                      or   := and { "or" and }
    and     := unary { ["and"] unary }     unary := ("not" | "-") unary | primary
    primary := "(" or ")" | field operator value { "," value } | word | "exact words"

`sort:` may stand once, beside the conditions and in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from .check import check, check_sort
from .faults import QueryFault
from .fields import Fields
from .tokens import Sort, Token, tokens
from .tree import Node, Not, Query, Term, Value, Words, either, every

DEEPEST = 20
MOST_CONDITIONS = 60
MOST_VALUES = 50


def parse(text: str, fields: Fields) -> Query:
    """The query as a tree; raises QueryFault and nothing else."""
    kept, sort = _take_sort(tokens(text), fields)
    reader = _Reader(kept, fields)
    if reader.sees("end"):
        return Query(None, sort)
    condition = reader.alternatives(0)
    if not reader.sees("end"):
        raise QueryFault("stray_parenthesis", reader.token.at)
    return Query(condition, sort)


def _take_sort(found: list[Token], fields: Fields) -> tuple[list[Token], str]:
    """The tokens without `sort:`, and what it said; raises QueryFault when it stands inside a condition."""
    kept: list[Token] = []
    sort, depth = "", 0
    for token in found:
        depth += {"(": 1, ")": -1}.get(token.sort, 0)
        if token.sort != "term" or token.text.lower() != "sort":
            kept.append(token)
            continue
        if depth > 0 or (kept and kept[-1].sort in ("-", "not")):
            raise QueryFault("sort_inside", token.at)
        if sort:
            raise QueryFault("sort_twice", token.at)
        sort = check_sort(_term(token), fields)
    return kept, sort


def _term(token: Token) -> Term:
    if len(token.values) > MOST_VALUES:
        raise QueryFault("too_many_values", token.at, most=MOST_VALUES)
    values = tuple(Value(" ".join(text.split()), at) for text, at in token.values)
    return Term(token.text, token.operator, values, token.at)


@dataclass
class _Reader:
    """Walks over the tokens once."""

    tokens: list[Token]
    fields: Fields
    here: int = 0
    conditions: int = 0

    @property
    def token(self) -> Token:
        """The one not read yet."""
        return self.tokens[self.here]

    def sees(self, *sorts: Sort) -> bool:
        """Is the next token one of these?"""
        return self.token.sort in sorts

    def alternatives(self, depth: int) -> Node:
        """`a or b or c`."""
        parts = [self.together(depth)]
        while self.sees("or"):
            self.here += 1
            parts.append(self.together(depth))
        return either(*parts)

    def together(self, depth: int) -> Node:
        """`a b and c`: everything up to an `or`, a closing parenthesis or the end."""
        if self.sees("and", "or"):
            raise QueryFault("nothing_before", self.token.at, word=self.token.sort)
        parts = [self.unary(depth)]
        while not self.sees("or", ")", "end"):
            if self.sees("and"):
                self.here += 1
            parts.append(self.unary(depth))
        joined = every(*parts)
        assert joined is not None
        return joined

    def unary(self, depth: int) -> Node:
        """A condition with any number of negations before it."""
        if depth > DEEPEST:
            raise QueryFault("too_deep", self.token.at, most=DEEPEST)
        token = self.token
        if token.sort in ("-", "not"):
            self.here += 1
            return Not(self.unary(depth + 1))
        if token.sort == "(":
            self.here += 1
            if self.sees(")"):
                raise QueryFault("empty_parentheses", token.at)
            inner = self.alternatives(depth + 1)
            if not self.sees(")"):
                raise QueryFault("unclosed_parenthesis", token.at)
            self.here += 1
            return inner
        if token.sort in ("words", "term"):
            self.here += 1
            return self.condition(token)
        before = self.tokens[self.here - 1] if self.here else token
        raise QueryFault("nothing_follows", before.at, word="-" if before.sort == "-" else before.sort)

    def condition(self, token: Token) -> Node:
        """A word or a term, checked against the fields."""
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise QueryFault("too_many_conditions", token.at, most=MOST_CONDITIONS)
        if token.sort == "words":
            return Words(" ".join(token.text.split()), token.at)
        return check(_term(token), self.fields)
