"""Who is here, by their own clock, and who stands in for whom."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.engines.presence import Chain, faults, on_duty, stand_in

WEEK = {day: [["08:00", "12:00"], ["13:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
COPENHAGEN, SHANGHAI = ZoneInfo("Europe/Copenhagen"), ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("zone", "moment", "here"),
    [
        (COPENHAGEN, "2026-03-02T07:00:00", True),  # Monday 08:00 in winter
        (COPENHAGEN, "2026-03-02T06:59:59", False),
        (COPENHAGEN, "2026-03-30T06:00:00", True),  # Monday 08:00, the clocks have gone forward
        (COPENHAGEN, "2026-03-02T11:30:00", False),  # lunch
        (COPENHAGEN, "2026-03-02T15:00:00", False),  # 16:00, an end does not count
        (COPENHAGEN, "2026-03-01T09:00:00", False),  # Sunday
        (SHANGHAI, "2026-03-01T23:59:00", False),  # Monday 07:59 there
        (SHANGHAI, "2026-03-02T00:00:00", True),
    ],
)
def test_hours_are_read_on_the_persons_own_clock(zone, moment, here):
    assert on_duty(WEEK, zone, datetime.fromisoformat(moment).replace(tzinfo=UTC)) is here


def test_nothing_said_means_always():
    assert on_duty({}, COPENHAGEN, datetime(2026, 3, 1, 3, tzinfo=UTC))
    assert on_duty({"mon": []}, COPENHAGEN, datetime(2026, 3, 1, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("week", "codes"),
    [
        (WEEK, []),
        ({"mon": [["00:00", "24:00"]]}, []),
        ({"monday": []}, ["day"]),
        ({"mon": [["8:00", "12:00"]]}, ["clock"]),
        ({"mon": [["08:00"]]}, ["clock"]),
        ({"mon": [["12:00", "08:00"]]}, ["order"]),
        ({"mon": [["08:00", "12:00"], ["11:00", "13:00"]]}, ["overlap"]),
        ({"mon": [["08:00", "08:10"]] * 7}, ["many"]),
    ],
)
def test_a_week_that_cannot_be_is_named(week, codes):
    assert [code for _day, code in faults(week)] == codes


@pytest.mark.parametrize(
    ("away", "substitute", "expected"),
    [
        ({1}, {1: 2}, Chain(2, (1, 2))),
        ({1, 2}, {1: 2, 2: 3}, Chain(3, (1, 2, 3))),
        ({1, 2}, {1: 2, 2: 1}, Chain(None, (1, 2), circle=True)),
        ({1}, {}, Chain(None, (1,))),
        (set(), {1: 2}, Chain(1, (1,))),
    ],
)
def test_substitutes_by_example(away, substitute, expected):
    assert stand_in(1, substitute, lambda person: person not in away) == expected


@given(st.dictionaries(st.integers(1, 8), st.none() | st.integers(1, 8)), st.sets(st.integers(1, 8)))
def test_a_chain_always_ends_at_somebody_who_is_here_or_at_nobody(substitute, away):
    chain = stand_in(1, substitute, lambda person: person not in away)
    assert chain.person is None or chain.person not in away
    assert len(set(chain.steps)) == len(chain.steps)
