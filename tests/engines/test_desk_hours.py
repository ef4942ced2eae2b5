"""When a desk is open, across zones, closed days and the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.engines.desk_hours import DAY, DeskHours, Unreadable, grouped, parse_days, parse_week

CPH, NYC = ZoneInfo("Europe/Copenhagen"), ZoneInfo("America/New_York")
OFFICE = parse_week("Mon–Fri 07–19")
LUNCH = ((510, 720), (780, 1020))
NIGHT = parse_week("Mon-Sun 22-06")


def at(text: str, zone: ZoneInfo = CPH) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon–Fri 07–19", dict.fromkeys(range(5), ((420, 1140),))),
        ("mon-tue 8:30-12, 13-17; Sat 9.00 - 11.15", {0: LUNCH, 1: LUNCH, 5: ((540, 675),)}),
        ("Mon, Wed 9-12", {0: ((540, 720),), 2: ((540, 720),)}),
        ("Sat-Mon 0-24", {5: ((0, DAY),), 6: ((0, DAY),), 0: ((0, DAY),)}),
        ("man–fre 8-16", dict.fromkeys(range(5), ((480, 960),))),
        ("周一至周五 9:00-18:00", dict.fromkeys(range(5), ((540, 1080),))),
        ("Fri 22-06", {4: ((1320, DAY),), 5: ((0, 360),)}),
        ("24/7", dict.fromkeys(range(7), ((0, DAY),))),
        ("", {}),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(text: str, expected: object) -> None:
    assert parse_week(text) == expected


@pytest.mark.parametrize(
    "text", ["whenever", "Mon", "9-17", "Mon 25-26", "Mon 9-9", "Mon 9:75-10", "Mon–Fri 07–19 <b>"]
)
def test_what_is_no_hours_is_refused_and_shown(text: str) -> None:
    with pytest.raises(Unreadable) as fault:
        parse_week(text)
    assert fault.value.at and fault.value.at in text


def test_closed_days() -> None:
    assert parse_days("2026-12-24, 2026-12-25") == {date(2026, 12, 24), date(2026, 12, 25)}
    with pytest.raises(Unreadable):
        parse_days("Christmas")


def test_runs_of_days_are_named_together() -> None:
    assert grouped(parse_week("Mon-Fri 7-19, Sun 9-12")) == [(0, 4, ((420, 1140),)), (6, 6, ((540, 720),))]


@pytest.mark.parametrize(
    ("now", "open_", "opens"),
    [
        ("2026-11-20T06:59", False, "2026-11-20T07:00"),
        ("2026-11-20T07:00", True, "2026-11-20T07:00"),
        ("2026-11-20T18:59", True, "2026-11-20T18:59"),
        ("2026-11-20T19:00", False, "2026-11-23T07:00"),
        ("2026-11-22T12:00", False, "2026-11-23T07:00"),
        ("2026-12-24T10:00", False, "2026-12-28T07:00"),
    ],
)
def test_open_and_next_opening(now: str, open_: bool, opens: str) -> None:
    hours = DeskHours(OFFICE, CPH, parse_days("2026-12-24 2026-12-25"))
    assert hours.is_open(at(now)) is open_
    assert hours.next_opening(at(now)) == at(opens)


def test_a_desk_without_hours_never_opens() -> None:
    never = DeskHours({}, CPH)
    assert not never and never.next_opening(at("2026-11-20T06:59")) is None
    always_closed = DeskHours(
        parse_week("Mon 9-10"), CPH, frozenset(date(2026, 1, 1) + timedelta(days=d) for d in range(900))
    )
    assert always_closed.next_opening(at("2026-11-20T06:59")) is None


@pytest.mark.parametrize(
    ("zone", "start", "end", "hours"),
    [
        (CPH, "2026-03-28T20:00", "2026-03-29T08:00", 7),  # clocks go forward: the night is an hour shorter
        (CPH, "2026-10-24T20:00", "2026-10-25T08:00", 9),  # and back: an hour longer
        (NYC, "2026-03-07T20:00", "2026-03-08T08:00", 7),
        (CPH, "2026-11-19T20:00", "2026-11-20T08:00", 8),
    ],
)
def test_nights_when_clocks_change(zone: ZoneInfo, start: str, end: str, hours: int) -> None:
    assert DeskHours(NIGHT, zone).elapsed(at(start, zone), at(end, zone)) == timedelta(hours=hours)


@pytest.mark.parametrize("day", ["2026-03-30", "2026-10-26"])
def test_the_morning_after_opens_at_the_same_wall_clock_hour(day: str) -> None:
    sunday = at(f"{day}T12:00") - timedelta(days=1)
    opening = DeskHours(OFFICE, CPH).next_opening(sunday)
    assert opening is not None and opening.astimezone(CPH).strftime("%F %H:%M") == f"{day} 07:00"


def test_working_time_leaves_nights_and_weekends_out() -> None:
    hours = DeskHours(OFFICE, CPH)
    assert hours.elapsed(at("2026-11-20T18:30"), at("2026-11-23T07:10")) == timedelta(minutes=40)
    assert hours.elapsed(at("2026-11-23T07:10"), at("2026-11-20T18:30")) == timedelta()


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC), allow_imaginary=False)
spans = st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY)).filter(lambda one: one[0] < one[1])
weeks = st.dictionaries(st.integers(0, 6), st.tuples(spans), min_size=1)
zones = st.sampled_from([CPH, NYC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")])


@given(
    weeks,
    zones,
    moments,
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.timedeltas(timedelta(0), timedelta(days=20)),
)
def test_working_time_adds_up(week: dict, zone: ZoneInfo, start: datetime, one: timedelta, two: timedelta) -> None:  # type: ignore[type-arg]
    hours = DeskHours(week, zone)
    middle = start + one
    whole = hours.elapsed(start, middle + two)
    assert whole == hours.elapsed(start, middle) + hours.elapsed(middle, middle + two)
    assert timedelta() <= whole <= one + two


@given(weeks, zones, moments)
def test_until_the_next_opening_nobody_works_and_then_somebody_does(week: dict, zone: ZoneInfo, now: datetime) -> None:  # type: ignore[type-arg]
    hours = DeskHours(week, zone)
    opens = hours.next_opening(now)
    assert opens is not None and opens >= now
    assert hours.elapsed(now, opens) == timedelta()
    assert hours.is_open(now) is (opens == now)
