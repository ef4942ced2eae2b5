"""Which promise applies, and whether those behind it can keep it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from quell.engines.businesstime.calendar import WorkCalendar
from quell.engines.businesstime.timetable import Timetable
from quell.engines.target_chain import FITS, GAP, NEVER_DONE, TOO_LONG, Leg, check
from quell.engines.targets import RANKS, Case, Promise, Scope, applies

from .calendars import EIGHT_TO_FOUR, TIMETABLES, cph
from .minute_by_minute import by_lot

SINCE, NOW = cph("1 Jan 00:00"), cph("2 Mar 09:00")
H = timedelta(hours=1)
CASE = Case("INC-1", ("mail", "collaboration"), ("sales", "gungun"), "network", 2, "incident", 1)


def promise(key: str, **scope: object) -> Promise:
    return Promise(key, "resolution", Scope(**scope), SINCE)  # type: ignore[arg-type]


LADDER = [
    promise("default"),
    promise("customer", customer="sales"),
    promise("service", service="mail"),
    promise("both", service="mail", customer="sales"),
    promise("record", record="INC-1"),
]


def test_the_most_specific_wins_and_the_others_say_behind_what() -> None:
    for length, rank in enumerate(RANKS, 1):
        applied = applies("resolution", CASE, reversed(LADDER[:length]), NOW)
        assert applied.promise == LADDER[length - 1]
        assert applied.because.code == rank
        assert {because.code for _, because in applied.passed_over} <= {"less_specific"}
        assert len(applied.passed_over) == length - 1
    assert applies("resolution", CASE, LADDER[:4], NOW).because.values == {"service": "mail", "customer": "sales"}


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ({"record": "INC-2"}, "other_record"),
        ({"service": "web"}, "other_service"),
        ({"customer": "hr"}, "other_customer"),
        ({"holder": "desk"}, "other_holder"),
        ({"priorities": frozenset({1})}, "other_priority"),
        ({"kinds": frozenset({"request"})}, "other_kind"),
        ({"criticalities": frozenset({3})}, "other_criticality"),
    ],
)
def test_what_does_not_fit_says_why(scope: dict[str, object], code: str) -> None:
    applied = applies("resolution", CASE, [promise("a", **scope)], NOW)
    assert (applied.promise, applied.because.code) == (None, "none")
    assert applied.passed_over[0][1].code == code


def test_a_promise_holds_from_its_first_moment_to_before_its_last() -> None:
    brief = Promise("a", "resolution", Scope(), cph("2 Mar 09:00"), cph("2 Mar 10:00"))

    def code(when: str) -> str:
        applied = applies("resolution", CASE, [brief], cph(when))
        return applied.because.code if applied.promise else applied.passed_over[0][1].code

    assert [code(when) for when in ("2 Mar 08:59", "2 Mar 09:00", "2 Mar 09:59", "2 Mar 10:00")] == [
        "not_yet", "default", "default", "over",
    ]  # fmt: skip


def test_nearer_then_fuller_then_newer() -> None:
    above = promise("a", service="collaboration", priorities=frozenset({2}))
    near = promise("b", service="mail")
    assert applies("resolution", CASE, [above, near], NOW).promise == near
    assert applies("resolution", CASE, [above, near], NOW).passed_over[0][1].code == "further_away"
    parent, own = promise("a", customer="gungun"), promise("b", customer="sales")
    assert applies("resolution", CASE, [parent, own], NOW).promise == own
    fuller = promise("c", service="mail", priorities=frozenset({1, 2}))
    assert applies("resolution", CASE, [near, fuller], NOW).promise == fuller
    assert applies("resolution", CASE, [near, fuller], NOW).passed_over[0][1].code == "says_less"
    newer = replace(near, key="z", since=cph("1 Feb 00:00"))
    assert applies("resolution", CASE, [near, newer], NOW).promise == newer
    assert applies("resolution", CASE, [near, newer], NOW).passed_over[0][1].code == "older"
    twin = replace(near, key="a")
    assert applies("resolution", CASE, [near, twin], NOW).promise == twin


def test_another_metric_is_not_even_passed_over() -> None:
    applied = applies("response", CASE, LADDER, NOW)
    assert (applied.promise, applied.passed_over) == (None, ())


def test_the_order_of_promises_does_not_matter() -> None:
    lot = random.Random(3)
    crowd = [
        *LADDER[:4], promise("p", service="mail", priorities=frozenset({2})), promise("q", customer="gungun"),
        promise("r", service="collaboration", customer="sales"), promise("s", holder="network"),
    ]  # fmt: skip
    chosen = applies("resolution", CASE, crowd, NOW).promise
    assert chosen is not None and chosen.key == "both"
    for _ in range(20):
        lot.shuffle(crowd)
        assert applies("resolution", CASE, crowd, NOW).promise == chosen


# --- the chain ------------------------------------------------------------------------------------------------------

YEAR = cph("1 Jan 00:00"), cph("31 Dec 00:00")


def needed(allowed: float, calendar: str, *legs: tuple[float | None, str]) -> tuple[str, float | None]:
    route = tuple(
        Leg(f"team {n}", None if hours is None else hours * H, basis) for n, (hours, basis) in enumerate(legs)
    )
    (found,) = check(allowed * H, calendar, [route], TIMETABLES, *YEAR)
    return found.code, None if found.needed is None else found.needed / H


def test_in_one_calendar_the_times_add_up() -> None:
    assert needed(8, "CPH8", (1, "CPH8"), (4, "CPH8"), (3, "CPH8")) == (FITS, 8)
    assert needed(8, "CPH8", (1, "CPH8"), (4.5, "CPH8"), (3, "CPH8")) == (TOO_LONG, 8.5)


def test_hours_of_a_working_week_are_a_long_weekend_round_the_clock() -> None:
    """Four hours that begin right before closing on the Wednesday before Easter, or before Christmas."""
    code, hours = needed(24, "24x7", (4, "CPH8"))
    # Wed 1 April 12:00 and a moment: Wednesday's four hours are not quite enough, the rest is on Tuesday at 08:00.
    assert (code, hours) == (TOO_LONG, 4 + 16 + 5 * 24)
    (found,) = check(24 * H, "24x7", [(Leg("a", 4 * H, "CPH8"),)], TIMETABLES, *YEAR)
    assert found.worst == cph("1 Apr 12:00")


def test_a_supplier_round_the_clock_takes_no_more_than_his_hours() -> None:
    assert needed(8, "CPH8", (8, "24x7")) == (FITS, 8)
    assert needed(8, "CPH8", (9, "24x7")) == (FITS, 8)  # the night is his, not ours
    assert needed(8, "CPH8", (24, "24x7"), (1, "CPH8")) == (TOO_LONG, 9)


def test_the_longest_route_comes_first_and_gaps_before_all() -> None:
    routes = [
        (Leg("desk", H, "CPH8"),),
        (Leg("desk", H, "CPH8"), Leg("network", 6 * H, "CPH8")),
        (Leg("desk", H, "CPH8"), Leg("supplier", None, "24x7")),
    ]
    found = check(8 * H, "CPH8", routes, TIMETABLES, *YEAR)
    assert [(one.code, one.gaps, one.spare) for one in found] == [
        (GAP, ("supplier",), None), (FITS, (), H), (FITS, (), 7 * H),
    ]  # fmt: skip


def test_a_leg_that_can_never_be_done_is_said() -> None:
    ends = Timetable(WorkCalendar("Europe/Copenhagen", EIGHT_TO_FOUR, valid_until=date(2026, 6, 1)))
    (found,) = check(8 * H, "CPH8", [(Leg("a", H, "ends"),)], {**TIMETABLES, "ends": ends}, *YEAR)
    assert (found.code, found.needed) == (NEVER_DONE, None)


def test_no_start_is_worse_than_the_worst() -> None:
    """Ten thousand starts by lot, over mixed calendars; and the one that is named is as bad as it is said to be."""
    lot = random.Random(11)
    timetables = dict(TIMETABLES)
    for name in "abcd":
        made = by_lot(lot, "Europe/Copenhagen", date(2026, 3, 18))
        made.since = made.until = None
        timetables[name] = Timetable(made.calendar(lot))
    for _ in range(10):
        calendar = lot.choice(sorted(timetables))
        route = tuple(
            Leg(f"team {n}", lot.randrange(1, 60) * H / 2, lot.choice(sorted(timetables)))
            for n in range(lot.randrange(1, 4))
        )
        (found,) = check(8 * H, calendar, [route], timetables, *YEAR)
        assert found.needed is not None and found.worst is not None

        def takes(start: datetime, route: tuple[Leg, ...] = route, calendar: str = calendar) -> timedelta:
            end = start
            for leg in route:
                end = timetables[leg.calendar].add(end, leg.allowed or H) or end
            return timetables[calendar].elapsed(start, end)

        starts = [
            YEAR[0] + timedelta(minutes=lot.randrange(363 * 1440), microseconds=lot.randrange(2)) for _ in range(1000)
        ]
        assert max(map(takes, starts)) <= found.needed + timedelta(seconds=1)
        named = max(takes(found.worst), takes(found.worst + timedelta(microseconds=1)))
        assert named >= found.needed - timedelta(seconds=1)
