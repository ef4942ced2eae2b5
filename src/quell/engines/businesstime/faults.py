"""What can be wrong with a calendar. The sentence is found by the code, in the reader's language."""

from __future__ import annotations

#: Every code there is, so that whoever words them can be held to all.
CODES = (
    "not_a_calendar", "unknown_field", "unknown_zone", "unknown_day", "not_a_time", "not_a_date", "empty_span",
    "overlapping", "never_open", "validity_reversed", "unknown_calendar", "circular", "no_parts", "out_of_range",
    "not_a_question", "unknown_op", "not_a_moment", "not_an_amount", "never_due",
)  # fmt: skip


class CalendarFault(ValueError):
    """A calendar, or a question to one, that cannot be answered. `code` is one of `CODES`; `facts` fill the
    sentence (which zone, which day, which two spans, which circle)."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(f"{code}: {facts}")
        self.code = code
        self.facts = facts
