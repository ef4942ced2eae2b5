"""The engine against a minute-by-minute count (minute_by_minute.py): 10,000 questions to 250 calendars made by lot,
over changes of clocks, holidays, make-up days, half days, validity, unions and intersections in twelve zones' weeks.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quell.engines.businesstime import bulk
from quell.engines.businesstime.calendar import DAY, HOUR, WorkCalendar
from quell.engines.businesstime.combining import INTERSECTION, UNION, Combined, Source
from quell.engines.businesstime.faults import CalendarFault
from quell.engines.businesstime.local import from_micros, to_micros
from quell.engines.businesstime.timetable import Timetable

from .calendars import TIMETABLES, cph
from .minute_by_minute import DAYS, MINUTES, WINDOWS, Bitmap, by_lot, wall

ROUNDS, CALENDARS, QUESTIONS = 10, 25, 40
MINUTE = 60_000_000


def made(lot: random.Random) -> tuple[Source, Bitmap]:
    """A calendar for the engine and the row of its minutes."""
    zone, first = lot.choice(WINDOWS)
    kind = lot.choice((None, None, None, UNION, INTERSECTION))
    begin, _ = wall(zone, first)
    one = by_lot(lot, zone, first)
    row = one.open_minutes(first, zone)
    if kind is None:
        return one.calendar(lot), Bitmap(begin, row)
    # The other part's zone is looked at over the same days.
    other = by_lot(lot, "Asia/Shanghai", first)
    theirs = other.open_minutes(first, zone)
    mine, others = int.from_bytes(row), int.from_bytes(theirs)
    both = (mine | others if kind == UNION else mine & others).to_bytes(len(row))
    return Combined(kind, (one.calendar(lot), other.calendar(lot))), Bitmap(begin, both)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_every_minute_counted_gives_the_same(round_: int) -> None:
    lot = random.Random(round_)
    asked = 0
    while asked < CALENDARS * QUESTIONS:
        try:
            source, bitmap = made(lot)
        except CalendarFault as fault:
            assert fault.code == "never_open"  # the lot gave a short validity without open days
            continue
        timetable = Timetable(source)
        inside = range(bitmap.begin + 3 * MINUTES, bitmap.begin + DAYS * MINUTES)
        questions = [sorted(lot.sample(inside, 2)) for _ in range(QUESTIONS)]
        amounts = [lot.randrange(0, 3000) for _ in questions]
        for (a, b), amount in zip(questions, amounts, strict=True):
            told = f"{source} {from_micros(a * MINUTE)} {from_micros(b * MINUTE)} {amount}"
            assert timetable.elapsed_micros(a * MINUTE, b * MINUTE) == bitmap.elapsed(a, b) * MINUTE, told
            due = bitmap.add(a, amount)
            if due is not None and due < inside[-1]:
                assert timetable.add_micros(a * MINUTE, amount * MINUTE) == due * MINUTE, told
            asked += 1
        begins, ends = (np.array(column, np.int64) * MINUTE for column in zip(*questions, strict=True))
        assert bulk.elapsed(timetable, begins, ends).tolist() == [
            timetable.elapsed_micros(a, b) for a, b in zip(begins.tolist(), ends.tolist(), strict=True)
        ]
        found = [timetable.add_micros(a, amount * MINUTE) for a, amount in zip(begins.tolist(), amounts, strict=True)]
        assert bulk.add(timetable, begins, np.array(amounts, np.int64) * MINUTE).tolist() == [
            bulk.NEVER if due is None else due for due in found
        ]


# --- properties ---------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(sorted(TIMETABLES))
MOMENTS = st.datetimes(cph("1 Jan 00:00").replace(tzinfo=None), cph("31 Dec 00:00").replace(tzinfo=None)).map(
    lambda naive: naive.replace(tzinfo=cph("1 Jan 00:00").tzinfo)
)
AMOUNTS = st.timedeltas(timedelta(microseconds=1), timedelta(hours=400))


@given(NAMES, MOMENTS, MOMENTS, MOMENTS)
@settings(max_examples=300, deadline=None)
def test_elapsed_is_additive(name: str, a, b, c) -> None:
    timetable = TIMETABLES[name]
    assert timetable.elapsed(a, b) + timetable.elapsed(b, c) == timetable.elapsed(a, c)
    assert timetable.elapsed(a, b) == -timetable.elapsed(b, a)


@given(NAMES, MOMENTS, AMOUNTS)
@settings(max_examples=300, deadline=None)
def test_add_and_elapsed_are_inverse(name: str, begin, amount: timedelta) -> None:
    """And `add` gives the earliest such moment, `subtract` the latest."""
    timetable, tick = TIMETABLES[name], timedelta(microseconds=1)
    due = timetable.add(begin, amount)
    assert due is not None
    assert timetable.elapsed(begin, due) == amount
    assert timetable.elapsed(begin, due - tick) == amount - tick
    latest = timetable.subtract(due, amount)
    assert latest is not None and timetable.elapsed(latest, due) == amount
    assert timetable.elapsed(latest + tick, due) == amount - tick


@given(NAMES, MOMENTS)
def test_next_open_is_open_and_nothing_before_it_was(name: str, moment) -> None:
    timetable = TIMETABLES[name]
    opening = timetable.next_open(moment)
    assert opening is not None and timetable.is_open(opening)
    assert timetable.elapsed(moment, opening) == timedelta(0)
    closed = timetable.last_open(moment)
    assert closed is not None and timetable.elapsed(closed, moment) == timedelta(0)
    assert timetable.is_open(closed - timedelta(microseconds=1))


# --- in bulk ------------------------------------------------------------------------------------------------------


@given(NAMES, st.lists(st.tuples(MOMENTS, MOMENTS, AMOUNTS), max_size=50))
@settings(max_examples=50, deadline=None)
def test_in_bulk_the_same_to_the_microsecond(name: str, asked: list) -> None:
    timetable = TIMETABLES[name]
    begins, ends = (np.array([to_micros(row[place]) for row in asked], np.int64) for place in (0, 1))
    amounts = np.array([row[2] // timedelta(microseconds=1) for row in asked], np.int64)
    assert [timedelta(microseconds=n) for n in bulk.elapsed(timetable, begins, ends).tolist()] == [
        timetable.elapsed(a, b) for a, b, _ in asked
    ]
    assert [from_micros(n) for n in bulk.add(timetable, begins, amounts).tolist()] == [
        timetable.add(a, amount) for a, _, amount in asked
    ]


def test_in_bulk_unevenly_spread_hours_are_found_too() -> None:
    """Forty spans in one hour a week: no table of rungs is fine enough for that."""
    crowded = WorkCalendar("UTC", {0: tuple((9 * HOUR + 60 * n, 9 * HOUR + 60 * n + 30) for n in range(40))})
    timetable = Timetable(crowded)
    lot = random.Random(7)
    begins = np.array(
        [to_micros(cph("2 Mar 00:00")) + lot.randrange(14 * DAY) * 1_000_000 for _ in range(500)], np.int64
    )
    ends = begins + 9 * DAY * 1_000_000
    assert bulk.elapsed(timetable, begins, ends).tolist() == [
        timetable.elapsed_micros(a, b) for a, b in zip(begins.tolist(), ends.tolist(), strict=True)
    ]
    amounts = np.full(500, 45_000_000, np.int64)
    assert bulk.add(timetable, begins, amounts).tolist() == [
        timetable.add_micros(a, 45_000_000) for a in begins.tolist()
    ]


def test_in_bulk_what_never_comes_is_said() -> None:
    brief = Timetable(
        WorkCalendar(
            "UTC", dict.fromkeys(range(7), ((0, DAY),)), valid_from=date(2026, 3, 3), valid_until=date(2026, 3, 5)
        )
    )
    begins = np.array([to_micros(cph("2 Mar 00:00"))] * 3, np.int64)
    amounts = np.array([0, 48 * HOUR, 49 * HOUR], np.int64) * 1_000_000
    assert bulk.add(brief, begins, amounts).tolist() == [
        begins[0], to_micros(cph("5 Mar 01:00")), bulk.NEVER,
    ]  # fmt: skip
    before = np.array([to_micros(cph("2 Mar 00:00", 1990))], np.int64)
    assert bulk.elapsed(Timetable(brief.source), before, before + 10**12).tolist() == [0]
    with pytest.raises(ValueError, match="negative"):
        bulk.add(brief, begins, -amounts)
