"""Conditions over the facts of a record at one moment: `state:on_hold hold_reason:requester`. Pure.

They are written in the language of queries (docs/reference/query-language.md) and say when a clock starts, stops and
pauses (domain.md 5.2). Beside what a record is there is what has just happened to it: `verb`, the verb of the journal,
and `said`, who has said something.

    holds = compiled("state:resolved,closed")
    holds({"state": "resolved"})
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

from .query.faults import QueryFault
from .query.fields import Field, Fields, Kind
from .query.parse import parse
from .query.tree import And, Node, Not, Or, Term

NONE = "none"
#: Who has just said something, and to whom.
BY_DESK, BY_REQUESTER, NOTE = "reply_by_desk", "reply_by_requester", "note"

FIELDS = Fields(
    (
        Field("state", Kind.TEXT),
        Field("state_category", Kind.CHOICE, ("new", "active", "waiting", "resolved", "closed")),
        Field("hold_reason", Kind.TEXT, (NONE,)),
        Field("priority", Kind.NUMBER, low=1, high=5),
        Field("impact", Kind.NUMBER, low=1, high=4),
        Field("urgency", Kind.NUMBER, low=1, high=4),
        Field("team", Kind.LOOKUP, (NONE,)),
        Field("assignee", Kind.LOOKUP, (NONE,)),
        Field("owner", Kind.LOOKUP, (NONE,)),
        Field("requester", Kind.LOOKUP),
        Field("service", Kind.LOOKUP, (NONE,)),
        Field("category", Kind.LOOKUP, (NONE,)),
        Field("channel", Kind.TEXT),
        Field("kind", Kind.TEXT),
        Field("major", Kind.FLAG),
        Field("responded", Kind.FLAG),
        Field("verb", Kind.TEXT),
        Field("said", Kind.CHOICE, (BY_DESK, BY_REQUESTER, NOTE)),
    )
)
#: Fields that hold only in the instant of the entry that tells of them.
MOMENTARY = frozenset({"verb", "said"})

Facts: TypeAlias = Mapping[str, Any]
Holds: TypeAlias = Callable[[Facts], bool]
#: From a field and a value as it is written (a code, an address) to what stands in the facts for it; `Several` for what
#: may stand there.
Resolve: TypeAlias = Callable[[str, str], Any]


class Several(ABC):
    """What a written value means where that is more than one thing, such as a category and all below it."""

    @abstractmethod
    def __contains__(self, found: object) -> bool:
        """Is it one of them?"""


_COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge}


def compiled(text: str, resolve: Resolve | None = None) -> Holds:
    """The condition as a function of facts. An empty text never holds. Raises QueryFault, with the place, for what
    cannot be read, and for words to search for (`words_in_condition`), which no fact is."""
    condition = parse(text, FIELDS).condition
    return _never if condition is None else _compiled(condition, resolve)


def fields_of(*texts: str) -> frozenset[str]:
    """Which facts these conditions ask about."""
    return frozenset(name for text in texts for name in _names(parse(text, FIELDS).condition))


def _names(node: Node | None) -> Iterable[str]:
    match node:
        case Term():
            found = FIELDS.find(node.name)
            assert found is not None  # held by parse
            yield found.name
        case Not():
            yield from _names(node.inner)
        case And() | Or():
            for part in node.parts:
                yield from _names(part)


def _never(facts: Facts) -> bool:
    return False


def _compiled(node: Node, resolve: Resolve | None) -> Holds:
    match node:
        case Term():
            return _term(node, resolve)
        case Not():
            inner = _compiled(node.inner, resolve)
            return lambda facts: not inner(facts)
        case And():
            parts = [_compiled(part, resolve) for part in node.parts]
            return lambda facts: all(part(facts) for part in parts)
        case Or():
            parts = [_compiled(part, resolve) for part in node.parts]
            return lambda facts: any(part(facts) for part in parts)
    raise QueryFault("words_in_condition", node.at, words=node.text)


def _term(term: Term, resolve: Resolve | None) -> Holds:
    field = FIELDS.find(term.name)
    assert field is not None  # held by parse
    name = field.name
    if compare := _COMPARE.get(term.operator):
        bound = int(term.values[0].text)
        return lambda facts: (found := facts.get(name)) is not None and compare(found, bound)
    values = [_value(field, value.text, resolve) for value in term.values]
    several = [value for value in values if isinstance(value, Several)]
    wanted = frozenset(value for value in values if not isinstance(value, Several))
    if several:
        among = term.operator != "!="
        return lambda facts: ((found := _found(facts, name)) in wanted or any(found in one for one in several)) is among
    if term.operator == "!=":
        return lambda facts: _found(facts, name) not in wanted
    return lambda facts: _found(facts, name) in wanted


def _found(facts: Facts, name: str) -> Any:
    """What stands there; nothing, an empty text and what nobody knows are all `None`."""
    found = facts.get(name)
    return None if found == "" else found


def _value(field: Field, text: str, resolve: Resolve | None) -> Any:
    if field.kind is Kind.NUMBER:
        return int(text)
    if field.kind is Kind.FLAG:
        return text == "true"
    if text == NONE and NONE in field.choices:
        return None
    return resolve(field.name, text) if resolve and field.kind is Kind.LOOKUP else text
