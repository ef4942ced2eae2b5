"""What is wrong with a query, and where. The sentence is found by the code, in the reader's language."""

from __future__ import annotations


class QueryFault(Exception):
    """A query that cannot be read. `code` is one of `CODES`, `at` counts characters from 0, `values` fill the
    sentence."""

    def __init__(self, code: str, at: int, **values: str | int) -> None:
        super().__init__(f"{code} at {at}: {values}")
        self.code = code
        self.at = at
        self.values = values


#: Every code there is, so that whoever words them can be held to all.
CODES = (
    "too_long", "too_deep", "too_many_conditions", "too_many_values", "bad_character", "unclosed_quote", "empty_quote",
    "unclosed_parenthesis", "stray_parenthesis", "empty_parentheses", "nothing_follows", "nothing_before",
    "unknown_field", "unknown_field_near", "operator_unfit", "value_missing", "one_value_only", "not_a_choice",
    "not_a_choice_near", "not_a_number", "not_a_moment", "not_a_flag", "sort_inside", "sort_twice", "sort_unknown",
    "value_unknown", "words_in_condition",
)  # fmt: skip
