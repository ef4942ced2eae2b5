"""What is told of clocks: by the API, beside the stored rows, to each what is theirs; and what leads judge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quell.kernel.config.refusal import Forbidden, NotFound, WrongState
from quell.kernel.journal.models import Entry
from quell.kernel.people.tokens import issue
from quell.kernel.records.models import Record
from quell.practices.clocks import facade
from quell.practices.clocks.models import Clock
from quell.practices.clocks.queries import telling
from quell.practices.incidents import facade as incidents

from ..api.conftest import Caller
from .conftest import MONDAY


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def told(number: str, hours: float, *, internal: bool = True) -> dict[str, Any]:
    return telling.told(Record.objects.get(number=number).pk, at(hours), internal=internal)


def one(found: dict[str, Any], kind: str, metric: str) -> dict[str, Any]:
    return next(
        item for item in found["items"] if (item["kind"], item["metric"], item["current"]) == (kind, metric, True)
    )


@pytest.fixture
def number(report_at, act) -> str:
    """Answered after an hour, on hold for the requester from 2 to 25 hours, with the network team from 26."""
    number = report_at()
    act("assign", number, 0.5, assignee="amira@gungun.example")
    act("start", number, 1)
    act("hold", number, 2, hold_reason="requester")
    act("resume", number, 25)
    act("transfer", number, 26, team="network", reason_code="needs_skill", reason="VPN")
    return number


def test_each_stretch_with_its_cause_and_who_it_was(number):
    found = told(number, 27)
    resolution = one(found, "sla", "resolution")
    assert (resolution["state"], resolution["elapsed_seconds"], resolution["remaining_seconds"]) == (
        "running", 4 * 3600, 4 * 3600,
    )  # fmt: skip
    ran, waited, runs = resolution["segments"]
    assert (waited["kind"], waited["reasons"], waited["by"]) == ("paused", ["requester"], "amira@gungun.example")
    assert (waited["open_seconds"], waited["counted_seconds"]) == (7 * 3600, 0)
    assert (ran["counted_seconds"], runs["total_seconds"], runs["to"]) == (2 * 3600, 4 * 3600, None)
    assert resolution["warnings"][0] == {"percent": 50, "at": at(27), "told": False}
    assert one(found, "ola", "handling")["elapsed_seconds"] == 3600
    assert resolution["agreement"] == {"code": "standard", "name": "standard", "version": 1}


def test_who_held_it_adds_up(number):
    held = {(one["kind"], one["key"]): one for one in told(number, 27)["holders"]}
    hours = {key: (one["seconds"] / 3600, one["open_seconds"] / 3600) for key, one in held.items()}
    for kind in ("person", "team", "state"):
        assert sum(one["seconds"] for key, one in held.items() if key[0] == kind) == 27 * 3600
    assert hours["state", "on_hold"] == (23, 7)
    assert held["team", "network"]["current"] and held["team", "network"]["open_seconds"] == 3600


def test_requesters_are_told_what_was_promised_to_them(number):
    found = told(number, 27, internal=False)
    assert {item["kind"] for item in found["items"]} == {"sla"} and found["holders"] == []
    segments = [segment for item in found["items"] for segment in item["segments"]]
    assert all(segment["by"] is None and segment["entry"] is None for segment in segments)
    assert one(found, "sla", "resolution")["remaining_seconds"] == 4 * 3600


@pytest.mark.parametrize("hours", [26, 27, 33, 50, 80], ids=lambda hours: f"{hours}h")
def test_lists_and_panes_show_what_the_replay_says(number, hours):
    """The stored row with the open hours since, and the whole history told anew, at any later moment."""
    pk = Record.objects.get(number=number).pk
    replayed = {
        (one.kind, one.metric, one.holder): one.instance for one in facade.explain(pk, at(hours)) if one.current
    }
    shown = {(one.kind, one.metric, one.holder): one for one in facade.standings([pk], at(hours))[pk]}
    assert set(replayed) == set(shown)
    for key, instance in replayed.items():
        row = shown[key]
        assert (row.state, row.elapsed, row.due_at, row.breached) == (
            instance.state, instance.elapsed, instance.due_at, instance.breached,
        ), key  # fmt: skip


def test_a_wait_whose_date_has_come_is_over_in_lists_too(report_at, act):
    number = report_at()
    act("start", number, 1)
    act("hold", number, 2, hold_reason="requester", resume_at=at(3).isoformat())
    pk = Record.objects.get(number=number).pk
    row = next(one for one in facade.standings([pk], at(4))[pk] if one.metric == "resolution")
    replayed = next(one for one in facade.explain(pk, at(4)) if one.metric == "resolution").instance
    assert (row.state, row.elapsed, row.due_at) == (replayed.state, replayed.elapsed, replayed.due_at)
    assert (row.state, row.elapsed) == ("running", timedelta(hours=3))


@pytest.mark.parametrize(
    ("hours", "look"),
    [(1, "ok"), (5.5, "warn"), (6.5, "late"), (7, "limit"), (20, "limit"), (23.5, "overdue")],
    ids=["ok", "quarter left", "tenth left", "at the limit", "over night", "overdue"],
)
def test_what_a_row_says(report_at, hours, look):
    """Eight hours promised at opening time: used up at closing time, when nothing is broken yet, and broken once the
    next day begins."""
    number = report_at(at(-1))
    pk = Record.objects.get(number=number).pk
    row = next(one for one in facade.standings([pk], at(hours))[pk] if one.metric == "resolution")
    assert row.look == look


def test_judging_is_for_leads_and_moves_no_clock(promised, report_at):
    number = report_at()
    clock = Clock.objects.get(record__number=number, metric="response")
    lead, agent = promised.actor("mia"), promised.actor("amira")
    with pytest.raises(WrongState):
        facade.judge(lead, number, clock.pk, {"breach_cause": "capacity"}, now=at(1))
    with pytest.raises(Forbidden):
        facade.judge(agent, number, clock.pk, {"breach_cause": "capacity"}, now=at(3))
    with pytest.raises(NotFound):
        facade.judge(promised.actor("sam"), number, clock.pk, {"breach_cause": "capacity"}, now=at(3))
    facade.judge(lead, number, clock.pk, {"breach_cause": "capacity"}, now=at(3))
    clock.refresh_from_db()
    assert (clock.breach_cause, clock.excluded_because, clock.judged_by) == ("capacity", "", promised.mia)
    line = Entry.objects.get(verb="judge_clock")
    assert line.data["set"] == {"breach_cause": ["", "capacity"]}
    assert not line.public and facade.verify().differences == []


def test_the_api(promised, report_at):
    number = report_at(datetime.now(UTC) - timedelta(days=30))
    callers = {who: Caller(issue(getattr(promised, who), "clocks")[1]) for who in ("mia", "claire", "stella")}
    found = callers["mia"].get(f"/incidents/{number}/clocks").json()
    response = one(found, "sla", "response")
    assert response["breached"] and response["remaining_seconds"] < 0
    judged = callers["mia"].post(f"/incidents/{number}/clocks/{response['id']}/judge", {"breach_cause": "capacity"})
    assert one(judged.json(), "sla", "response")["breach_cause"] == "capacity"
    assert (
        callers["mia"].post(f"/incidents/{number}/clocks/{response['id']}/judge", {"breach_cause": "x"}).status_code
        == 422
    )
    theirs = callers["claire"].get(f"/incidents/{number}/clocks").json()
    assert one(theirs, "sla", "response")["breach_cause"] is None and theirs["holders"] == []
    assert callers["stella"].get(f"/incidents/{number}/clocks").status_code == 404
    read = callers["mia"].get(f"/incidents/{number}").json()
    assert read["due_at"] == response["due_at"]


def test_lists_by_what_is_due(promised, report_at):
    """Due first, nothing promised last, page by page in both directions; filtered by parameter and by query."""
    numbers = [report_at(at(hours), title=f"Due {hours}") for hours in (3, 1, 2)]
    never = [report_at(at(5 + hours), title="Never due") for hours in (0, 1)]
    Record.objects.filter(number__in=never).update(due_at=None)
    actor = promised.actor("mia")

    def walk(sort: str) -> list[str]:
        found: list[str] = []
        asked = {"sort": sort, "limit": "2"}
        while True:
            page = incidents.page(actor, incidents.wanted(actor, asked))
            found += [row["number"] for row in page.rows]
            if not page.next_cursor:
                return found
            asked["cursor"] = page.next_cursor

    first, second, third = numbers[1], numbers[2], numbers[0]
    assert walk("due_at") == [first, second, third, *never]
    assert walk("-due_at") == [third, second, first, *reversed(never)]
    limit = Record.objects.get(number=third).due_at
    for asked in ({"due_before": limit.isoformat()}, {"query": f"due<{limit.strftime('%Y-%m-%dT%H:%MZ')}"}):
        rows = incidents.page(actor, incidents.wanted(actor, asked)).rows
        assert {row["number"] for row in rows} == {first, second}, asked
