"""The clock's rules one by one, and what comes of crooked histories. The figures of domain.md are in
test_clock_examples.py, what holds for all histories in test_clock_properties.py."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from quell.engines.businesstime.calendar import WorkCalendar
from quell.engines.businesstime.reasoning import steps
from quell.engines.businesstime.timetable import Timetable
from quell.engines.clock.course import EMPTY
from quell.engines.clock.faults import CODES, ClockFault
from quell.engines.clock.history import CANCEL, CHANGE, REOPEN, RESUME, STOP, WAIT, Event
from quell.engines.clock.holding import holdings
from quell.engines.clock.replay import fold, read, replay, row
from quell.engines.clock.starting import BACK_DATED, FUTURE_DATED, REPORTED, Stamps, doubt, start_of
from quell.engines.clock.state import Instance, Warning
from quell.engines.clock.terms import (
    DURATION,
    END_OF_DAY,
    LONGEST,
    SAME_TIME,
    USUAL_PAUSES,
    Target,
    Terms,
)
from quell.engines.clock.warnings import next_look, to_tell
from quell.engines.clock.writing import parsed, written

from .calendars import EIGHT_TO_FOUR, TIMETABLES, cph
from .test_clock_examples import H, at, clock, hours, started, waited

BEGUN = started(cph("2 Mar 09:00"), hours(8))


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "amount", "code"),
    [
        (DURATION, 0, "target_zero"),
        (DURATION, -60, "target_zero"),
        (DURATION, 100 * 365 * 86400, "target_too_long"),
        (SAME_TIME, 0, "target_zero"),
        (SAME_TIME, 36500, "target_too_long"),
        (END_OF_DAY, -1, "target_zero"),
        ("fortnight", 1, "target_unknown_kind"),
    ],
)
def test_a_target_of_nothing_or_of_a_hundred_years_is_refused(kind: str, amount: int, code: str) -> None:
    with pytest.raises(ClockFault) as fault:
        Target(kind, amount)
    assert fault.value.code == code
    assert code in CODES
    Target(DURATION, LONGEST)
    Target(END_OF_DAY, 0)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"on_change": "shrug"}, "unknown_policy"),
        ({"on_reopen": "shrug"}, "unknown_policy"),
        ({"breach_rule": "shrug"}, "unknown_policy"),
        ({"warn_at": (90, 75)}, "warning_out_of_range"),
        ({"warn_at": (0,)}, "warning_out_of_range"),
        ({"warn_at": (50, 50)}, "warning_out_of_range"),
        ({"warn_at": (1001,)}, "warning_out_of_range"),
    ],
)
def test_terms_that_cannot_be_meant_are_refused(more: dict[str, object], code: str) -> None:
    with pytest.raises(ClockFault) as fault:
        hours(8, **more)
    assert fault.value.code == code


def test_a_missing_calendar_and_an_event_without_its_terms_are_refused() -> None:
    with pytest.raises(ClockFault) as fault:
        replay([started(cph("2 Mar 09:00"), hours(8, "nowhere"))], TIMETABLES, cph("2 Mar 09:00"))
    assert (fault.value.code, fault.value.facts) == ("unknown_calendar", {"calendar": "nowhere"})
    with pytest.raises(ClockFault):
        Event(cph("2 Mar 09:00"), CHANGE)
    with pytest.raises(ClockFault):
        Event(cph("2 Mar 09:00"), "explode")
    with pytest.raises(TypeError):
        Event(datetime(2026, 3, 2), STOP)


# --- states ---------------------------------------------------------------------------------------------------------


def test_states_from_nothing_to_stopped() -> None:
    events = [
        BEGUN, *waited("requester", cph("2 Mar 11:00"), cph("2 Mar 12:00")), Event(cph("2 Mar 15:00"), STOP),
    ]  # fmt: skip
    assert clock(events, cph("2 Mar 08:00")).current is not None
    told = []
    for moment in ("2 Mar 08:00", "2 Mar 10:00", "2 Mar 11:00", "2 Mar 11:30", "2 Mar 12:00", "2 Mar 16:00"):
        one = at(cph(moment), *events)
        told.append((one.state, one.elapsed / H, one.remaining / H, one.outcome))
    assert told == [
        ("none", 0, 8, ""), ("running", 1, 7, ""), ("paused", 2, 6, ""), ("paused", 2, 6, ""), ("running", 2, 6, ""),
        ("stopped", 5, 3, "met"),
    ]  # fmt: skip


def test_no_start_no_clock() -> None:
    none = clock([Event(cph("2 Mar 10:00"), STOP)], cph("2 Mar 12:00"))
    assert none.current is None
    assert [remark.code for remark in none.remarks] == ["no_clock"]
    assert row(fold([], TIMETABLES), TIMETABLES) is None


def test_a_cancelled_clock_is_neither_met_nor_breached() -> None:
    late = clock([BEGUN, Event(cph("5 Mar 10:00"), CANCEL), Event(cph("6 Mar 10:00"), REOPEN)], cph("9 Mar 10:00"))
    assert late.current is not None
    assert (late.current.state, late.current.outcome, late.current.breached) == ("cancelled", "cancelled", True)
    assert late.counted == ()
    assert [remark.code for remark in late.remarks] == ["cancelled"]


def test_a_wait_ends_by_its_date_though_nobody_says_so() -> None:
    wait = Event(cph("2 Mar 11:00"), WAIT, by="kim", reason="requester", until=cph("2 Mar 13:00"), entry=7)
    paused = at(cph("2 Mar 12:00"), BEGUN, wait)
    assert (paused.state, paused.reasons, paused.paused_until) == ("paused", ("requester",), cph("2 Mar 13:00"))
    later = at(cph("2 Mar 15:00"), BEGUN, wait)
    assert (later.state, later.elapsed) == ("running", 4 * H)
    assert [(one.kind, one.cause, one.by, one.entry) for one in later.segments] == [
        ("ran", "start", "", 0), ("paused", "wait", "kim", 7), ("ran", "until", "", 7),
    ]  # fmt: skip
    # A resume that comes earlier counts, one that comes later does not.
    assert at(cph("2 Mar 15:00"), BEGUN, wait, Event(cph("2 Mar 12:00"), RESUME)).elapsed == 5 * H
    assert at(cph("2 Mar 15:00"), BEGUN, wait, Event(cph("2 Mar 14:00"), RESUME)).elapsed == 4 * H
    # The date is put off.
    put_off = Event(cph("2 Mar 12:00"), WAIT, reason="requester", until=cph("2 Mar 14:00"))
    assert at(cph("2 Mar 15:00"), BEGUN, wait, put_off).elapsed == 3 * H


def test_waits_for_two_things_end_with_the_last() -> None:
    terms = hours(8, pauses_on=frozenset({"requester", "scheduled"}))
    events = [
        started(cph("2 Mar 09:00"), terms),
        Event(cph("2 Mar 10:00"), WAIT, reason="requester", until=cph("2 Mar 12:00")),
        Event(cph("2 Mar 11:00"), WAIT, reason="scheduled", until=cph("2 Mar 14:00")),
    ]
    assert at(cph("2 Mar 11:00"), *events).paused_until == cph("2 Mar 14:00")
    assert at(cph("2 Mar 11:30"), *events).reasons == ("requester", "scheduled")
    assert at(cph("2 Mar 13:00"), *events, Event(cph("2 Mar 12:30"), RESUME, reason="scheduled")).state == "running"


def test_the_usual_pauses_leave_suppliers_out() -> None:
    assert all("supplier" not in reasons for reasons in USUAL_PAUSES.values())
    assert "response" not in USUAL_PAUSES


def test_a_pause_after_the_breach_heals_nothing() -> None:
    wait = Event(cph("3 Mar 10:00"), WAIT, reason="requester")
    one = at(cph("5 Mar 10:00"), BEGUN, wait)
    assert (one.state, one.breached, one.breaches_at, one.due_at) == (
        "paused", True, cph("3 Mar 09:00"), cph("3 Mar 09:00"),
    )  # fmt: skip


def test_used_up_when_the_pause_begins_breaks_when_it_ends() -> None:
    events = BEGUN, *waited("requester", cph("3 Mar 09:00"), cph("4 Mar 12:00"))
    paused = at(cph("4 Mar 10:00"), *events)
    assert (paused.due_at, paused.at_limit, paused.breaches_at) == (cph("3 Mar 09:00"), True, None)
    assert at(cph("4 Mar 12:00"), *events).breaches_at == cph("4 Mar 12:00")
    assert at(cph("4 Mar 12:01"), *events).breached


def test_stopped_while_it_waited_it_was_due_as_if_it_had_gone_on() -> None:
    one = at(
        cph("3 Mar 12:00"), BEGUN, Event(cph("2 Mar 11:00"), WAIT, reason="requester"), Event(cph("2 Mar 15:00"), STOP)
    )
    assert (one.outcome, one.elapsed, one.due_at) == ("met", 2 * H, cph("3 Mar 13:00"))


def test_within_one_entry_the_stronger_comes_first() -> None:
    """Cancel before stop before pause before start: told in whatever order."""
    stop = Event(cph("2 Mar 12:00"), STOP, entry=5)
    again = started(cph("2 Mar 12:00"), hours(2))
    rearmed = clock([BEGUN, replace(again, entry=5), stop], cph("2 Mar 13:00"))
    assert [(one.state, one.outcome) for one in rearmed.instances] == [("stopped", "met"), ("running", "")]
    cancelled = clock([BEGUN, stop, Event(cph("2 Mar 12:00"), CANCEL, entry=5)], cph("2 Mar 13:00"))
    assert [one.outcome for one in cancelled.instances] == ["cancelled"]
    # In entries of their own, what was written first was first.
    held = [
        BEGUN,
        Event(cph("2 Mar 10:00"), WAIT, reason="requester", entry=1),
        Event(cph("2 Mar 11:00"), RESUME, reason="requester", entry=2),
        Event(cph("2 Mar 11:00"), WAIT, reason="requester", entry=3),
    ]
    assert at(cph("2 Mar 12:00"), *held).state == "paused"


@pytest.mark.parametrize(("kind", "outcome"), [(STOP, "met"), (CANCEL, "cancelled")])
def test_what_is_recorded_when_it_is_over_has_a_clock_that_is_over(kind: str, outcome: str) -> None:
    done = clock([replace(BEGUN, entry=5), Event(cph("2 Mar 09:00"), kind, entry=5)], cph("3 Mar 12:00"))
    assert [(one.outcome, one.elapsed) for one in done.instances] == [(outcome, 0 * H)]
    assert done.remarks == ()
    # A stop that was written down before belongs to something else.
    before = clock([replace(BEGUN, entry=5), Event(cph("2 Mar 09:00"), kind, entry=4)], cph("2 Mar 12:00"))
    assert [(one.outcome, one.elapsed) for one in before.instances] == [("", 3 * H)]
    assert [remark.code for remark in before.remarks] == ["no_clock"]


def test_started_again_while_it_runs_is_a_reset() -> None:
    reset = clock([BEGUN, started(cph("2 Mar 12:00"), hours(8))], cph("2 Mar 13:00"))
    assert [(one.outcome, one.elapsed) for one in reset.instances] == [("superseded", 3 * H), ("", H)]


# --- changes --------------------------------------------------------------------------------------------------------


def test_the_same_terms_again_change_nothing() -> None:
    assert len(clock([BEGUN, Event(cph("2 Mar 12:00"), CHANGE, terms=hours(8))], cph("2 Mar 13:00")).instances) == 1


def test_changes_follow_each_other() -> None:
    """Carried twice; then recalculated from the very beginning."""
    events = [
        BEGUN,
        Event(cph("2 Mar 12:00"), CHANGE, terms=hours(16)),
        Event(cph("2 Mar 14:00"), CHANGE, terms=hours(4, "24x7")),
    ]
    one = at(cph("2 Mar 18:00"), *events)
    assert (one.carried, one.elapsed, one.breaches_at) == (5 * H, 9 * H, cph("2 Mar 14:00"))
    whole = at(cph("2 Mar 18:00"), *events[:2], replace(events[2], policy="recalculate"))
    assert (whole.started_at, whole.elapsed, whole.breaches_at) == (cph("2 Mar 09:00"), 9 * H, cph("2 Mar 13:00"))


def test_recalculating_counts_pauses_by_the_new_rules() -> None:
    """What paused under the old terms need not under the new, and the other way round."""
    wait = waited("supplier", cph("2 Mar 10:00"), cph("2 Mar 12:00"))
    supplier = hours(8, pauses_on=frozenset({"supplier"}), agreement="new")
    change = Event(cph("2 Mar 13:00"), CHANGE, terms=supplier, policy="recalculate")
    assert at(cph("2 Mar 13:00"), BEGUN, *wait).elapsed == 4 * H
    assert at(cph("2 Mar 13:00"), BEGUN, *wait, change).elapsed == 2 * H
    assert at(cph("2 Mar 13:00"), BEGUN, *wait, replace(change, policy="carry")).elapsed == 4 * H


def test_a_change_while_it_waits_leaves_it_waiting() -> None:
    events = [
        BEGUN,
        Event(cph("2 Mar 11:00"), WAIT, reason="requester"),
        Event(cph("2 Mar 12:00"), CHANGE, by="kim", terms=hours(4)),
    ]
    one = at(cph("2 Mar 14:00"), *events)
    assert (one.state, one.elapsed, one.reasons) == ("paused", 2 * H, ("requester",))
    assert (one.segments[0].cause, one.segments[0].by) == ("change", "kim")
    assert at(cph("2 Mar 15:00"), *events, Event(cph("2 Mar 14:00"), RESUME)).due_at == cph("2 Mar 16:00")


def test_a_change_while_it_stands_still_holds_from_its_reopening() -> None:
    events = [
        BEGUN,
        Event(cph("2 Mar 11:00"), STOP),
        Event(cph("2 Mar 12:00"), CHANGE, terms=hours(4)),
    ]
    assert [one.target for one in clock(events, cph("2 Mar 13:00")).instances] == [8 * H]
    reopened = clock([*events, Event(cph("2 Mar 14:00"), REOPEN)], cph("2 Mar 15:00"))
    assert [(one.outcome, one.elapsed) for one in reopened.instances] == [("superseded", 2 * H), ("", 3 * H)]
    anew = replace(BEGUN, terms=hours(8, on_reopen="new_instance"))
    assert [
        (one.outcome, one.target) for one in clock(
            [anew, *events[1:], Event(cph("2 Mar 14:00"), REOPEN)], cph("2 Mar 15:00")
        ).instances
    ] == [("met", 8 * H), ("", 4 * H)]  # fmt: skip


def test_a_breach_that_need_not_be_kept_is_superseded() -> None:
    forgiving = started(cph("2 Mar 09:00"), hours(1, keep_breach=False))
    change = Event(cph("2 Mar 12:00"), CHANGE, terms=hours(8))
    assert [(one.outcome, one.informational) for one in clock([forgiving, change], cph("2 Mar 13:00")).instances] == [
        ("superseded", False), ("", False),
    ]  # fmt: skip


def test_a_promise_in_days_keeps_its_first_day() -> None:
    """By the end of the next working day, counted from when it came in; carried over from a promise of hours."""
    terms = Terms("fulfilment", Target(END_OF_DAY, 1), "CPH8")
    assert at(cph("2 Mar 09:00"), started(cph("2 Mar 09:00"), terms)).due_at == cph("3 Mar 16:00")
    changed = at(cph("3 Mar 09:00"), BEGUN, Event(cph("3 Mar 09:00"), CHANGE, terms=terms))
    assert (changed.elapsed, changed.due_at) == (8 * H, cph("3 Mar 16:00"))


# --- what comes in late or crooked --------------------------------------------------------------------------------


def test_a_crooked_history_is_counted_and_remarked() -> None:
    crooked = [
        Event(cph("2 Mar 08:30"), RESUME),
        BEGUN,
        Event(cph("2 Mar 10:00"), REOPEN),
        Event(cph("2 Mar 12:00"), STOP),
        Event(cph("2 Mar 13:00"), STOP),
        Event(cph("2 Mar 14:00"), CANCEL),
        Event(cph("9 Mar 14:00"), REOPEN),
    ]
    found = clock(crooked, cph("3 Mar 09:00"))
    assert found.current is not None and (found.current.outcome, found.current.elapsed) == ("met", 3 * H)
    assert [remark.code for remark in found.remarks] == [
        "not_waiting", "not_stopped", "already_stopped", "already_stopped", "ahead",
    ]  # fmt: skip


def test_moments_of_one_zone_are_compared_in_utc() -> None:
    """On 25 October 02:30 comes twice; Python takes both for the same, and the second for earlier than 02:40."""
    first, second = cph("25 Oct 02:30"), cph("25 Oct 02:30").replace(fold=1)
    between = cph("25 Oct 02:40")
    events = [
        Event(second, STOP),
        started(first, hours(4, "24x7")),
        Event(between, WAIT, reason="requester", until=cph("25 Oct 02:50")),
    ]
    one = clock(events, cph("25 Oct 02:30").replace(fold=1)).current
    assert one is not None and (one.elapsed, one.outcome) == (H - timedelta(minutes=10), "met")
    held = holdings([(second, "b"), (first, "a")], cph("25 Oct 02:20").replace(fold=1))
    assert [(one.holder, one.end - one.begin) for one in held] == [("a", timedelta(minutes=50))]
    assert doubt(second, between, at_most_back=H) == FUTURE_DATED
    shown = list(steps(TIMETABLES["24x7"], between, second))
    assert [step.total for step in shown] == [timedelta(minutes=50)]


def test_a_clock_may_be_set_beforehand() -> None:
    one = at(cph("1 Mar 12:00"), BEGUN)
    assert (one.state, one.elapsed, one.due_at) == ("none", 0 * H, cph("3 Mar 09:00"))


def test_a_wait_older_than_the_clock_pauses_it_from_its_beginning() -> None:
    events = [Event(cph("2 Mar 08:00"), WAIT, reason="requester"), BEGUN]
    one = at(cph("2 Mar 12:00"), *events)
    assert (one.state, one.elapsed, one.due_at) == ("paused", 0 * H, None)
    assert one.segments[0].cause == "start"


def test_a_calendar_that_ends_makes_no_due_moment() -> None:
    ends = {"CPH8": Timetable(WorkCalendar("Europe/Copenhagen", EIGHT_TO_FOUR, valid_until=date(2026, 3, 3)))}
    one = replay([started(cph("2 Mar 14:00"), hours(8))], ends, cph("5 Mar 12:00")).current
    assert one is not None
    assert (one.elapsed, one.due_at, one.breached, one.warnings[1].at) == (2 * H, None, False, None)
    days = Terms("fulfilment", Target(SAME_TIME, 9), "CPH8")
    far = replay([started(cph("2 Mar 14:00"), days)], ends, cph("5 Mar 12:00")).current
    assert far is not None and (far.due_at, far.breached) == (None, False)


def test_starts() -> None:
    stamps = Stamps(cph("2 Mar 10:00"), reported=cph("2 Mar 09:00"), detected=cph("2 Mar 08:00"))
    assert start_of(REPORTED, stamps) == cph("2 Mar 09:00")
    assert start_of("detected", stamps) == cph("2 Mar 08:00")
    assert start_of("detected", replace(stamps, detected=None)) == cph("2 Mar 09:00")
    assert start_of(REPORTED, Stamps(cph("2 Mar 10:00"))) == cph("2 Mar 10:00")
    back = timedelta(days=7)
    assert doubt(cph("2 Mar 11:00"), cph("2 Mar 10:00"), at_most_back=back) == FUTURE_DATED
    assert doubt(cph("2 Mar 10:00"), cph("9 Mar 10:01"), at_most_back=back) == BACK_DATED
    assert doubt(cph("2 Mar 10:00"), cph("9 Mar 10:00"), at_most_back=back) is None


def test_holdings_pass_over_what_did_not_change() -> None:
    handed = [
        (cph("2 Mar 09:00"), "a"),
        (cph("2 Mar 10:00"), "a"),
        (cph("2 Mar 11:00"), "b"),
        (cph("2 Mar 11:00"), "c"),
    ]
    held = [(one.holder, one.begin, one.end) for one in holdings(handed, cph("2 Mar 12:00"))]
    assert held == [("a", cph("2 Mar 09:00"), cph("2 Mar 11:00")), ("c", cph("2 Mar 11:00"), cph("2 Mar 12:00"))]


# --- warnings and the next look -------------------------------------------------------------------------------------


def test_of_several_warnings_that_have_come_only_the_highest_is_told() -> None:
    """Somebody woke the worker late, or a calendar moved them all into the past."""
    one = at(cph("3 Mar 08:30"), BEGUN)
    assert to_tell(one, (), cph("2 Mar 14:59")) is None
    assert to_tell(one, (), cph("2 Mar 15:00")) == Warning(75, cph("2 Mar 15:00"))
    assert to_tell(one, (), cph("3 Mar 08:30")) == Warning(90, cph("3 Mar 08:12"))
    assert to_tell(one, (75,), cph("3 Mar 08:30")) == Warning(90, cph("3 Mar 08:12"))
    assert to_tell(one, (90,), cph("3 Mar 08:30")) is None
    assert to_tell(at(cph("2 Mar 08:00"), BEGUN), (), cph("2 Mar 08:00")) is None


def test_the_next_look() -> None:
    one = at(cph("2 Mar 09:00"), BEGUN)

    def look(seen: Instance, told: int = 0, *, breach: bool = False) -> datetime | None:
        return next_look(seen, told, breach_told=breach)

    assert look(one) == cph("2 Mar 15:00")
    assert look(one, 75) == cph("3 Mar 08:12")
    assert look(one, 90) == cph("3 Mar 09:00")
    assert look(one, 90, breach=True) is None
    at_closing = at(cph("2 Mar 08:00"), started(cph("2 Mar 08:00"), hours(8)))
    assert look(at_closing, 90) == cph("3 Mar 08:00")  # nothing breaks while it is closed
    wait = Event(cph("2 Mar 11:00"), WAIT, reason="requester", until=cph("2 Mar 13:00"))
    assert look(at(cph("2 Mar 11:30"), BEGUN, wait)) is None
    assert look(at(cph("2 Mar 12:00"), BEGUN, Event(cph("2 Mar 11:00"), STOP))) is None


def test_warnings_not_reached_before_the_end_are_none() -> None:
    one = at(cph("5 Mar 12:00"), BEGUN, Event(cph("2 Mar 15:30"), STOP))
    assert one.warnings == (Warning(75, cph("2 Mar 15:00")), Warning(90, None))
    assert one.breaches_at is None and one.due_at == cph("3 Mar 09:00")


@pytest.mark.parametrize("rule", ["elapsed", "deadline"])
def test_more_carried_than_is_promised_is_broken_at_once(rule: str) -> None:
    change = Event(cph("2 Mar 15:00"), CHANGE, terms=hours(2, breach_rule=rule))
    one = at(cph("2 Mar 15:00"), BEGUN, change)
    assert (one.breached, one.due_at, one.breaches_at) == (True, cph("2 Mar 15:00"), cph("2 Mar 15:00"))


def test_what_was_carried_warns_at_once() -> None:
    change = Event(cph("2 Mar 15:00"), CHANGE, terms=hours(7))
    one = at(cph("2 Mar 15:00"), BEGUN, change)
    assert one.warnings == (Warning(75, cph("2 Mar 15:00")), Warning(90, cph("2 Mar 15:18")))


# --- the row, the explanation ---------------------------------------------------------------------------------------


def test_the_row_says_what_time_alone_does_not_change() -> None:
    course = fold([BEGUN, *waited("requester", cph("2 Mar 11:00"), cph("2 Mar 12:00"))], TIMETABLES)
    found = row(course, TIMETABLES)
    assert found is not None
    assert (found.state, found.spent, found.spent_at, found.due_at, found.instances) == (
        "running", 2 * H, cph("2 Mar 12:00"), cph("3 Mar 10:00"), 1,
    )  # fmt: skip
    later = read(course, TIMETABLES, cph("3 Mar 09:00")).current
    assert later is not None
    assert later.elapsed == found.spent + TIMETABLES["CPH8"].elapsed(found.spent_at, cph("3 Mar 09:00"))
    assert fold([], TIMETABLES) is EMPTY


def test_terms_that_are_kept_read_back() -> None:
    usual = hours(8)
    special = Terms(
        "fulfilment", Target(END_OF_DAY, 2), "sun", "gold", 7, frozenset({"requester", "supplier"}), "restart",
        "new_instance", "deadline", False, (10, 200),
    )  # fmt: skip
    for terms in (usual, special):
        assert parsed(json.loads(json.dumps(written(terms)))) == terms
    assert parsed({"metric": "m", "target": {"kind": DURATION, "amount": 60}, "calendar": "c"}) == Terms(
        "m", Target(DURATION, 60), "c"
    )
    with pytest.raises(ClockFault):
        parsed({**written(usual), "target": {"kind": DURATION, "amount": 0}})


def test_the_row_says_why_it_stands_still() -> None:
    late = replace(started(cph("2 Mar 09:00"), hours(1)), recorded=cph("3 Mar 09:00"))
    found = row(fold([late, Event(cph("3 Mar 10:00"), WAIT, reason="requester")], TIMETABLES), TIMETABLES)
    assert found is not None
    assert (found.state, found.reasons, found.late_recorded, found.informational) == (
        "paused", ("requester",), True, False,
    )  # fmt: skip
    assert found.due_at == cph("2 Mar 10:00")


def test_every_second_is_explained() -> None:
    terms = hours(8, agreement="gold", version=3)
    events = [
        replace(started(cph("2 Mar 09:00"), terms), by="sam", entry=1),
        Event(cph("2 Mar 11:00"), WAIT, by="kim", entry=2, reason="requester"),
        Event(cph("3 Mar 10:00"), RESUME, by="lee", entry=3, reason="requester"),
    ]
    segments = at(cph("3 Mar 12:00"), *events).segments
    assert [(s.kind, s.cause, s.by, s.entry, s.open / H, s.counted / H, s.total / H, s.ongoing) for s in segments] == [
        ("ran", "start", "sam", 1, 2, 2, 2, False),
        ("paused", "wait", "kim", 2, 7, 0, 2, False),
        ("ran", "resume", "lee", 3, 2, 2, 4, True),
    ]
    assert {(s.calendar, s.agreement, s.version) for s in segments} == {("CPH8", "gold", 3)}
    assert [s.begin for s in segments[1:]] == [s.end for s in segments[:-1]]
    one = at(cph("3 Mar 12:00"), *events)
    assert (one.percent, one.pause_share) == (50, 7 / 11)


def test_folding_brings_no_numpy() -> None:
    """The clock runs in every web process."""
    script = (
        "import sys, quell.engines.clock.replay, quell.engines.clock.comparing, quell.engines.clock.holding,"
        " quell.engines.clock.warnings, quell.engines.clock.starting; assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONPATH": ":".join(sys.path)})
