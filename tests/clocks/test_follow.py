"""Clocks move with their record, in its transaction (domain.md 5, architecture.md 5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quell.kernel.config import sql
from quell.kernel.config.refusal import Refusal
from quell.kernel.records.models import Record
from quell.practices.agreements.models import Metric
from quell.practices.clocks import facade
from quell.practices.clocks.models import Clock
from quell.practices.incidents.actions.report import Report, report
from quell.practices.incidents.models import Category

from .conftest import HOUR, MONDAY, OFFICE, agreement, calendar


def clocks(number: str) -> dict[tuple[str, str], Clock]:
    rows = Clock.objects.filter(record__number=number).order_by("number")
    return {(row.kind, row.metric): row for row in rows}


def test_a_report_begins_with_its_clocks(report_at):
    number = report_at()
    found = clocks(number)
    assert set(found) == {("sla", "response"), ("sla", "resolution")}
    assert found["sla", "response"].due_at == MONDAY + timedelta(hours=2)
    assert found["sla", "resolution"].due_at == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert found["sla", "response"].next_look_at == MONDAY + timedelta(hours=1)
    assert Record.objects.get(number=number).due_at == MONDAY + timedelta(hours=2)


def test_a_report_with_clocks_asks_the_database_as_often_as_one_without(people, monkeypatch):
    asked: list[object] = []
    ask = sql._run
    monkeypatch.setattr(sql, "_run", lambda *words, **more: asked.append(words[0]) or ask(*words, **more))

    def cost() -> int:
        asked.clear()
        number = report(people.actor("claire"), Report(title="VPN drops")).number
        asks = len(asked)
        assert bool(clocks(number)) is promising
        return asks

    promising = False
    cost()
    without = cost()
    promising = True
    calendar(people, "office", OFFICE)
    agreement(people, "standard", "sla", [{"metric": name, "amount": HOUR} for name in ("response", "resolution")])
    cost()  # the first learns what is promised now
    assert cost() == without


def test_response_stops_waiting_pauses_and_everything_is_counted_in_the_transaction(report_at, act):
    number = report_at()
    act("assign", number, 0.5, assignee="amira@gungun.example")
    act("start", number, 1)
    response = clocks(number)["sla", "response"]
    assert (response.state, response.outcome, response.spent) == ("stopped", "met", timedelta(hours=1))
    act("hold", number, 2, hold_reason="requester")
    waiting = clocks(number)["sla", "resolution"]
    assert (waiting.state, waiting.due_at, waiting.next_look_at) == ("paused", None, None)
    assert Record.objects.get(number=number).due_at is None
    act("resume", number, 25)  # Tuesday 10:00
    going = clocks(number)["sla", "resolution"]
    assert (going.state, going.spent) == ("running", timedelta(hours=2))
    assert going.due_at == datetime(2026, 3, 3, 15, tzinfo=UTC)  # S06: Tuesday 16:00
    act("resolve", number, 26, resolution_code="fixed", resolution="Cable.")
    over = clocks(number)["sla", "resolution"]
    assert (over.outcome, over.spent) == ("met", timedelta(hours=3))
    act("reopen", number, 27, who="claire", reason="still broken")
    again = clocks(number)["sla", "resolution"]
    assert (again.state, again.outcome, again.spent) == ("running", "", timedelta(hours=3))
    assert facade.verify().differences == []


def test_a_higher_priority_carries_what_has_elapsed_into_the_new_promise(report_at, act):
    number = report_at()
    act("edit", number, 3, impact=1, urgency=1)
    rows = list(Clock.objects.filter(record__number=number, metric="resolution").order_by("number"))
    assert [row.outcome for row in rows] == ["superseded", ""]
    assert rows[1].due_at == MONDAY + timedelta(hours=4)
    assert rows[0].target_id != rows[1].target_id
    assert Record.objects.get(number=number).due_at == MONDAY + timedelta(hours=2)  # the response comes first
    assert facade.verify().differences == []


def test_a_team_has_a_clock_of_its_own_which_stands_while_others_have_the_record(report_at, act):
    number = report_at()  # S27
    act("transfer", number, 0.5, team="network", reason="it is the switch")
    act("hold", number, 5, who="jonas", hold_reason="supplier")
    act("transfer", number, 6, who="jonas", team="applications", reason="perhaps the program")
    act("transfer", number, 7, who="raj", team="network", reason="no")
    found = clocks(number)
    handling = found["ola", "handling"]
    assert (handling.state, handling.paused) == ("running", timedelta(hours=1))
    assert handling.spent == timedelta(hours=5.5)
    assert found["uc", "supplier"].due_at == MONDAY + timedelta(hours=29)
    assert facade.verify().differences == []


def test_what_is_taken_back_counts_for_nothing(report_at, act):
    number = report_at()
    act("cancel", number, 1, reason="raised in error")
    assert {row.outcome for row in clocks(number).values()} == {"cancelled"}
    assert Record.objects.get(number=number).due_at is None


def test_nothing_runs_where_nothing_is_promised(promised, report_at):
    from quell.practices.incidents.actions.report import Report, report

    number = report(promised.actor("sam"), Report(title="Our own"), now=MONDAY).number
    assert clocks(number) == {}


def test_a_corrupted_row_is_found_named_and_mended(report_at):
    number = report_at()
    Clock.objects.filter(record__number=number, metric="response").update(due_at=MONDAY, spent=timedelta(hours=9))
    found = facade.as_json(facade.verify())
    assert found["differences_count"] == found["mended"] == 2
    assert {one["column"] for one in found["differences"]} == {"due_at", "spent"}
    assert found["differences"][0]["record"] == number
    assert found["differences"][0]["clock"] == "sla/response/1"
    assert facade.verify().differences == []


def test_looking_alone_mends_nothing(report_at):
    number = report_at()
    Clock.objects.filter(record__number=number, metric="response").delete()
    for _time in range(2):
        assert len(facade.verify(mend=False).differences) == 1
    assert facade.verify().differences and not facade.verify().differences


def test_what_a_process_remembers_of_promises_is_checked_when_it_writes(report_at, promised):
    """Another process has agreed on something in the meantime: the same statement tells, and it is counted anew."""
    report_at()
    agreement(promised, "gold", "sla", [{"metric": "resolution", "amount": HOUR, "priorities": [3]}],
              customer=promised.gungun)  # fmt: skip
    calendar(promised, "office", {**OFFICE, "closed": ["2026-03-02"]})
    number = report_at()
    found = clocks(number)["sla", "resolution"]
    assert found.due_at == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert Record.objects.get(number=number).due_at == found.due_at
    assert facade.verify().differences == []


def test_a_promise_that_cannot_be_counted_keeps_nobody_from_reporting(report_at, promised):
    agreement(promised, "gold", "sla", [{"metric": "response", "amount": HOUR, "calendar": "gone", "priorities": [3]}],
              customer=promised.gungun)  # fmt: skip
    assert set(clocks(report_at())) == {("sla", "resolution")}


def test_a_contact_written_down_late_counts_from_when_it_was_made(report_at):
    """S25: recording takes time, and that is our problem."""
    number = report_at(MONDAY + timedelta(hours=3), who="amira", requester="claire@gungun.example", reported_at=MONDAY)
    found = clocks(number)["sla", "response"]
    assert (found.started_at, found.late_recorded) == (MONDAY, True)
    assert found.breaches_at < MONDAY + timedelta(hours=3)
    assert facade.verify().differences == []


@pytest.mark.parametrize(
    ("who", "facts"),
    [
        ("claire", {"reported_at": MONDAY - timedelta(hours=1)}),
        ("amira", {"reported_at": MONDAY + timedelta(hours=1)}),
        ("amira", {"detected_at": MONDAY - timedelta(days=5)}),
    ],
    ids=["not_by_requesters", "not_ahead", "not_so_far_back"],
)
def test_a_start_that_needs_somebodys_word_is_refused(report_at, who, facts):
    with pytest.raises(Refusal):
        report_at(who=who, **facts)
    assert not Record.objects.exists()


def test_a_priority_put_right_with_a_leads_word_takes_its_breach_with_it(report_at, act):
    """S13, and its exception: a wrong priority (domain.md 5.5)."""
    wrong, right = report_at(impact=1, urgency=1), report_at(impact=1, urgency=1)
    for number, more in ((wrong, {"correction": "Ticked by mistake."}), (right, {})):
        act("edit", number, 4.5, who="mia", impact=3, urgency=3, **more)
    outcomes = {
        number: Clock.objects.get(record__number=number, metric="resolution", number=1).outcome
        for number in (wrong, right)
    }
    assert outcomes == {wrong: "superseded", right: "breached"}
    with pytest.raises(Refusal):
        act("edit", right, 5, who="amira", impact=4, urgency=4, correction="No lead's word.")


def test_a_metric_may_ask_what_only_incident_management_knows(promised, report_at, act):
    """Impact, urgency, category with all below it, and major: from the first moment, later, and in a replay."""
    asked = {
        "by-impact": "impact:1", "by-urgency": "urgency<=2", "by-category": "category:network -category:network/switch",
        "by-major": "major:true",
    }  # fmt: skip
    for code, start in asked.items():
        Metric.objects.create(
            code=code,
            version=1,
            name=code,
            start=start,
            stop="state:resolved,closed",
            kinds=["incident"],
            created_at=MONDAY,
        )
    network = Category.objects.get_or_create(path="network", defaults={"code": "network", "name": "Network"})[0]
    for code in ("wifi", "switch"):
        path = f"network/{code}"
        Category.objects.get_or_create(path=path, defaults={"code": code, "name": code, "parent": network})
    agreement(promised, "asking", "sla", [{"metric": code, "amount": HOUR} for code in asked])

    def running(number: str) -> set[str]:
        return {metric for _kind, metric in clocks(number)} & asked.keys()

    assert running(report_at(impact=3, urgency=3)) == set()
    assert running(report_at(impact=1, urgency=3)) == {"by-impact"}
    assert running(report_at(impact=3, urgency=2, category="network/wifi")) == {"by-urgency", "by-category"}
    assert running(report_at(impact=3, urgency=3, category="network")) == {"by-category"}
    number = report_at(impact=3, urgency=3, category="network/switch")
    assert running(number) == set()
    act("edit", number, 1, who="jonas", impact=1, urgency=1, category="network/wifi", major=True)
    assert running(number) == set(asked)
    assert facade.verify().differences == []
