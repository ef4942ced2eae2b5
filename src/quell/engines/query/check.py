"""Holding a term to its field: the operator fits, the values can be read."""

from __future__ import annotations

from dataclasses import replace

from .faults import QueryFault
from .fields import FLAGS, Field, Fields, Kind, nearest
from .moments import is_moment
from .tree import Term, Value


def check(term: Term, fields: Fields) -> Term:
    """The term under its field's canonical name, its fixed words in lower case; raises QueryFault."""
    field = fields.find(term.name)
    if field is None:
        near = fields.nearest(term.name)
        if near:
            raise QueryFault("unknown_field_near", term.at, field=term.name, near=near)
        raise QueryFault("unknown_field", term.at, field=term.name)
    if term.operator not in field.operators():
        raise QueryFault("operator_unfit", term.at, field=field.name, operator=term.operator)
    if term.operator not in (":", "!=") and len(term.values) > 1:
        raise QueryFault("one_value_only", term.values[1].at, operator=term.operator)
    values = tuple(_value(field, one) for one in term.values)
    return replace(term, name=field.name, values=tuple(dict.fromkeys(values)))


def check_sort(term: Term, fields: Fields) -> str:
    """The order a `sort:` asks for; raises QueryFault."""
    asked = term.values[0]
    if term.operator != ":":
        raise QueryFault("operator_unfit", term.at, field="sort", operator=term.operator)
    if len(term.values) > 1:
        raise QueryFault("one_value_only", term.values[1].at, operator=":")
    text = asked.text.lower()
    if text.removeprefix("-") not in fields.sorts:
        raise QueryFault("sort_unknown", asked.at, word=asked.text, choices=", ".join(fields.sorts))
    return text


def _value(field: Field, value: Value) -> Value:
    text = value.text.lower()
    if text in field.choices:
        return replace(value, text=text)
    if field.kind is Kind.CHOICE:
        near = nearest(text, field.choices)
        facts: dict[str, str | int] = {"field": field.name, "word": value.text, "choices": ", ".join(field.choices)}
        if near:
            raise QueryFault("not_a_choice_near", value.at, **facts, near=near)
        raise QueryFault("not_a_choice", value.at, **facts)
    if field.kind is Kind.NUMBER:
        plain = text.removeprefix("p")
        if not (plain.isascii() and plain.isdigit() and len(plain) < 10 and field.low <= int(plain) <= field.high):
            raise QueryFault(
                "not_a_number", value.at, field=field.name, word=value.text, low=field.low, high=field.high
            )
        return replace(value, text=str(int(plain)))
    if field.kind is Kind.FLAG and text not in FLAGS:
        raise QueryFault("not_a_flag", value.at, field=field.name, word=value.text)
    if field.kind is Kind.MOMENT and not is_moment(text):
        raise QueryFault("not_a_moment", value.at, field=field.name, word=value.text)
    if field.kind is Kind.MOMENT and text[0].isdigit():
        return replace(value, text=text.upper())
    return replace(value, text=text) if field.kind in (Kind.FLAG, Kind.MOMENT) else value
