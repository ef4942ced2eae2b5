"""Queries that people write, read into trees; what is wrong with one is said in words, with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from quell.engines.query.faults import QueryFault
from quell.engines.query.fields import Fields
from quell.engines.query.parse import parse
from quell.engines.query.tree import Query
from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid


def read_query(text: str, fields: Fields, name: str = "query") -> Query:
    """The query as a checked tree; raises Invalid on the field `name`, with a sentence that says where."""
    try:
        return parse(text, fields)
    except QueryFault as fault:
        raise refusal(fault, name) from None


def refusal(fault: QueryFault, name: str = "query") -> Invalid:
    """A fault as the refusal people read. Places are counted from 1, as people count."""
    sentence = sentences()[fault.code] % fault.values
    placed = _("At character %(place)d: %(sentence)s") % {"place": fault.at + 1, "sentence": sentence}
    return Invalid.field(name, placed)


def sentences() -> dict[str, str]:
    """The sentence of every fault there is, by its code, in the reader's language."""
    return {
        "too_long": _("a query has at most %(most)d characters."),
        "too_deep": _("parentheses and negations stand at most %(most)d deep."),
        "too_many_conditions": _("a query has at most %(most)d conditions."),
        "too_many_values": _("a condition has at most %(most)d values."),
        "bad_character": _("there is a character that cannot be used here."),
        "unclosed_quote": _("the quotation mark is never closed."),
        "empty_quote": _("there is nothing between the quotation marks."),
        "unclosed_parenthesis": _("the parenthesis is never closed."),
        "stray_parenthesis": _("this parenthesis closes nothing."),
        "empty_parentheses": _("there is nothing between the parentheses."),
        "nothing_follows": _("nothing follows “%(word)s”."),
        "nothing_before": _("nothing stands before “%(word)s”."),
        "unknown_field": _("there is no field “%(field)s”; words with a colon belong in quotation marks."),
        "unknown_field_near": _("there is no field “%(field)s”; did you mean “%(near)s”?"),
        "operator_unfit": _("“%(field)s” cannot be compared by “%(operator)s”."),
        "value_missing": _("“%(field)s” needs a value."),
        "one_value_only": _("“%(operator)s” takes one value."),
        "not_a_choice": _("“%(word)s” is not a value of “%(field)s”; choose one of: %(choices)s."),
        "not_a_choice_near": _("“%(word)s” is not a value of “%(field)s”; did you mean “%(near)s”?"),
        "not_a_number": _("“%(word)s” is not a whole number from %(low)d to %(high)d."),
        "not_a_moment": _("“%(word)s” is not a time; write 2026-10-01, today or -7d."),
        "not_a_flag": _("“%(word)s” is neither true nor false."),
        "sort_inside": _("“sort” stands beside the conditions, not inside one."),
        "sort_twice": _("“sort” stands here a second time."),
        "sort_unknown": _("lists cannot be sorted by “%(word)s”; choose one of: %(choices)s."),
        "value_unknown": _("no “%(word)s” is known here as “%(field)s”."),
        "words_in_condition": _("“%(words)s” names no field; write for example state:on_hold."),
    }


Row = Mapping[str, Any]


class Lists(Protocol):
    """What a practice's lists do for rooms that do not know the practice. All raise Invalid for what is asked wrongly.
    `parameters` are those of the list in the API."""

    def check(self, actor: Actor, query: str) -> object:
        """The whole check of a query with somebody's rights."""

    def page(self, actor: Actor, parameters: Mapping[str, str]) -> tuple[Sequence[Row], str | None]:
        """Some rows, and the cursor of the next."""

    def count(self, actor: Actor, parameters: Mapping[str, str]) -> int:
        """How many there are, counted up to a limit."""

    def numbers(self, actor: Actor, parameters: Mapping[str, str], limit: int) -> list[str]:
        """Numbers of all that match, at most `limit`."""

    def cell(self, row: Row, column: str) -> object:
        """What stands in a column: a text, a number, a time or None."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a practice's lists understand: fields and orders of its queries, the columns its tables can show."""

    fields: Fields
    columns: tuple[str, ...]
    lists: Lists


_dialects: dict[str, Dialect] = {}


def register(kind: str, spoken: Dialect) -> None:
    """Say which queries a kind of record understands; from a practice's wiring."""
    _dialects[kind] = spoken


def dialect(kind: str) -> Dialect:
    """The dialect of a kind of record; raises KeyError."""
    return _dialects[kind]


def kinds() -> tuple[str, ...]:
    """Kinds of records whose lists can be asked."""
    return tuple(_dialects)
