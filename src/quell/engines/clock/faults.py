"""What is wrong with a promise or its history. The sentence is found by the code, in the reader's language."""

from __future__ import annotations

#: Every code there is, so that whoever words them can be held to all.
CODES = (
    "target_zero", "target_too_long", "target_unknown_kind", "unknown_policy", "warning_out_of_range",
    "unknown_calendar", "unknown_event", "terms_missing",
)  # fmt: skip


class ClockFault(ValueError):
    """Terms or an event that cannot be meant. `code` is one of `CODES`; `facts` fill the sentence."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(f"{code}: {facts}")
        self.code = code
        self.facts = facts
