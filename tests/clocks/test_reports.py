"""Reports: the figures of domain.md 5.8 and K53 to K55 over rows made by hand, and the clocks behind each figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quell.kernel.config.refusal import Forbidden, Invalid
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.agreements.models import Target
from quell.practices.clocks import facade
from quell.practices.clocks.models import Clock
from quell.practices.clocks.queries.asking import FIGURES, WHOLES, Asked
from quell.practices.clocks.queries.behind import Sought
from quell.practices.clocks.rules import periods
from quell.practices.incidents.actions.report import Report, report

from .conftest import MONDAY, agreement

ZONE = "Europe/Copenhagen"
MARCH = periods.read("2026-03", ZONE)
#: The end of March in Copenhagen, and a moment within it.
END, NOON = datetime(2026, 3, 31, 22, tzinfo=UTC), datetime(2026, 3, 20, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Rows:
    """Clocks written by hand, on one incident."""

    def __init__(self, people: Cast) -> None:
        number = report(people.actor("claire"), Report(title="VPN drops"), now=MONDAY).number
        self.record = Record.objects.get(number=number)
        Clock.objects.all().delete()
        self.made = 0

    def add(self, target: Target, count: int = 1, **facts: Any) -> None:
        """So many alike."""
        usual: dict[str, Any] = {
            "record": self.record, "organisation_id": self.record.organisation_id, "kind": "sla",
            "metric": target.metric.code, "target": target, "calendars_as_of": 1, "state": "stopped", "outcome": "met",
            "started_at": MONDAY, "stopped_at": NOON, "length": 60 * MINUTE, "spent": 30 * MINUTE, "spent_at": NOON,
            "paused": 0 * MINUTE, "due_at": NOON,
        }  # fmt: skip
        rows = []
        for _one in range(count):
            self.made += 1
            rows.append(Clock(**{**usual, **facts, "number": self.made}))
        Clock.objects.bulk_create(rows)

    def open(self, target: Target, breaches_at: datetime | None, **facts: Any) -> None:
        """One that runs still."""
        given = {"outcome": "", "state": "running", "stopped_at": None, "due_at": breaches_at, **facts}
        self.add(target, breaches_at=breaches_at, **given)


@pytest.fixture
def rows(promised: Cast) -> Rows:
    return Rows(promised)


def targets(people: Cast, *goals: float) -> list[Target]:
    wanted = [{"metric": "resolution", "amount": 3600, "goal_percent": goal} for goal in goals]
    return list(agreement(people, "worked", "sla", wanted).targets.order_by("position"))


def test_the_worked_example_of_k53(promised: Cast, rows: Rows) -> None:
    """38/40, 115/120, 402/420, 95/100: 95.59 % of all clocks, 95.38 % as the mean of the four targets."""
    for target, (met, all_) in zip(
        targets(promised, 95, 95, 95, 90), ((38, 40), (115, 120), (402, 420), (95, 100)), strict=True
    ):
        rows.add(target, met)
        rows.add(target, all_ - met, outcome="breached")
    found = facade.report(promised.actor("root"), Asked(MARCH), END)
    assert (found.total.met, found.total.breached) == (650, 30)
    assert (found.total.attainment, found.mean) == (95.59, 95.38)
    assert [(row.attainment, row.goal, row.reached) for row in found.rows] == [
        (95.71, 95.0, True), (95.83, 95.0, True), (95.0, 90.0, True), (95.0, 95.0, True)
    ]  # fmt: skip
    assert found.total.goal == round((580 * 95 + 100 * 90) / 680, 2)


def everything(people: Cast, rows: Rows) -> Target:
    """One or more clocks of each figure, in March."""
    (target,) = targets(people, 95)
    rows.add(target, 9, spent=10 * MINUTE, paused=5 * MINUTE)
    rows.add(target, 1, outcome="breached", spent=100 * MINUTE, breach_cause="capacity")
    rows.add(target, 2, outcome="breached", spent=95 * MINUTE, due_at=NOON - timedelta(days=30))
    rows.add(target, 3, outcome="breached", excluded_because="The customer's own power")
    rows.add(target, 4, outcome="cancelled", state="cancelled")
    rows.add(target, 5, outcome="superseded")
    rows.add(target, 6, informational=True)
    rows.open(target, NOON + timedelta(hours=1))
    rows.open(target, NOON - timedelta(hours=1), priority=2)
    rows.open(target, None, state="paused")
    rows.add(target, 7, stopped_at=END, due_at=END)  # the first moment of April
    return target


def test_what_counts_and_what_does_not(promised: Cast, rows: Rows) -> None:
    everything(promised, rows)
    actor = promised.actor("root")
    now = facade.report(actor, Asked(MARCH), NOON).total
    assert {name: getattr(now, name) for name in FIGURES} == {
        "met": 9, "breached": 3, "excluded": 3, "cancelled": 4, "superseded": 5, "informational": 6,
        "open_within": 2, "open_breached": 1,
    }  # fmt: skip
    assert (now.attainment, now.live) == (75.0, 69.23)
    assert (now.median, now.p90) == (10, 95)  # nearest rank: the 6th and the 11th of 12
    assert now.pause_share == round(100 * 45 / (45 + 90 + 100 + 190), 2)
    assert now.uncoded == 3  # two breached, and the one that is late and still runs
    # Looked at when March is over, what runs belongs to a later month; by due moment it stays where it was due.
    later = facade.report(actor, Asked(MARCH), END).total
    assert (later.met, later.open_within, later.open_breached) == (9, 0, 0)
    due = facade.report(actor, Asked(MARCH, basis="due"), END).total
    assert (due.met, due.breached, due.open_breached, due.decided) == (9, 1, 2, 12)
    assert due.attainment == 75.0
    april = facade.report(actor, Asked(MARCH.next()), END).total
    assert (april.met, april.decided) == (7, 7)


@pytest.mark.parametrize("basis", ["resolved", "due"])
@pytest.mark.parametrize("group", facade.GROUPS)
def test_behind_every_figure_are_as_many_clocks_as_it_says(promised: Cast, rows: Rows, group: str, basis: str) -> None:
    everything(promised, rows)
    actor, asked = promised.actor("root"), Asked(MARCH, group=group, basis=basis)
    found = facade.report(actor, asked, NOON)
    assert found.rows
    for key, row in [("", found.total), *((row.key, row) for row in found.rows if group != "cause" or row.key)]:
        counts = {name: getattr(row, name) for name in FIGURES} | {"uncoded": row.uncoded}
        counts |= {name: sum(counts[one] for one in WHOLES[name]) for name in ("all", "decided", "live", "open")}
        for figure, count in counts.items():
            sought = Sought(key, figure)
            assert facade.count_behind(actor, asked, sought, NOON) == count, (key, figure)
        listed = facade.lines_behind(actor, asked, Sought(key), NOON, limit=200)
        assert len(listed) == counts["all"]


def test_pages_of_a_list_meet_without_gap_or_repetition(promised: Cast, rows: Rows) -> None:
    everything(promised, rows)
    actor, asked, after, seen = promised.actor("root"), Asked(MARCH), None, []
    while True:
        page = facade.lines_behind(actor, asked, Sought(), NOON, limit=4, after=after)
        seen += [one.id for one in page[:4]]
        if len(page) <= 4:
            break
        after = facade.place_of(page[3])
    assert len(seen) == len(set(seen)) == facade.count_behind(actor, asked, Sought(), NOON) == 33
    assert [one.id for one in facade.every_behind(actor, asked, Sought(), NOON, 20)] == seen[:20]


def test_filters_groups_and_months(promised: Cast, rows: Rows) -> None:
    target = everything(promised, rows)
    actor = promised.actor("root")
    (row,) = facade.report(actor, Asked(MARCH), NOON).rows
    assert (row.name, row.detail) == ("Resolution 1 h", "worked v1") and row.key == str(target.pk)
    nothing = {"kind": "ola", "metric": "response", "agreement": "standard", "service": "nowhere", "team": "nowhere",
               "organisation": "nowhere", "priority": 1}  # fmt: skip
    for name, value in nothing.items():
        assert facade.report(actor, replace(Asked(MARCH), **{name: value}), NOON).total.met == 0, name
    for name, value in {"kind": "sla", "metric": "resolution", "agreement": "worked", "organisation": "gungun"}.items():
        assert facade.report(actor, replace(Asked(MARCH), **{name: value}), NOON).total.met == 9, name
    months = facade.report(actor, Asked(facade.months_until(MARCH.next(), 3), group="month"), END).rows
    assert [(month.code, month.met) for month in months] == [("2026-02", 0), ("2026-03", 9), ("2026-04", 7)]
    causes = facade.report(actor, Asked(MARCH, group="cause"), END).rows
    assert {row.code: row.breached for row in causes if row.breached} == {"": 2, "capacity": 1}


def test_only_those_who_see_the_inside_of_records_count_them(promised: Cast, rows: Rows) -> None:
    """Managers in their organisations, agents what is theirs, requesters nothing."""
    everything(promised, rows)
    for who, met in (("root", 9), ("amira", 9), ("stella", 0)):
        actor = promised.actor(who)
        if not actor.is_agent:
            continue
        assert facade.report(actor, Asked(MARCH), NOON).total.met == met, who
        assert facade.count_behind(actor, Asked(MARCH), Sought("", "met"), NOON) == met
    for look in (facade.report, facade.forecast):
        with pytest.raises(Forbidden):
            look(promised.actor("claire"), *([Asked(MARCH)] if look is facade.report else []), NOON)


def test_what_is_late_soon(promised: Cast, rows: Rows) -> None:
    (target,) = targets(promised, 95)
    for hours in (-1, 1, 5, 20, 30):
        rows.open(target, NOON + timedelta(hours=hours), team_id=promised.network.pk)
    rows.open(target, None, state="paused")
    found = facade.forecast(promised.actor("root"), NOON)
    assert (found.total.within, found.total.late, found.total.paused) == ({2: 1, 8: 2, 24: 3}, 1, 1)
    assert [(row.name, row.within[24], row.late, row.paused) for row in found.rows] == [
        (promised.network.name, 3, 1, 0), ("Without a team", 0, 0, 1)
    ]  # fmt: skip
    assert [one.breaches_at for one in found.soon] == [NOON + timedelta(hours=hours) for hours in (1, 5, 20)]
    key = str(promised.network.pk)
    for which, count in (("soon", 3), ("late", 1), ("paused", 0)):
        listed = facade.forecast(promised.actor("root"), NOON, key=key, which=which).soon
        assert len(listed) == count


@pytest.mark.parametrize(
    ("text", "begin", "end", "before"),
    [
        ("2026-03", "2026-02-28T23:00", "2026-03-31T22:00", "2026-02"),
        ("2026-Q1", "2025-12-31T23:00", "2026-03-31T22:00", "2025-Q4"),
        ("2026-W01", "2025-12-28T23:00", "2026-01-04T23:00", "2025-W52"),
        ("2026", "2025-12-31T23:00", "2026-12-31T23:00", "2025"),
        ("2026-03-28..2026-03-29", "2026-03-27T23:00", "2026-03-29T22:00", "2026-03-26..2026-03-27"),
    ],
    ids=["month", "quarter", "week", "year", "days"],
)
def test_periods_are_bounded_by_local_midnight(text: str, begin: str, end: str, before: str) -> None:
    period = periods.read(text, ZONE)
    assert (period.begin.isoformat()[:16], period.end.isoformat()[:16]) == (begin, end)
    assert period.text == text and period.next(-1).text == before and period.next(-1).next() == period


@pytest.mark.parametrize(
    "asked",
    [{"period": text} for text in ("2026-13", "2026-W60", "yesterday", "2026-03-02..2026-03-01", "0001", "9999-12")]
    + [{"zone": "Mars/Base"}, {"basis": "x"}, {"group": "x"}, {"kind": "x"}, {"priority": "6"}],
    ids=lambda asked: "-".join(f"{name}-{value}" for name, value in asked.items()),
)
def test_what_is_no_report_is_refused_by_its_field(promised: Cast, asked: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        facade.asked_of(promised.actor("root"), asked, NOON)
    assert [one.field for one in refused.value.errors] == list(asked)
