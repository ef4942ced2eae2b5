"""One verb to many: each by itself, refusals named, one way back for ten minutes, nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade as incidents
from quell.practices.servicedesk import facade
from quell.practices.servicedesk.actions import batch as batches
from quell.practices.servicedesk.models import Batch

pytestmark = pytest.mark.django_db
Report = Callable[..., str]


@pytest.fixture
def report(people: Cast) -> Report:
    def opened(**facts: object) -> str:
        return incidents.report(people.actor("mia"), {"title": "Printer", "requester": people.claire.email, **facts})

    return opened


def rows() -> dict[str, tuple[str, int | None, int | None]]:
    return {r.number: (r.state, r.assignee_id, r.team_id) for r in Record.objects.order_by("pk")}


def test_done_and_refused_each_by_itself(people: Cast, report: Report) -> None:
    good, gone = report(), report()
    incidents.act(people.actor("mia"), "cancel", gone, {"reason": "Mistake"})
    numbers = [good.lower(), gone, "INC-999999"]
    amira = people.actor("amira")
    made = facade.batch(amira, facade.start_batch(amira, {"verb": "start", "numbers": numbers}))
    assert (made.state, made.total, made.done) == ("done", 3, 1)
    assert [one["number"] for one in made.refused] == [gone, "INC-999999"] and all(
        one["sentence"] for one in made.refused
    )


#: verb, inputs → is everything as it was after the undo?
UNDONE = [
    ("assign", {"assignee": "raj@gungun.example"}),
    ("assign", {"assignee": "raj@gungun.example", "team": "applications"}),
    ("edit", {"impact": 1, "urgency": 1}),
    ("edit", {"category": "hardware", "service": "mail"}),
    ("watch", {}),
]


@pytest.mark.parametrize(("verb", "inputs"), UNDONE)
def test_undone_everything_is_as_before(people: Cast, report: Report, verb: str, inputs: dict[str, object]) -> None:
    if "category" in inputs:
        from quell.practices.incidents.models import Category

        Category.objects.get_or_create(path="hardware", defaults={"code": "hardware", "name": "Hardware"})
    mia, amira = people.actor("mia"), people.actor("amira")
    fresh, mine, network = report(), report(), report(team="network")
    incidents.act(mia, "assign", mine, {"assignee": people.amira.email})
    before, facts = rows(), [incidents.ticket(amira, number) for number in (fresh, mine, network)]
    done = facade.start_batch(amira, {"verb": verb, "inputs": inputs, "numbers": [fresh, mine, network]})
    made = facade.batch(amira, done)
    assert made.may_undo and made.done >= 2
    facade.undo_batch(amira, done)
    after = facade.batch(amira, done)
    assert (after.state, after.kept, after.may_undo) == ("undone", [], False) and after.taken_back == made.done
    assert rows() == before
    for then in facts:
        now = incidents.ticket(amira, then["number"])
        same = ("impact", "urgency", "priority", "category", "service", "assignee", "team", "title")
        assert {name: now[name] for name in same} == {name: then[name] for name in same}


def test_holding_and_resolving_are_taken_back(people: Cast, report: Report) -> None:
    amira, number = people.actor("amira"), report()
    incidents.act(amira, "start", number)
    for verb, inputs in (
        ("hold", {"hold_reason": "part"}),
        ("resolve", {"resolution_code": "fixed", "resolution": "Done"}),
    ):
        done = facade.start_batch(amira, {"verb": verb, "inputs": inputs, "numbers": [number]})
        facade.undo_batch(amira, done)
        assert rows()[number][0] == "in_progress"
    incidents.act(amira, "hold", number, {"hold_reason": "part"})
    inputs = {"resolution_code": "fixed", "resolution": "Done"}
    facade.undo_batch(amira, facade.start_batch(amira, {"verb": "resolve", "inputs": inputs, "numbers": [number]}))
    assert rows()[number][0] == "on_hold"


def test_what_was_changed_since_stays(people: Cast, report: Report) -> None:
    first, second = report(), report()
    amira = people.actor("amira")
    done = facade.start_batch(
        amira, {"verb": "assign", "inputs": {"assignee": people.raj.email}, "numbers": [first, second]}
    )
    incidents.act(people.actor("mia"), "edit", second, {"impact": 1})
    facade.undo_batch(amira, done)
    after = facade.batch(amira, done)
    assert [one["number"] for one in after.kept] == [second] and after.taken_back == 1
    assert (rows()[first][1], rows()[second][1]) == (None, people.raj.pk)


def test_what_has_no_way_back_says_so(people: Cast, report: Report) -> None:
    amira = people.actor("amira")
    done = facade.start_batch(amira, {"verb": "cancel", "inputs": {"reason": "Twice"}, "numbers": [report()]})
    assert not facade.batch(amira, done).may_undo
    facade.undo_batch(amira, done)
    assert facade.batch(amira, done).kept[0]["sentence"] == "This cannot be taken back."


def test_once_for_ten_minutes_and_by_its_own_person(people: Cast, report: Report) -> None:
    amira = people.actor("amira")
    done = facade.start_batch(amira, {"verb": "start", "numbers": [report()]})
    for who in ("mia", "stella", "claire"):
        with pytest.raises(NotFound):
            facade.batch(people.actor(who), done)
        with pytest.raises(NotFound):
            facade.undo_batch(people.actor(who), done)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)), pytest.raises(Conflict):
        facade.undo_batch(amira, done)
    facade.undo_batch(amira, done)
    with pytest.raises(Conflict):
        facade.undo_batch(amira, done)


@pytest.mark.parametrize(
    ("who", "data", "refusal"),
    [
        ("claire", {"verb": "start", "numbers": ["INC-000001"]}, Forbidden),
        ("otto", {"verb": "start", "numbers": ["INC-000001"]}, Forbidden),
        ("amira", {"verb": "explode", "numbers": ["INC-000001"]}, Invalid),
        ("amira", {"verb": "assign", "inputs": {"who": "me"}, "numbers": ["INC-000001"]}, Invalid),
        ("amira", {"verb": "start"}, Invalid),
        ("amira", {"verb": "start", "query": "prio<2"}, Invalid),
        ("amira", {"verb": "start", "kind": "nothing", "numbers": ["INC-000001"]}, Invalid),
        ("amira", {"verb": "start", "numbers": ["INC-000001"] * 1001}, Invalid),
    ],
)
def test_what_is_refused_at_once(people: Cast, who: str, data: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        facade.start_batch(people.actor(who), data)
    assert not Batch.objects.exists()


def test_by_query_and_only_what_one_sees(people: Cast, report: Report) -> None:
    mine, theirs = report(), incidents.report(people.actor("stella"), {"title": "Printer"})
    amira = people.actor("amira")
    made = facade.batch(amira, facade.start_batch(amira, {"verb": "start", "query": "printer state:open"}))
    assert (made.total, made.done) == (1, 1)
    assert (rows()[mine][0], rows()[theirs][0]) == ("in_progress", "new")


def test_many_go_on_where_they_stopped(people: Cast, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker was killed after some; the job comes again, and nothing is done twice."""
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    monkeypatch.setattr(batches, "STEP", 2)
    amira, numbers = people.actor("amira"), [report() for _ in range(5)]
    done = facade.start_batch(amira, {"verb": "assign", "inputs": {"assignee": people.raj.email}, "numbers": numbers})
    assert facade.batch(amira, done).state == "running"
    seen: list[str] = []
    real = batches.run

    def dies(name: str, actor: object, number: str, *rest: object, **more: object) -> object:
        if len(seen) == 3:
            raise KeyboardInterrupt
        seen.append(number)
        return real(name, actor, number, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "run", dies)
    with pytest.raises(KeyboardInterrupt):
        batches.go_on(done, back=False)
    assert facade.batch(amira, done).done == 2
    monkeypatch.setattr(batches, "run", real)
    batches.go_on(done, back=False)
    made = facade.batch(amira, done)
    assert (made.state, made.done, made.refused) == ("done", 5, [])
    facade.undo_batch(amira, done)
    batches.go_on(done, back=True)
    # The third was done twice by the book: its second doing changed nothing, so there is nothing to take back.
    assert facade.batch(amira, done).state == "undone"
    batches.go_on(done, back=False)
    assert facade.batch(amira, done).state == "undone"
