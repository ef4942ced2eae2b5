"""The questions of `quell calendar eval`, answered and refused."""

from __future__ import annotations

import pytest

from quell.engines.businesstime.faults import CODES, CalendarFault
from quell.engines.calendar_questions import answer
from quell.engines.clock.faults import CODES as CLOCK_CODES
from quell.engines.clock.faults import ClockFault

WEEK = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CALENDAR = {"zone": "Europe/Copenhagen", "weekly": WEEK, "closed": ["2026-04-02", "2026-04-03", "2026-04-06"]}
DUE = {"calendar": CALENDAR, "op": "due", "start": "2026-04-01T12:00:00Z", "seconds": 28800}
ELAPSED = {"calendar": CALENDAR, "op": "elapsed", "start": "2026-04-01T12:00:00Z", "end": "2026-04-07T12:00:00Z"}


def test_answers() -> None:
    assert answer(DUE) == {"due": "2026-04-07T12:00:00Z"}
    assert answer(ELAPSED) == {"elapsed_seconds": 28800}
    assert answer({**DUE, "start": "2026-04-01T14:00:00+02:00"}) == {"due": "2026-04-07T12:00:00Z"}
    assert answer({**DUE, "start": "2026-04-01T12:00:00.25Z"}) == {"due": "2026-04-07T12:00:00.250000Z"}
    assert answer({**ELAPSED, "end": "2026-04-01T12:00:01.9Z"}) == {"elapsed_seconds": 1}
    assert answer({**ELAPSED, "end": "2026-04-01T11:00:00Z"}) == {"elapsed_seconds": -3600}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (None, "not_a_question"),
        ([DUE], "not_a_question"),
        ({}, "unknown_op"),
        ({**DUE, "op": "guess"}, "unknown_op"),
        ({**DUE, "op": ["due"]}, "unknown_op"),
        ({**DUE, "end": "2026-04-07T12:00:00Z"}, "unknown_field"),
        ({**DUE, "calendar": None}, "not_a_calendar"),
        ({**DUE, "calendar": {**CALENDAR, "zone": "Nowhere"}}, "unknown_zone"),
        ({**DUE, "start": "2026-04-01T12:00:00"}, "not_a_moment"),
        ({**DUE, "start": "yesterday"}, "not_a_moment"),
        ({**DUE, "start": 1}, "not_a_moment"),
        ({**DUE, "start": "0001-01-01T00:00:00+02:00"}, "not_a_moment"),
        ({**DUE, "start": "1900-01-01T00:00:00Z"}, "out_of_range"),
        ({**ELAPSED, "end": "9999-12-31T23:59:59Z"}, "out_of_range"),
        ({**DUE, "seconds": 0}, "target_zero"),
        ({**DUE, "seconds": -5}, "target_zero"),
        ({**DUE, "seconds": 100 * 365 * 86400}, "target_too_long"),
        ({**DUE, "seconds": 10**30}, "target_too_long"),
        ({**DUE, "seconds": 1.5}, "not_an_amount"),
        ({**DUE, "seconds": True}, "not_an_amount"),
        ({**DUE, "seconds": None}, "not_an_amount"),
        ({**DUE, "calendar": {**CALENDAR, "valid_until": "2026-04-02"}}, "never_due"),
    ],
)
def test_what_cannot_be_answered_is_refused(question: object, code: str) -> None:
    with pytest.raises((CalendarFault, ClockFault)) as fault:
        answer(question)
    assert fault.value.code == code
    assert code in (*CODES, *CLOCK_CODES)
