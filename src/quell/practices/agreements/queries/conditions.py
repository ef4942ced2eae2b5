"""Conditions of metrics as people write them: whether they can be read, and whether what they name is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quell.engines.conditions import FIELDS, NONE, compiled
from quell.engines.query.faults import QueryFault
from quell.engines.query.parse import parse
from quell.engines.query.tree import And, Node, Not, Or, Term
from quell.kernel.config import sql
from quell.kernel.config.refusal import FieldError
from quell.kernel.records.query_words import refusal

#: What the values of a field must name, where that can be known here.
_KNOWN: Mapping[str, str] = {
    "team": "SELECT code FROM people_team WHERE code = ANY(%s)",
    "service": "SELECT code FROM items_item WHERE item_class = 'service' AND code = ANY(%s)",
    "assignee": "SELECT email FROM people_person WHERE email = ANY(%s)",
    "owner": "SELECT email FROM people_person WHERE email = ANY(%s)",
    "requester": "SELECT email FROM people_person WHERE email = ANY(%s)",
}


def faults(conditions: Mapping[str, str]) -> list[FieldError]:
    """What is wrong with conditions by the names of their fields, each with the place; empty when all can be read."""
    return [fault for name, text in conditions.items() for fault in _faults(name, text)]


def _faults(name: str, text: str) -> list[FieldError]:
    try:
        compiled(text)
        _must_be_known(parse(text, FIELDS).condition)
    except QueryFault as fault:
        return list(refusal(fault, name).errors)
    return []


def _must_be_known(node: Node | None) -> None:
    for term in _terms(node):
        statement = _KNOWN.get(term.name)
        wanted = {value.text: value.at for value in term.values if value.text.lower() != NONE}
        if statement is None or not wanted:
            continue
        found = {row[0] for row in sql.rows(statement, [list(wanted)])}
        for text, at in wanted.items():
            if text not in found:
                raise QueryFault("value_unknown", at, field=term.name, word=text)


def _terms(node: Node | None) -> Iterator[Term]:
    match node:
        case Term():
            yield node
        case Not():
            yield from _terms(node.inner)
        case And() | Or():
            for part in node.parts:
                yield from _terms(part)
