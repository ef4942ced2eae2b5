"""S01 to S31 of domain.md 7.1, with its figures. CPH8, SHA8 and 24×7 are those of tests/engines/calendars.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from quell.engines.businesstime.calendar import DAY, HOUR, WorkCalendar
from quell.engines.businesstime.local import moment_of
from quell.engines.businesstime.timetable import Timetable
from quell.engines.clock import terms as policy
from quell.engines.clock.comparing import difference
from quell.engines.clock.history import CANCEL, CHANGE, REOPEN, RESUME, START, STOP, WAIT, Event
from quell.engines.clock.holding import holdings, totals
from quell.engines.clock.replay import replay
from quell.engines.clock.starting import DETECTED, REPORTED, Stamps, start_of
from quell.engines.clock.state import Clock, Instance
from quell.engines.clock.terms import DURATION, SAME_TIME, Target, Terms

from .calendars import CPH, CPH8, DANISH, EIGHT_TO_FOUR, ROUND_THE_CLOCK, SHA8, TIMETABLES, cph, sha

H = timedelta(hours=1)


def hours(count: float, calendar: str = "CPH8", **more: object) -> Terms:
    """A promise of so many hours."""
    usual: dict[str, object] = {"pauses_on": frozenset({"requester"}), "warn_at": (75, 90)}
    return Terms("resolution", Target(DURATION, int(count * HOUR)), calendar, **{**usual, **more})  # type: ignore[arg-type]


def started(at: datetime, terms: Terms) -> Event:
    return Event(at, START, terms=terms)


def waited(reason: str, begin: datetime, end: datetime) -> tuple[Event, Event]:
    return Event(begin, WAIT, reason=reason), Event(end, RESUME, reason=reason)


def clock(events: Iterable[Event], now: datetime) -> Clock:
    return replay(list(events), TIMETABLES, now)


def at(now: datetime, *events: Event) -> Instance:
    """The current instance at a moment."""
    current = clock(events, now).current
    assert current is not None
    return current


def due(begin: datetime, count: float, calendar: str = "CPH8") -> datetime | None:
    return at(begin, started(begin, hours(count, calendar))).due_at


def test_s01_within_a_day() -> None:
    assert due(cph("2 Mar 09:00"), 4) == cph("2 Mar 13:00") == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_s02_into_the_next_day() -> None:
    assert due(cph("2 Mar 14:30"), 4) == cph("3 Mar 10:30")


def test_s03_begun_while_closed() -> None:
    assert due(cph("6 Mar 18:00"), 4) == cph("9 Mar 12:00")


def test_s04_over_easter() -> None:
    assert due(cph("1 Apr 14:00"), 8) == cph("7 Apr 14:00") == datetime(2026, 4, 7, 12, tzinfo=UTC)


def test_s05_the_tie() -> None:
    begun = started(cph("2 Mar 08:00"), hours(8))
    evening = at(cph("2 Mar 20:00"), begun)
    assert (evening.due_at, evening.at_limit, evening.breached) == (cph("2 Mar 16:00"), True, False)
    assert evening.breaches_at == cph("3 Mar 08:00")
    assert at(cph("3 Mar 08:00:01"), begun).breached

    def stopped(when: str, terms: Terms | None = None) -> tuple[timedelta, str]:
        one = at(cph("4 Mar 12:00"), started(cph("2 Mar 08:00"), terms or hours(8)), Event(cph(when), STOP))
        return one.elapsed, one.outcome

    assert stopped("2 Mar 20:00") == (8 * H, "met")
    assert stopped("3 Mar 08:00:00") == (8 * H, "met")
    assert stopped("3 Mar 08:01") == (8 * H + timedelta(minutes=1), "breached")
    deadline = hours(8, breach_rule=policy.BY_DEADLINE)
    assert stopped("2 Mar 16:00", deadline) == (8 * H, "met")
    assert stopped("2 Mar 16:00:01", deadline) == (8 * H, "breached")
    assert not at(cph("2 Mar 16:00"), started(cph("2 Mar 08:00"), deadline)).breached
    assert at(cph("2 Mar 16:00:01"), started(cph("2 Mar 08:00"), deadline)).breached


def test_s06_paused_for_the_user() -> None:
    events = started(cph("2 Mar 09:00"), hours(8)), *waited("requester", cph("2 Mar 11:00"), cph("3 Mar 10:00"))
    paused = at(cph("2 Mar 12:00"), *events)
    assert (paused.state, paused.elapsed, paused.due_at) == ("paused", 2 * H, None)
    assert at(cph("3 Mar 10:00"), *events).due_at == cph("3 Mar 16:00")


def test_s07_pauses_that_overlap() -> None:
    waits = (
        *waited("requester", cph("2 Mar 10:00"), cph("2 Mar 14:00")),
        *waited("supplier", cph("2 Mar 12:00"), cph("2 Mar 15:00")),
    )
    user_only = at(cph("2 Mar 15:00"), started(cph("2 Mar 08:00"), hours(8)), *waits)
    assert user_only.due_at == cph("3 Mar 12:00")
    both = hours(8, pauses_on=frozenset({"requester", "supplier"}))
    one = at(cph("2 Mar 15:00"), started(cph("2 Mar 08:00"), both), *waits)
    assert (one.due_at, one.paused) == (cph("3 Mar 13:00"), 5 * H)
    told = [(segment.kind, segment.reasons, segment.open // H) for segment in one.segments]
    assert told == [
        ("ran", (), 2), ("paused", ("requester",), 2), ("paused", ("requester", "supplier"), 2),
        ("paused", ("supplier",), 1), ("ran", (), 0),
    ]  # fmt: skip


def test_s08_a_pause_over_the_weekend() -> None:
    wait = waited("requester", cph("6 Mar 15:00"), cph("9 Mar 10:00"))
    one = at(cph("9 Mar 10:00"), started(cph("6 Mar 13:00"), hours(8)), *wait)
    assert (one.elapsed, one.due_at) == (2 * H, cph("9 Mar 16:00"))
    pause = one.segments[1]
    assert (pause.end - pause.begin, pause.open, pause.counted) == (67 * H, 3 * H, 0 * H)


def test_s09_a_pause_outside_the_hours() -> None:
    wait = waited("requester", cph("2 Mar 18:00"), cph("3 Mar 07:00"))
    assert at(cph("3 Mar 07:00"), started(cph("2 Mar 09:00"), hours(8)), *wait).due_at == cph("3 Mar 09:00")


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("carry", "3 Mar 09:00"),
        ("restart", "3 Mar 13:00"),
        ("proportional", "3 Mar 11:00"),
        ("recalculate", "3 Mar 09:00"),
    ],
)
def test_s10_priority_up_in_the_same_calendar(how: str, expected: str) -> None:
    begun = started(cph("2 Mar 09:00"), hours(16))
    assert at(cph("2 Mar 09:00"), begun).due_at == cph("4 Mar 09:00")
    change = Event(cph("2 Mar 13:00"), CHANGE, terms=hours(8, on_change=how))
    assert at(cph("2 Mar 13:00"), begun, change).due_at == cph(expected)
    # What somebody chooses for this once stands in for the policy of the terms.
    chosen = Event(cph("2 Mar 13:00"), CHANGE, terms=hours(8), policy=how)
    assert at(cph("2 Mar 13:00"), begun, chosen).due_at == cph(expected)


@pytest.mark.parametrize(
    ("how", "elapsed", "expected", "breached"),
    [
        ("carry", 2, "9 Mar 11:00", False),
        ("recalculate", 66, "6 Mar 19:00", True),
        ("restart", 0, "9 Mar 13:00", False),
    ],
)
def test_s11_up_to_another_calendar_over_a_weekend(how: str, elapsed: int, expected: str, breached: bool) -> None:
    change = Event(cph("9 Mar 09:00"), CHANGE, terms=hours(4, "24x7"), policy=how)
    one = at(cph("9 Mar 09:00"), started(cph("6 Mar 15:00"), hours(16)), change)
    assert (one.elapsed, one.due_at, one.breached) == (elapsed * H, cph(expected), breached)


@pytest.mark.parametrize(
    ("how", "elapsed", "expected"),
    [("carry", 2, "6 Mar 19:30"), ("recalculate", 3.5, "6 Mar 18:00"), ("restart", 0, "6 Mar 21:30")],
)
def test_s12_up_the_same_evening(how: str, elapsed: float, expected: str) -> None:
    change = Event(cph("6 Mar 17:30"), CHANGE, terms=hours(4, "24x7"), policy=how)
    one = at(cph("6 Mar 17:30"), started(cph("6 Mar 14:00"), hours(16)), change)
    assert (one.elapsed, one.due_at, one.breached) == (elapsed * H, cph(expected), False)


def test_s13_down_after_a_breach() -> None:
    begun = started(cph("3 Mar 10:00"), hours(4, "24x7"))
    down = Event(cph("3 Mar 14:30"), CHANGE, terms=hours(16))
    p1, p3 = clock([begun, down], cph("3 Mar 15:00")).instances
    assert (p1.outcome, p1.breached, p1.breaches_at) == ("breached", True, cph("3 Mar 14:00"))
    assert (p3.carried, p3.due_at, p3.informational) == (4.5 * H, cph("5 Mar 10:00"), True)
    # The breach is counted once, and not at all when the priority had been wrong.
    done = Event(cph("4 Mar 12:00"), STOP)
    assert [one.outcome for one in clock([begun, down, done], cph("9 Mar 12:00")).counted] == ["breached"]
    corrected = clock([begun, replace(down, correction=True), done], cph("9 Mar 12:00"))
    assert [one.outcome for one in corrected.instances] == ["superseded", "met"]
    assert [one.outcome for one in corrected.counted] == ["met"]


def test_s14_round_the_clock_over_midnight() -> None:
    assert due(cph("3 Mar 23:40"), 4, "24x7") == cph("4 Mar 03:40")


def test_s15_into_summer_time() -> None:
    assert due(cph("28 Mar 22:00"), 8, "24x7") == cph("29 Mar 07:00") == datetime(2026, 3, 29, 5, tzinfo=UTC)


def test_s16_out_of_summer_time() -> None:
    assert due(cph("24 Oct 22:00"), 8, "24x7") == cph("25 Oct 05:00") == datetime(2026, 10, 25, 4, tzinfo=UTC)


def test_s17_a_nightly_window_when_clocks_change() -> None:
    nightly = Timetable(WorkCalendar("Europe/Copenhagen", dict.fromkeys(range(7), ((0, 6 * HOUR),))))
    assert nightly.elapsed(cph("29 Mar 00:00"), cph("30 Mar 00:00")) == 5 * H
    assert nightly.add(cph("29 Mar 00:00"), 6 * H) == cph("30 Mar 01:00")
    assert nightly.elapsed(cph("25 Oct 00:00"), cph("26 Oct 00:00")) == 7 * H
    assert nightly.add(cph("25 Oct 00:00"), 6 * H) == cph("25 Oct 05:00")


def test_s18_a_window_over_midnight() -> None:
    spans = ((22 * HOUR, 6 * HOUR),)
    stored = ((0, 6 * HOUR), (22 * HOUR, DAY))
    for pieces in (spans, stored):
        night = Timetable(WorkCalendar("Europe/Copenhagen", dict.fromkeys(range(7), pieces)))
        assert night.elapsed(cph("3 Mar 20:00"), cph("4 Mar 12:00")) == 8 * H
        assert night.elapsed(cph("28 Mar 20:00"), cph("29 Mar 12:00")) == 7 * H
        assert night.elapsed(cph("24 Oct 20:00"), cph("25 Oct 12:00")) == 9 * H


def test_s19_the_ambiguous_hour() -> None:
    half_past = datetime(2026, 10, 25, 2, 30)
    assert moment_of(half_past, CPH) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment_of(half_past, CPH, second=True) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    outage = moment_of(datetime(2026, 10, 25, 1, 30), CPH), moment_of(half_past, CPH, second=True)
    assert TIMETABLES["24x7"].elapsed(*outage) == 2 * H


def test_s20_two_zones() -> None:
    reported = sha("2 Mar 17:00")
    assert reported == cph("2 Mar 10:00")
    assert due(reported, 4, "SHA8") == sha("3 Mar 12:00") == cph("3 Mar 05:00")
    assert due(reported, 4, "CPH8") == cph("2 Mar 14:00") == sha("2 Mar 21:00")
    assert due(reported, 4, "sun") == cph("2 Mar 14:00")


def test_s21_the_union_follows_the_sun() -> None:
    assert due(sha("2 Mar 17:00"), 8, "sun") == sha("3 Mar 11:00") == cph("3 Mar 04:00")


def test_s22_a_make_up_day() -> None:
    assert due(sha("18 Sep 17:00"), 2, "SHA8") == sha("20 Sep 10:00")
    ignorant = Timetable(WorkCalendar("Asia/Shanghai", SHA8.weekly, SHA8.holidays))
    assert ignorant.add(sha("18 Sep 17:00"), 2 * H) == sha("21 Sep 10:00")


def test_s23_the_national_holiday_of_2004() -> None:
    assert due(sha("30 Sep 17:00", 2004), 4, "SHA8") == sha("8 Oct 12:00", 2004)
    assert due(sha("8 Oct 17:00", 2004), 4, "SHA8") == sha("9 Oct 12:00", 2004)


def test_s24_reopened() -> None:
    def told(how: str, *more: Event) -> list[tuple[timedelta, str]]:
        events = [
            started(cph("2 Mar 09:00"), hours(8, on_reopen=how)),
            Event(cph("2 Mar 14:00"), STOP),
            Event(cph("3 Mar 10:00"), REOPEN),
            *more,
        ]
        return [(one.elapsed, one.outcome) for one in clock(events, cph("3 Mar 18:00")).instances]

    done = Event(cph("3 Mar 12:30"), STOP)
    assert told("continue", done) == [(7.5 * H, "met")]
    assert told("count_through", done) == [(11.5 * H, "breached")]
    assert told("new_instance", done) == [(5 * H, "met"), (2.5 * H, "met")]
    reopened = [
        started(cph("2 Mar 09:00"), hours(8)), Event(cph("2 Mar 14:00"), STOP), Event(cph("3 Mar 10:00"), REOPEN),
    ]  # fmt: skip
    assert at(cph("3 Mar 10:00"), *reopened).due_at == cph("3 Mar 13:00")
    strict = replace(reopened[0], terms=hours(8, on_reopen="count_through"))
    assert at(cph("3 Mar 10:00"), strict, *reopened[1:]).breaches_at == cph("3 Mar 09:00")
    kinds = [segment.kind for segment in at(cph("3 Mar 18:00"), *reopened, done).segments]
    assert kinds == ["ran", "stopped", "ran"]


def test_s25_recorded_late() -> None:
    stamps = Stamps(recorded=cph("4 Mar 08:10"), detected=cph("4 Mar 03:00"))

    def begun(rule: str) -> Instance:
        event = replace(started(start_of(rule, stamps), hours(4, "24x7")), recorded=stamps.recorded)
        return at(stamps.recorded, event)

    detected = begun(DETECTED)
    assert (detected.due_at, detected.breached, detected.late_recorded) == (cph("4 Mar 07:00"), True, True)
    recorded = begun(REPORTED)
    assert (recorded.due_at, recorded.breached, recorded.late_recorded) == (cph("4 Mar 12:10"), False, False)


def test_s26_at_risk() -> None:
    one = at(cph("2 Mar 09:00"), started(cph("2 Mar 09:00"), hours(8)))
    assert [(warning.percent, warning.at) for warning in one.warnings] == [
        (75, cph("2 Mar 15:00")), (90, cph("3 Mar 08:12")),
    ]  # fmt: skip
    assert one.due_at == cph("3 Mar 09:00")


def test_s27_who_held_it() -> None:
    end = cph("3 Mar 11:30")
    held = holdings(
        [
            (cph("2 Mar 09:00"), "desk"), (cph("2 Mar 09:30"), "network"), (cph("2 Mar 14:00"), "supplier"),
            (cph("3 Mar 10:00"), "network"),
        ],
        end,
    )  # fmt: skip
    office, always = totals(held, TIMETABLES["CPH8"]), totals(held, TIMETABLES["24x7"])
    assert office == {"desk": 0.5 * H, "network": 6 * H, "supplier": 4 * H}
    assert always["supplier"] == 20 * H
    sla = at(end, started(cph("2 Mar 09:00"), hours(16)), Event(end, STOP))
    assert sla.elapsed == 10.5 * H == sum(office.values(), timedelta())
    # The same by a clock: left is stopped, back is reopened.
    network = at(
        end, started(cph("2 Mar 09:30"), hours(8)), Event(cph("2 Mar 14:00"), STOP),
        Event(cph("3 Mar 10:00"), REOPEN), Event(end, STOP),
    )  # fmt: skip
    assert network.elapsed == 6 * H


def test_s28_three_business_days() -> None:
    assert due(cph("13 May 15:00"), 24) == cph("19 May 15:00")
    days = Terms("fulfilment", Target(SAME_TIME, 3), "CPH8")
    assert at(cph("13 May 15:00"), started(cph("13 May 15:00"), days)).due_at == cph("19 May 15:00")


def test_s29_a_half_day() -> None:
    half = WorkCalendar(
        "Europe/Copenhagen", EIGHT_TO_FOUR, DANISH, special={date(2026, 12, 24): ((8 * HOUR, 12 * HOUR),)}
    )
    assert Timetable(half).add(cph("24 Dec 10:00"), 4 * H) == cph("28 Dec 10:00")
    assert TIMETABLES["CPH8"].add(cph("24 Dec 10:00"), 4 * H) == cph("24 Dec 14:00")


def test_s30_a_calendar_is_edited() -> None:
    events = [started(cph("2 Mar 14:00"), hours(8))]
    closed = WorkCalendar("Europe/Copenhagen", EIGHT_TO_FOUR, DANISH, special={date(2026, 3, 3): ()})
    after = {**TIMETABLES, "CPH8": Timetable(closed)}
    found = difference(events, TIMETABLES, after, cph("2 Mar 15:00"))
    assert found is not None
    assert (found.before.due_at, found.after.due_at) == (cph("3 Mar 14:00"), cph("4 Mar 14:00"))
    assert (found.moved, found.would_breach, found.healed) == (24 * H, False, False)
    done = [*events, Event(cph("3 Mar 15:00"), STOP)]
    assert difference(done, TIMETABLES, after, cph("5 Mar 12:00")) is None
    restated = difference(done, TIMETABLES, after, cph("5 Mar 12:00"), closed_too=True)
    assert restated is not None and restated.healed
    cancelled = [*events, Event(cph("2 Mar 14:30"), CANCEL)]
    assert difference(cancelled, TIMETABLES, after, cph("5 Mar 12:00")) is None


def test_s31_over_a_weekend_nothing_counts() -> None:
    begun = started(cph("7 Mar 10:00"), hours(1))
    resolved = at(cph("9 Mar 12:00"), begun, Event(cph("8 Mar 10:00"), STOP))
    assert (resolved.elapsed, resolved.outcome) == (0 * H, "met")
    assert at(cph("8 Mar 10:00"), begun).due_at == cph("9 Mar 09:00")


def test_calendars_are_those_of_the_examples() -> None:
    assert (CPH8.zone, SHA8.zone, ROUND_THE_CLOCK.zone) == ("Europe/Copenhagen", "Asia/Shanghai", "Europe/Copenhagen")
