"""Who held the clocks, added up (capability SL09): the same time as on each ticket, however a clock got where it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quell.kernel.config.refusal import Forbidden, Invalid
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.clocks import facade
from quell.practices.clocks.models import Clock
from quell.practices.clocks.queries import held
from quell.practices.clocks.rules import periods

from .conftest import MONDAY

MARCH = periods.read("2026-03", "Europe/Copenhagen")
#: Friday of that week, 12:00 in Copenhagen.
FRIDAY = datetime(2026, 3, 6, 11, tzinfo=UTC)
RESOLUTION = facade.Asked(MARCH, kind="sla", metric="resolution")


@pytest.fixture
def tickets(report_at, act) -> list[str]:
    """One of every sort: plain, handed on, waiting with and without a date, opened again, of another priority, with a
    supplier, and not taken yet."""
    made = [report_at(MONDAY + timedelta(minutes=7 * place)) for place in range(7)]
    plain, handed, waited, again, moved, supplier, _untaken = made
    act("assign", plain, 0.5, assignee="amira@gungun.example")
    act("start", plain, 1)
    act("resolve", plain, 3.25, resolution_code="fixed", resolution="Done.")
    act("start", handed, 1)
    act("transfer", handed, 4, team="network", reason_code="needs_skill", reason="VPN")
    act("start", waited, 1)
    act("hold", waited, 2, hold_reason="requester", resume_at=(MONDAY + timedelta(hours=4)).isoformat())
    act("resume", waited, 26)
    act("hold", waited, 27, hold_reason="requester")
    act("start", again, 1)
    act("resolve", again, 2, resolution_code="fixed", resolution="Done.")
    act("reopen", again, 25, reason="It came back.")
    act("start", moved, 1)
    act("edit", moved, 3, impact=1, urgency=1)
    act("start", supplier, 1)
    act("hold", supplier, 2, hold_reason="supplier")
    act("resume", supplier, 27)
    return made


def of_tickets(numbers: list[str], kind: str, now: datetime) -> dict[str, float]:
    """What the tickets say, added up: seconds of open time by name."""
    found: dict[str, float] = {}
    for number in numbers:
        for one in facade.holders(Record.objects.get(number=number).pk, now):
            if one.kind == kind and one.open:
                key = one.name or one.key or "Nobody"
                found[key] = found.get(key, 0) + one.open.total_seconds()
    return found


@pytest.mark.parametrize("by", ["team", "person", "state"])
def test_the_report_is_the_sum_of_the_tickets(tickets: list[str], promised: Cast, by: str) -> None:
    one_calendar = [number for number in tickets if number != tickets[4]]
    Clock.objects.filter(record__number=tickets[4]).delete()
    found = facade.held(promised.actor("root"), RESOLUTION, facade.Sought("", "counted"), by, FRIDAY)
    assert {row.name: row.counted + row.paused for row in found.rows} == of_tickets(one_calendar, by, FRIDAY)
    assert found.total.tickets == found.clocks == 6
    assert sum(row.counted for row in found.rows) == found.total.counted
    assert sum(row.share or 0 for row in found.rows) == pytest.approx(100, abs=0.05)


def test_what_is_with_a_supplier_is_named_by_its_contract(tickets: list[str], promised: Cast) -> None:
    found = facade.held(promised.actor("root"), RESOLUTION, facade.Sought("", "counted"), "supplier", FRIDAY)
    with_supplier = {row.name: (row.tickets, row.counted, row.paused) for row in found.rows}["Carrier"]
    # Monday 11:00 to Tuesday 12:00 by the office's hours: a supplier's time pauses nothing.
    assert with_supplier == (1, 9 * 3600, 0)
    asked = facade.Asked(MARCH, kind="uc")
    (row,) = (
        r for r in facade.held(promised.actor("root"), asked, facade.Sought(), "supplier", FRIDAY).rows if r.counted
    )
    assert (row.name, row.counted) == ("Carrier", 25 * 3600)


@pytest.mark.parametrize("asked", [RESOLUTION, facade.Asked(MARCH)], ids=["resolution", "every clock"])
@pytest.mark.parametrize("by", facade.HOLDERS)
def test_at_once_is_as_counted_anew(
    tickets: list[str], promised: Cast, by: str, asked: facade.Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is divided by the stored row alone comes out as from the whole history, and adds up to what was spent."""
    actor, sought = promised.actor("root"), facade.Sought("", "counted")
    quick = facade.held(actor, asked, sought, by, FRIDAY)
    monkeypatch.setattr(held, "_at_once", lambda *_given: None)
    assert facade.held(actor, asked, sought, by, FRIDAY) == quick
    spent: dict[int, float] = {}
    for number in tickets:
        pk = Record.objects.get(number=number).pk
        rows = {one.id: one for one in facade.explain(pk, FRIDAY)}
        counts = {line.id for line in facade.lines_behind(actor, asked, sought, FRIDAY, limit=200)}
        spent[pk] = sum(one.instance.elapsed.total_seconds() for pk_, one in rows.items() if pk_ in counts)
    assert quick.total.counted == sum(spent.values())


def test_behind_each_line_are_exactly_its_tickets(tickets: list[str], promised: Cast) -> None:
    actor, sought = promised.actor("root"), facade.Sought("", "counted")
    for by in facade.HOLDERS:
        found = facade.held(actor, RESOLUTION, sought, by, FRIDAY)
        for row in (*found.rows, found.total):
            seen: list[Any] = []
            while True:
                count, page = facade.held_tickets(
                    actor, RESOLUTION, sought, by, row.key, FRIDAY, limit=2, after=len(seen)
                )
                seen += page
                if len(seen) >= count:
                    break
            assert len({one.number for one in seen}) == len(seen) == row.tickets, (by, row.key)
            # Each ticket is told in whole seconds.
            assert abs(sum(one.counted for one in seen) - row.counted) <= len(seen)
            assert sorted(one.counted for one in seen)[(len(seen) + 1) // 2 - 1] == row.median


def test_the_clocks_behind_one_figure_of_one_line(tickets: list[str], promised: Cast) -> None:
    actor = promised.actor("root")
    row = next(row for row in facade.report(actor, RESOLUTION, FRIDAY).rows if row.met)
    met = facade.held(actor, RESOLUTION, facade.Sought(row.key, "met"), "team", FRIDAY)
    assert met.clocks == row.met == met.total.tickets
    assert facade.held(actor, facade.Asked(MARCH, target=row.key), facade.Sought("", "met"), "team", FRIDAY).clocks == 1


def test_people_see_themselves_and_those_who_lead_see_people(tickets: list[str], promised: Cast) -> None:
    """domain.md 8.4: no ranking of people, and others' figures only for those who lead."""
    sought = facade.Sought("", "counted")
    names = [row.name for row in facade.held(promised.actor("root"), RESOLUTION, sought, "person", FRIDAY).rows]
    assert names[-1] == "Nobody" and names[:-1] == sorted(names[:-1]) and "Amira" in names
    agent = facade.held(promised.actor("jonas"), RESOLUTION, sought, "person", FRIDAY)
    assert {row.key for row in agent.rows} == {"none", "others"}
    for refused in (lambda: facade.held(promised.actor("claire"), RESOLUTION, sought, "team", FRIDAY),):
        with pytest.raises(Forbidden):
            refused()
    with pytest.raises(Invalid):
        facade.held(promised.actor("root"), RESOLUTION, sought, "colour", FRIDAY)


def test_it_asks_as_often_for_one_as_for_many_and_says_what_is_too_many(
    tickets: list[str], report_at, promised: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, sought = promised.actor("root"), facade.Sought("", "counted")
    facade.held(actor, facade.Asked(MARCH), sought, "team", FRIDAY)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            facade.held(actor, facade.Asked(MARCH), sought, "team", FRIDAY)
        return len(captured)

    before = asked()
    for place in range(5):
        report_at(MONDAY + timedelta(hours=place))
    assert asked() == before <= 8
    monkeypatch.setattr(held, "MOST", 3)
    with pytest.raises(Invalid, match="3 clocks at once"):
        facade.held(actor, facade.Asked(MARCH), sought, "team", FRIDAY)
