"""Working time: what calendars say, and what is counted on ordinary days and in the nights when clocks change."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quell.engines.businesstime.calendar import HOUR, Day, WorkCalendar
from quell.engines.businesstime.combining import (
    INTERSECTION,
    UNION,
    Combined,
    Named,
    intersection,
    resolve,
    union,
)
from quell.engines.businesstime.days import end_after, same_time_after
from quell.engines.businesstime.faults import CODES, CalendarFault
from quell.engines.businesstime.local import moment_of
from quell.engines.businesstime.reading import parsed, written
from quell.engines.businesstime.reasoning import steps
from quell.engines.businesstime.timetable import Timetable

from .calendars import CPH, CPH8, EIGHT_TO_FOUR, ROUND_THE_CLOCK, SHA8, SUN, TIMETABLES, cph, sha

H = timedelta(hours=1)
OFFICE, CHINA, ALWAYS = TIMETABLES["CPH8"], TIMETABLES["SHA8"], TIMETABLES["24x7"]


def daily(*spans: tuple[float, float], zone: str = "Europe/Copenhagen") -> Timetable:
    """Open every day at these hours."""
    return Timetable(
        WorkCalendar(zone, dict.fromkeys(range(7), tuple((int(a * HOUR), int(b * HOUR)) for a, b in spans)))
    )


def z(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- counting -----------------------------------------------------------------------------------------------


def test_elapsed_add_and_subtract_on_ordinary_days() -> None:
    assert OFFICE.elapsed(cph("2 Mar 14:30"), cph("3 Mar 10:30")) == 4 * H
    assert OFFICE.add(cph("2 Mar 14:30"), 4 * H) == cph("3 Mar 10:30")
    assert OFFICE.subtract(cph("3 Mar 10:30"), 4 * H) == cph("2 Mar 14:30")
    assert OFFICE.elapsed(cph("3 Mar 10:30"), cph("2 Mar 14:30")) == -4 * H


def test_elapsed_is_exact_to_the_microsecond() -> None:
    begin = cph("2 Mar 14:30") + timedelta(microseconds=1)
    assert OFFICE.elapsed(begin, cph("3 Mar 10:30")) == 4 * H - timedelta(microseconds=1)
    assert OFFICE.add(begin, 4 * H) == cph("3 Mar 10:30") + timedelta(microseconds=1)


def test_what_is_used_up_at_closing_is_due_at_closing() -> None:
    """The tie rule, and its mirror: counted back, the latest moment is meant."""
    assert OFFICE.add(cph("2 Mar 08:00"), 8 * H) == cph("2 Mar 16:00")
    assert OFFICE.subtract(cph("3 Mar 10:00"), 2 * H) == cph("3 Mar 08:00")
    assert OFFICE.add(cph("2 Mar 18:00"), timedelta(0)) == cph("2 Mar 18:00")


def test_open_and_next_open() -> None:
    assert OFFICE.is_open(cph("2 Mar 08:00")) and not OFFICE.is_open(cph("2 Mar 16:00"))
    assert OFFICE.next_open(cph("6 Mar 16:00")) == cph("9 Mar 08:00")
    assert OFFICE.next_open(cph("6 Mar 15:59")) == cph("6 Mar 15:59")
    assert OFFICE.last_open(cph("9 Mar 07:00")) == cph("6 Mar 16:00")
    assert OFFICE.last_open(cph("9 Mar 09:00")) == cph("9 Mar 09:00")
    assert list(OFFICE.stretches(cph("6 Mar 15:00"), cph("9 Mar 09:00"))) == [
        (cph("6 Mar 15:00"), cph("6 Mar 16:00")),
        (cph("9 Mar 08:00"), cph("9 Mar 09:00")),
    ]


def test_a_timetable_reaches_as_far_as_it_is_asked() -> None:
    fresh = Timetable(CPH8)
    assert fresh.elapsed(cph("2 Mar 08:00"), cph("2 Mar 09:00")) == H
    assert fresh.elapsed(cph("4 Mar 08:00", 1991), cph("4 Mar 09:00", 1991)) == H
    assert fresh.add(cph("2 Mar 08:00"), 20_000 * H) == Timetable(CPH8).add(cph("2 Mar 08:00"), 20_000 * H)
    assert fresh.elapsed(cph("2 Mar 08:00"), fresh.add(cph("2 Mar 08:00"), 20_000 * H) or cph("1 Jan 00:00")) == (
        20_000 * H
    )


def test_beyond_1970_to_2099_is_refused_and_not_guessed() -> None:
    for moment in (datetime(9999, 1, 1, tzinfo=UTC), datetime(1800, 1, 1, tzinfo=UTC)):
        with pytest.raises(CalendarFault) as fault:
            OFFICE.elapsed(cph("2 Mar 08:00"), moment)
        assert fault.value.code == "out_of_range"
    with pytest.raises(TypeError):
        OFFICE.elapsed(datetime(2026, 3, 2), cph("2 Mar 08:00"))


# --- nights when clocks change --------------------------------------------------------------------------------


def test_the_spring_gap_shortens_and_the_doubled_hour_lengthens() -> None:
    night = daily((0, 6))
    assert night.elapsed(cph("29 Mar 00:00"), cph("29 Mar 12:00")) == 5 * H
    assert night.elapsed(cph("25 Oct 00:00"), cph("25 Oct 12:00")) == 7 * H


def test_a_time_inside_the_gap_is_read_with_the_offset_before() -> None:
    """02:30 on 29 March is 03:30: a span that ends there ends late, one that begins there begins late."""
    assert moment_of(datetime(2026, 3, 29, 2, 30), CPH) == z("2026-03-29T01:30")
    morning = z("2026-03-29T00:00"), z("2026-03-29T03:00")
    assert list(daily((0, 2.5)).stretches(*morning)) == [(z("2026-03-29T00:00"), z("2026-03-29T01:30"))]
    assert list(daily((2.5, 6)).stretches(*morning)) == [(z("2026-03-29T01:30"), z("2026-03-29T03:00"))]
    assert list(daily((2.5, 3.25)).stretches(*morning)) == []
    # Both of these are 01:00Z to 01:30Z that day, and count once.
    assert daily((2, 2.5), (3, 3.5)).elapsed(*morning) == 0.5 * H


def test_an_ambiguous_time_is_the_first_unless_the_second_is_asked_for() -> None:
    half_past = datetime(2026, 10, 25, 2, 30)
    assert moment_of(half_past, CPH) == z("2026-10-25T00:30")
    assert moment_of(half_past, CPH, second=True) == z("2026-10-25T01:30")
    night = z("2026-10-25T00:00"), z("2026-10-25T03:00")
    assert list(daily((0, 2.5)).stretches(*night)) == [(z("2026-10-25T00:00"), z("2026-10-25T00:30"))]
    assert list(daily((2.5, 4)).stretches(*night)) == [(z("2026-10-25T00:30"), z("2026-10-25T03:00"))]


def test_a_date_that_a_zone_left_out_has_no_hours() -> None:
    """Samoa went from 29 to 31 December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    samoa = Timetable(
        WorkCalendar("Pacific/Apia", dict.fromkeys(range(7), ((8 * HOUR, 16 * HOUR),)), {date(2011, 12, 31): "closed"})
    )
    begin, end = datetime(2011, 12, 29, tzinfo=apia), datetime(2012, 1, 2, tzinfo=apia)
    assert samoa.elapsed(begin, end) == 16 * H  # 29 December and 1 January


def test_a_change_of_half_an_hour_and_one_at_midnight() -> None:
    lord_howe = daily((0, 6), zone="Australia/Lord_Howe")
    day = datetime(2026, 10, 4, tzinfo=ZoneInfo("Australia/Lord_Howe"))
    assert lord_howe.elapsed(day, day + timedelta(days=1)) == 5.5 * H
    santiago = daily((0, 6), zone="America/Santiago")
    sunday = datetime(2026, 9, 6, 1, tzinfo=ZoneInfo("America/Santiago"))  # its first hour does not exist
    assert santiago.elapsed(sunday, sunday + timedelta(hours=12)) == 5 * H


# --- what a calendar says ---------------------------------------------------------------------------------------


def test_the_first_rule_that_speaks_holds() -> None:
    """Special hours before make-up day before holiday before the weekly hours."""
    day = date(2026, 9, 20)  # a Sunday
    both = {"holidays": {day: "Feast"}, "make_up": {day: 0}, "special": {day: ((10 * HOUR, 11 * HOUR),)}}
    eight = ((8 * HOUR, 16 * HOUR),)

    def said(*rules: str) -> Day:
        return WorkCalendar("UTC", EIGHT_TO_FOUR, **{rule: both[rule] for rule in rules}).day(day)  # type: ignore[arg-type]

    assert said("holidays", "make_up", "special") == Day(((10 * HOUR, 11 * HOUR),), "special")
    assert said("holidays", "make_up") == Day(eight, "make_up")
    assert said("holidays") == Day((), "holiday", "Feast")
    assert said() == Day((), "weekly")
    closed_once = WorkCalendar("UTC", EIGHT_TO_FOUR, make_up={day: 0}, special={day: ()})
    assert closed_once.day(day) == Day((), "special")


def test_a_span_over_midnight_is_two_pieces_that_follow_their_own_days() -> None:
    """The Friday night shift loses its Saturday morning when Saturday is a holiday."""
    friday = {4: ((22 * HOUR, 6 * HOUR),)}
    week = cph("2 Mar 00:00"), cph("9 Mar 00:00")
    assert Timetable(WorkCalendar("Europe/Copenhagen", friday)).elapsed(*week) == 8 * H
    closed = WorkCalendar("Europe/Copenhagen", friday, {date(2026, 3, 7): "closed"})
    assert Timetable(closed).elapsed(*week) == 2 * H
    once = WorkCalendar("Europe/Copenhagen", special={date(2026, 3, 6): ((22 * HOUR, 6 * HOUR),), date(2026, 3, 7): ()})
    assert list(Timetable(once).stretches(*week)) == [(cph("6 Mar 22:00"), cph("7 Mar 06:00"))]
    until_midnight = WorkCalendar("Europe/Copenhagen", {4: ((22 * HOUR, 0),)})
    assert Timetable(until_midnight).elapsed(*week) == 2 * H


def test_outside_its_validity_a_calendar_is_closed() -> None:
    brief = WorkCalendar("Europe/Copenhagen", EIGHT_TO_FOUR, valid_from=date(2026, 3, 3), valid_until=date(2026, 3, 5))
    timetable = Timetable(brief)
    assert timetable.elapsed(cph("2 Mar 00:00"), cph("9 Mar 00:00")) == 16 * H
    assert timetable.add(cph("2 Mar 00:00"), 16 * H) == cph("4 Mar 16:00")
    assert timetable.add(cph("2 Mar 00:00"), 17 * H) is None
    assert timetable.subtract(cph("9 Mar 00:00"), 17 * H) is None
    assert timetable.next_open(cph("4 Mar 16:00")) is None
    assert timetable.last_open(cph("2 Mar 00:00")) is None
    assert same_time_after(timetable, cph("4 Mar 09:00"), 1) is None
    assert brief.day(date(2026, 3, 2)).because == "not_valid"


def test_union_and_intersection() -> None:
    both = Timetable(Combined(INTERSECTION, (CPH8, SHA8)))
    day = cph("2 Mar 00:00"), cph("3 Mar 00:00")
    # 08–11 in Copenhagen is 15–18 in Shanghai.
    assert list(both.stretches(*day)) == [(cph("2 Mar 08:00"), cph("2 Mar 11:00"))]
    assert list(Timetable(SUN).stretches(*day)) == [
        (sha("2 Mar 09:00"), sha("2 Mar 12:00")),
        (sha("2 Mar 13:00"), cph("2 Mar 16:00")),
    ]
    assert union([[(0, 2), (4, 6)], [(2, 3), (5, 9)]]) == [(0, 3), (4, 9)]
    assert intersection([[(0, 5), (6, 9)], [(1, 2), (4, 7)], [(0, 9)]]) == [(1, 2), (4, 5), (6, 7)]
    assert Combined(UNION, (SHA8, CPH8)).zone == "Asia/Shanghai"


def test_parts_are_looked_up_by_name() -> None:
    book = {"office": CPH8, "china": SHA8, "sun": Named(UNION, ("office", "china"))}
    assert resolve("sun", book) == SUN
    with pytest.raises(CalendarFault) as fault:
        resolve("a", {"a": Named(UNION, ("b", "office")), "b": Named(INTERSECTION, ("c",)), "c": Named(UNION, ("b",))})
    assert (fault.value.code, fault.value.facts) == ("circular", {"path": "b → c → b"})
    with pytest.raises(CalendarFault) as fault:
        resolve("sun", {"sun": Named(UNION, ("nowhere",))})
    assert (fault.value.code, fault.value.facts) == ("unknown_calendar", {"calendar": "nowhere"})


# --- refusals ---------------------------------------------------------------------------------------------------

GOOD = {"zone": "Europe/Copenhagen", "weekly": {"mon": [["08:00", "16:00"]]}}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"zone": "Mars/Olympus"}, "unknown_zone"),
        ({"zone": "../etc/passwd"}, "unknown_zone"),
        ({"zone": "Europe"}, "unknown_zone"),
        ({"zone": ""}, "unknown_zone"),
        ({"zone": None}, "unknown_zone"),
        ({"weekly": {}}, "never_open"),
        ({"weekly": {"mon": []}, "special": {"2026-01-01": []}}, "never_open"),
        ({"valid_from": "2026-01-06", "valid_until": "2026-01-12"}, "never_open"),
        ({"weekly": {"mon": [["08:00", "12:00"], ["11:59", "16:00"]]}}, "overlapping"),
        ({"weekly": {"mon": [["22:00", "06:00"]], "tue": [["05:00", "07:00"]]}}, "overlapping"),
        ({"weekly": {"sun": [["22:00", "06:00"]], "mon": [["00:00", "01:00"]]}}, "overlapping"),
        ({"special": {"2026-01-05": [["08:00", "12:00"], ["08:00", "09:00"]]}}, "overlapping"),
        ({"weekly": {"mon": [["08:00", "08:00"]]}}, "empty_span"),
        ({"weekly": {"mon": [["24:00", "08:00"]]}}, "not_a_time"),
        ({"weekly": {"mon": [["08:00", "25:00"]]}}, "not_a_time"),
        ({"weekly": {"mon": [["8", "16"]]}}, "not_a_time"),
        ({"weekly": {"mon": [["08:00"]]}}, "not_a_time"),
        ({"weekly": {"mon": "08-16"}}, "not_a_time"),
        ({"weekly": {"moonday": []}}, "unknown_day"),
        ({"weekly": []}, "not_a_calendar"),
        ({"make_up": {"2026-09-20": "someday"}}, "unknown_day"),
        ({"closed": ["2026-02-30"]}, "not_a_date"),
        ({"closed": [20260202]}, "not_a_date"),
        ({"closed": "2026-02-03"}, "not_a_calendar"),
        ({"special": {"20260203": []}}, "not_a_date"),
        ({"valid_from": "2026-02-03", "valid_until": "2026-02-03"}, "validity_reversed"),
        ({"colour": "red"}, "unknown_field"),
    ],
)  # fmt: skip
def test_a_calendar_that_cannot_be_meant_is_refused_with_its_facts(change: dict[str, object], code: str) -> None:
    with pytest.raises(CalendarFault) as fault:
        parsed({**GOOD, **change})
    assert fault.value.code == code
    assert fault.value.code in CODES


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ([], "not_a_calendar"),
        (None, "not_a_calendar"),
        ({"union": []}, "no_parts"),
        ({"union": GOOD}, "not_a_calendar"),
        ({"union": [GOOD], "zone": "UTC"}, "unknown_field"),
    ],
)
def test_a_document_that_is_no_calendar_is_refused(document: object, code: str) -> None:
    with pytest.raises(CalendarFault) as fault:
        parsed(document)
    assert fault.value.code == code


def test_a_bottomless_combination_is_refused() -> None:
    document: object = GOOD
    for _ in range(2000):
        document = {"union": [document]}
    with pytest.raises(CalendarFault):
        parsed(document)


def test_facts_say_where() -> None:
    with pytest.raises(CalendarFault) as fault:
        parsed({**GOOD, "weekly": {"mon": [["22:00", "06:00"]], "tue": [["05:00", "07:30"]]}})
    assert fault.value.facts == {"day": "tue", "first": "00:00–06:00", "second": "05:00–07:30"}


# --- documents ----------------------------------------------------------------------------------------------------


def test_the_contract_s_own_example() -> None:
    week = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    special = {"2026-12-24": [["08:00", "12:00"]], "2026-09-20": [["09:00", "18:00"]]}
    timetable = Timetable(
        parsed({"zone": "Europe/Copenhagen", "weekly": week, "closed": ["2026-04-02"], "special": special})
    )
    assert timetable.add(cph("1 Apr 14:00"), 4 * H) == cph("3 Apr 10:00")
    assert timetable.elapsed(cph("20 Sep 00:00"), cph("21 Sep 00:00")) == 9 * H


@pytest.mark.parametrize(
    "source",
    [CPH8, SHA8, SUN, ROUND_THE_CLOCK, WorkCalendar(
        "UTC", {0: ((22 * HOUR, 6 * HOUR),)}, special={date(2026, 1, 6): ((1, 61),), date(2026, 1, 7): ()},
        valid_from=date(2026, 1, 1), valid_until=date(2027, 1, 1),
    )],
)  # fmt: skip
def test_what_is_written_reads_back(source: WorkCalendar | Combined) -> None:
    assert parsed(written(source)) == source


# --- working days and reasons ---------------------------------------------------------------------------------------


def test_the_same_time_some_working_days_later() -> None:
    assert same_time_after(OFFICE, cph("13 May 15:00"), 3) == cph("19 May 15:00")
    assert same_time_after(OFFICE, cph("7 Mar 10:00"), 1) == cph("9 Mar 10:00")
    assert same_time_after(OFFICE, cph("6 Mar 18:00"), 1) == cph("9 Mar 16:00")
    assert same_time_after(OFFICE, cph("6 Mar 07:00"), 1) == cph("9 Mar 08:00")
    assert same_time_after(ALWAYS, cph("28 Mar 22:00"), 1) == cph("29 Mar 22:00")
    half_day = Timetable(WorkCalendar(
        "Europe/Copenhagen", EIGHT_TO_FOUR,
        special={date(2026, 12, 24): ((8 * HOUR, 12 * HOUR),), date(2026, 12, 28): ((10 * HOUR, 12 * HOUR),)},
    ))  # fmt: skip
    assert same_time_after(half_day, cph("23 Dec 15:00"), 1) == cph("24 Dec 12:00")
    assert same_time_after(half_day, cph("24 Dec 08:30"), 2) == cph("28 Dec 10:00")


def test_the_end_of_a_later_working_day() -> None:
    assert end_after(OFFICE, cph("13 May 15:00"), 1) == cph("15 May 16:00")
    assert end_after(OFFICE, cph("13 May 15:00"), 0) == cph("13 May 16:00")
    assert end_after(OFFICE, cph("7 Mar 15:00"), 1) == end_after(OFFICE, cph("7 Mar 15:00"), 0) == cph("9 Mar 16:00")
    assert end_after(ALWAYS, cph("13 May 15:00"), 1) == cph("15 May 00:00")


def test_the_sum_is_shown_day_by_day() -> None:
    """Easter 2026: an hour on Wednesday, nothing over five closed days, seven hours on Tuesday."""
    begin = cph("1 Apr 15:00")
    end = OFFICE.add(begin, 8 * H)
    assert end == cph("7 Apr 15:00")
    told = [
        (step.date.day, step.day.because if step.day else "", step.counted // H) for step in steps(OFFICE, begin, end)
    ]
    assert told == [
        (1, "weekly", 1), (2, "holiday", 0), (3, "holiday", 0), (4, "weekly", 0), (5, "holiday", 0), (6, "holiday", 0),
        (7, "weekly", 7),
    ]  # fmt: skip
    assert list(steps(OFFICE, begin, end))[-1].total == 8 * H
    assert next(steps(TIMETABLES["sun"], begin, end)).day is None


def test_counting_one_ticket_brings_no_numpy() -> None:
    """Web processes count one at a time; only what counts in bulk pays for numpy."""
    script = (
        "import sys, quell.engines.businesstime.timetable, quell.engines.businesstime.days,"
        " quell.engines.businesstime.reading, quell.engines.businesstime.reasoning;"
        " assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONPATH": ":".join(sys.path)})
