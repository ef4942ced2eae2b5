"""Calendars corrected and agreements replaced: foreseen, applied with a reason, written down (domain.md 5.9, S30)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from quell.kernel.journal.models import Entry
from quell.practices.agreements.actions import announcing
from quell.practices.agreements.queries.book import with_version
from quell.practices.calendars import facade as calendars
from quell.practices.calendars.actions import consequences
from quell.practices.clocks import facade
from quell.practices.clocks.actions import foreseeing, restate
from quell.practices.clocks.models import Clock

from .conftest import HOUR, MONDAY, OFFICE, agreement, calendar

CLOSED_TUESDAY = {**OFFICE, "closed": ["2026-03-03"]}


def due(number: str, metric: str = "resolution") -> datetime | None:
    return Clock.objects.filter(record__number=number, metric=metric).latest("number").due_at


def changed(people, document: dict, *, closed_too: bool = False) -> calendars.Applied:
    revision = calendar(people, "office", document)
    return calendars.Applied(("office",), revision, people.actor("ann"), "Works outing", datetime.now(UTC), closed_too)


def proposal(people, document: dict) -> calendars.Proposal:
    from quell.engines.businesstime.reading import parsed
    from quell.engines.businesstime.timetable import Timetable

    return calendars.Proposal(("office",), calendars.timetables(), {"office": Timetable(parsed(document))})


def test_a_closed_day_moves_what_is_open_and_says_so(report_at, act, promised):
    """S30, with a closed one beside it."""
    number = report_at(MONDAY + timedelta(hours=5))  # Monday 14:00, due Tuesday 14:00
    over = report_at(MONDAY + timedelta(hours=5))
    act("resolve", over, 24, resolution_code="fixed", resolution="Cable.")
    before = due(over)
    foreseen = foreseeing.of_calendars(proposal(promised, CLOSED_TUESDAY), promised.actor("ann"))
    assert (foreseen.moved, foreseen.examples[0].metric, foreseen.examples[0].moved_seconds) == (1, "resolution", 86400)
    assert due(number) == datetime(2026, 3, 3, 13, tzinfo=UTC)  # foreseeing keeps nothing
    consequences.tell(changed(promised, CLOSED_TUESDAY))
    assert due(number) == datetime(2026, 3, 4, 13, tzinfo=UTC)
    assert due(over) == before
    line = Entry.objects.get(verb="clock_restated")
    assert (line.record.number, line.actor_id, line.data["reason"]) == (number, promised.ann.pk, "Works outing")
    assert line.data["clocks"][0]["due_before"].startswith("2026-03-03T13:00")
    assert facade.verify().differences == []


def test_what_is_closed_moves_when_that_is_asked_for(report_at, act, promised):
    number = report_at(MONDAY + timedelta(hours=5))
    act("resolve", number, 26, resolution_code="fixed", resolution="Cable.")  # Tuesday 11:00: 5 hours
    consequences.tell(changed(promised, CLOSED_TUESDAY, closed_too=True))
    assert Clock.objects.get(metric="resolution").spent == timedelta(hours=2)
    assert facade.verify().differences == []


def test_a_breach_that_was_the_calendars_mistake_is_healed_and_may_be_told_again(report_at, promised):
    number = report_at(MONDAY)
    facade.sweep(datetime(2026, 3, 3, 15, tzinfo=UTC))
    assert Clock.objects.get(record__number=number, metric="resolution").breach_told
    applied = changed(promised, {**OFFICE, "closed": ["2026-03-02", "2026-03-03"]})
    consequences.tell(calendars.Applied(**{**{n: getattr(applied, n) for n in applied.__slots__},
                                          "at": datetime(2026, 3, 3, 15, tzinfo=UTC)}))  # fmt: skip
    row = Clock.objects.get(record__number=number, metric="resolution")
    assert (row.breach_told, row.due_at) == (False, datetime(2026, 3, 4, 15, tzinfo=UTC))
    assert row.next_look_at == row.breaches_at
    assert Entry.objects.get(verb="clock_restated").data["clocks"][-1]["outcome"] == "healed"


def test_what_cannot_be_seen_is_counted_and_not_named(report_at, promised):
    report_at()
    stranger = foreseeing.of_calendars(proposal(promised, CLOSED_TUESDAY), promised.actor("stella"))
    assert (stranger.moved, stranger.examples) == (1, ())


@pytest.mark.parametrize("applies", [True, False], ids=["to_open", "to_new"])
def test_a_new_version_takes_over_what_is_open_only_if_it_says_so(report_at, act, promised, applies):
    number = report_at()
    gold = agreement(
        promised, "gold", "sla",
        [{"metric": "resolution", "amount": 2 * HOUR, "services": [], "priorities": [3]}], customer=promised.gungun,
    )  # fmt: skip
    at = MONDAY + timedelta(hours=1)
    prospect = announcing.Prospect(
        gold.agreement_id, gold.pk, "gold", 1, at, with_version(gold.pk, at), with_version(gold.pk, at)
    )
    seen = foreseeing.of_version(prospect, promised.actor("ann"))
    assert [(one.number, one.agreement) for one in seen.examples] == [(number, "standard")]
    announcing.tell(announcing.Activated(gold.agreement_id, gold.pk, applies, promised.actor("ann"), "Signed", at))
    rows = Clock.objects.filter(record__number=number, metric="resolution").order_by("number")
    assert [row.target.version_id == gold.pk for row in rows] == ([False, True] if applies else [False])
    if applies:
        assert rows[1].due_at == MONDAY + timedelta(hours=2)
        act("edit", number, 2, title="VPN drops at noon", impact=3, urgency=2)
        assert Clock.objects.filter(record__number=number, metric="resolution").count() == 2
    assert facade.verify().differences == []


def test_a_version_that_promises_the_same_moves_nothing(report_at, promised):
    report_at()
    same = agreement(
        promised, "same", "sla",
        [{"metric": "resolution", "amount": 8 * HOUR, "services": [], "priorities": [3]}], customer=promised.gungun,
    )  # fmt: skip
    at = MONDAY + timedelta(hours=1)
    book = with_version(same.pk, at)
    prospect = announcing.Prospect(same.agreement_id, same.pk, "same", 1, at, book, book)
    with time_machine.travel(at, tick=False):
        seen = foreseeing.of_version(prospect, promised.actor("ann"))
    assert (seen.moved, seen.examples) == (0, ())


def test_what_is_too_much_for_one_transaction_goes_on_in_jobs(report_at, promised, monkeypatch):
    numbers = [report_at() for _time in range(3)]
    monkeypatch.setattr(restate, "AT_ONCE", 1)
    monkeypatch.setattr(restate, "hanging", lambda targets, **asked: _one(targets, **asked))
    jobs: list[dict] = []
    monkeypatch.setattr(restate, "enqueue", lambda task, **arguments: jobs.append({"task": task, **arguments}))
    consequences.tell(changed(promised, CLOSED_TUESDAY))
    assert [job.pop("task") for job in jobs] == ["clocks.restate"]
    following: int | None = jobs[0]["after"]
    while following is not None:
        following = restate.go_on(jobs[0]["cause"], following, jobs[0]["at"])
    assert {due(number) for number in numbers} == {datetime(2026, 3, 4, 8, tzinfo=UTC)}
    assert Entry.objects.filter(verb="clock_restated").count() == 3


def _one(targets, **asked):
    from quell.practices.clocks.actions.moving import hanging

    return hanging(targets, **{**asked, "limit": 1})
