"""Calendars are made, changed with a preview and a reason, combined, and hand out timetables at any revision."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quell.engines.businesstime.faults import CalendarFault
from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound, Refusal, Stale
from quell.kernel.journal.models import Entry
from quell.kernel.testing.cast import Cast
from quell.practices.calendars import facade
from quell.practices.calendars.actions import consequences
from quell.practices.calendars.models import Calendar, CalendarVersion
from quell.practices.calendars.queries import timetables

from .conftest import OFFICE, OFFICE_WEEK, Promises

TUESDAY = {"date": "2026-03-03", "kind": "closed", "name": "Moving house"}


def due(code: str, start: datetime, hours: int, as_of: int | None = None) -> datetime | None:
    return facade.timetables(as_of)[code].add(start, timedelta(hours=hours))


def test_what_was_said_is_kept_and_counted(office: Cast) -> None:
    row = facade.calendar(office.actor("claire"), "office")
    assert (row["name"], row["organisation"], row["version"], row["spec"]["weekly"]) == (
        "Office", "gungun", 1, OFFICE_WEEK,
    )  # fmt: skip
    assert due("office", datetime(2026, 3, 6, 17, tzinfo=UTC), 4) == datetime(2026, 3, 9, 11, tzinfo=UTC)
    assert facade.latest() == row["revision"] == CalendarVersion.objects.get().pk
    entry = Entry.objects.get(subject="calendar")
    assert (entry.verb, entry.data["name"], entry.actor_id) == ("create", "Office", office.ann.pk)


def test_a_change_is_foreseen_reasoned_and_followed(office: Cast, promised: Promises) -> None:
    """S30 of domain.md 7.1: Tuesday declared closed afterwards moves what is open from Tuesday to Wednesday."""
    ann, before = office.actor("ann"), facade.latest()
    seen = facade.preview(ann, "office", {"dates": [TUESDAY]}).consequences
    assert (seen.looked_at, seen.moved, seen.examples[0].moved_seconds) == (1, 1, 86400)
    assert seen.examples[0].due_after == datetime(2026, 3, 4, 13, tzinfo=UTC)
    assert facade.latest() == before and not promised.followed
    with pytest.raises(Invalid) as refused:
        facade.edit(ann, "office", {"dates": [TUESDAY]})
    assert refused.value.errors[0].field == "reason"
    facade.edit(ann, "office", {"dates": [TUESDAY], "reason": "We move", "closed_too": True}, version=1)
    applied = promised.followed[-1]
    assert (applied.codes, applied.revision, applied.reason, applied.closed_too) == (
        ("office",), facade.latest(), "We move", True,
    )  # fmt: skip
    start = promised.start
    assert due("office", start, 8) == datetime(2026, 3, 4, 13, tzinfo=UTC)
    assert due("office", start, 8, as_of=before) == datetime(2026, 3, 3, 13, tzinfo=UTC)
    entry = Entry.objects.filter(subject="calendar").latest("id")
    assert entry.changes["dates"] == [[], ["2026-03-03 closed Moving house"]]
    assert (entry.data["reason"], entry.data["moved"], entry.data["closed_too"]) == ("We move", 1, True)
    told = facade.versions(office.actor("claire"), "office")
    assert [(one["number"], one["reason"], one["by"]) for one in told] == [
        (2, "We move", office.ann.email), (1, "", office.ann.email),
    ]  # fmt: skip
    with pytest.raises(Stale):
        facade.edit(ann, "office", {"dates": [], "reason": "Back"}, version=1)


def test_only_what_differs_becomes_a_version(office: Cast) -> None:
    ann = office.actor("ann")
    assert facade.edit(ann, "office", {"weekly": OFFICE_WEEK}) is None
    assert facade.edit(ann, "office", {"name": "Head office"}) is None
    row = facade.calendar(ann, "office")
    assert (row["name"], row["version"], row["number"]) == ("Head office", 2, 1)
    facade.edit(ann, "office", {"valid_until": "2030-01-01"})
    facade.edit(ann, "office", {"valid_until": None})
    assert facade.calendar(ann, "office")["spec"]["valid_until"] is None


def test_examples_are_those_that_matter_most(monkeypatch: pytest.MonkeyPatch, office: Cast) -> None:
    def one(n: int, moved: int, outcome: Any) -> facade.Consequence:
        return facade.Consequence(f"INC-{n:06}", "", "", "", None, None, moved, outcome)

    many = tuple(one(n, n, "") for n in range(150))
    told = [lambda *_: facade.Consequences(150, 150, 0, 0, many)]
    told.append(lambda *_: facade.Consequences(2, 2, 1, 1, (one(900, 1, "healed"), one(901, -5, "would_breach"))))
    monkeypatch.setattr(consequences, "_foreseeing", told)
    seen = facade.preview(office.actor("ann"), "office", {"dates": [TUESDAY]}).consequences
    assert (seen.looked_at, seen.moved, seen.would_breach, seen.healed, len(seen.examples)) == (152, 152, 1, 1, 100)
    assert [example.number for example in seen.examples[:3]] == ["INC-000901", "INC-000900", "INC-000149"]


def test_combinations_follow_their_parts(office: Cast, promised: Promises) -> None:
    ann = office.actor("ann")
    shanghai = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in OFFICE_WEEK}
    facade.create(ann, {**OFFICE, "code": "shanghai", "zone": "Asia/Shanghai", "weekly": shanghai})
    both = {"code": "sun", "name": "Sun", "organisation": "gungun", "kind": "union", "parts": ["office", "shanghai"]}
    facade.create(ann, both)
    facade.create(ann, {**both, "code": "all", "parts": ["sun"]})
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)  # S21: Monday 17:00 in Shanghai
    assert due("sun", start, 8) == due("all", start, 8) == datetime(2026, 3, 3, 3, tzinfo=UTC)
    before = facade.latest()
    facade.edit(ann, "shanghai", {"dates": [TUESDAY], "reason": "Typhoon"})
    assert promised.followed[-1].codes == ("all", "shanghai", "sun")
    assert due("all", start, 8) == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert due("all", start, 8, as_of=before) == datetime(2026, 3, 3, 3, tzinfo=UTC)
    for change, code in (({"parts": ["all"]}, "sun"), ({"kind": "union", "parts": ["office"]}, "office")):
        with pytest.raises(Invalid, match="made of each other") as refused:
            facade.edit(ann, code, change)
        assert refused.value.errors[0].field == "parts"
    assert [one["code"] for one in facade.used_by(ann, calendar="sun")] == ["all"]


def test_one_broken_calendar_harms_no_other(office: Cast) -> None:
    facade.create(
        office.actor("ann"),
        {"code": "copy", "name": "Copy", "organisation": "gungun", "kind": "union", "parts": ["office"]},
    )
    Calendar.objects.filter(code="copy").update(code="renamed")  # as only a hand in the database could
    CalendarVersion.objects.filter(calendar__code="renamed").update(parts=["gone"])
    timetables.forget()
    found = facade.timetables()
    with pytest.raises(CalendarFault, match="unknown_calendar"):
        found["renamed"]
    with pytest.raises(KeyError):
        found["copy"]
    assert found["office"].is_open(datetime(2026, 3, 2, 9, tzinfo=UTC))


def test_a_warm_look_costs_one_statement_or_none(office: Cast) -> None:
    revision = facade.latest()
    kept = facade.timetables()["office"]
    kept.add(datetime(2026, 3, 2, 9, tzinfo=UTC), timedelta(hours=1))
    from quell.kernel.config import sql

    asked: list[str] = []
    original = sql._run
    with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as captured:
        patch.setattr(sql, "_run", lambda text, *rest, **more: asked.append(text) or original(text, *rest, **more))
        assert facade.timetables(revision)["office"] is kept
        assert asked == []
        assert facade.timetables()["office"] is kept
    assert len(asked) == 1 and len(captured) == 0
    facade.edit(office.actor("ann"), "office", {"dates": [TUESDAY]})
    assert facade.timetables()["office"] is not kept


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_a_change(office: Cast) -> None:
    """What this process remembers is asked for by revision, so what another one writes is seen with the next look."""
    start = datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert due("office", start, 8) == datetime(2026, 3, 3, 13, tzinfo=UTC)
    facts = connection.get_connection_params()
    row = CalendarVersion.objects.get()
    statement = """
        INSERT INTO calendars_calendarversion (calendar_id, number, kind, document, parts, spec, reason, at, closed_too)
        SELECT calendar_id, 2, kind, document || '{"closed": ["2026-03-03"]}', parts, spec, '', now(), false
        FROM calendars_calendarversion WHERE id = %s"""
    code = (
        "import psycopg, sys; c = psycopg.connect(sys.argv[1], autocommit=True); c.execute(sys.argv[2], [sys.argv[3]])"
    )
    where = " ".join(f"{name}={facts[name]}" for name in ("dbname", "user", "host", "port") if facts.get(name))
    where += f" password={facts['password']}" if facts.get("password") else ""
    subprocess.run([sys.executable, "-c", code, where, statement, str(row.pk)], check=True, timeout=60)
    assert due("office", start, 8) == datetime(2026, 3, 4, 13, tzinfo=UTC)


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("zone", {"zone": "Mars/Base"}, "zone", "“Mars/Base” is not a time zone"),
    ("no-hours", {"weekly": {}}, "weekly", "never open"),
    ("overlap", {"weekly": {"mon": [["08:00", "12:00"], ["11:00", "13:00"]]}}, "weekly.mon", "Monday: 08:00–12:00 and"),
    ("no-length", {"weekly": {"mon": [["08:00", "08:00"]]}}, "weekly.mon", "have no length"),
    ("no-time", {"weekly": {"tue": [["8", "9"]]}}, "weekly.tue", "Tuesday: “8” are no hours"),
    ("late-begin", {"weekly": {"tue": [["24:00", "09:00"]]}}, "weekly.tue", "24:00–09:00"),
    ("one-edge", {"weekly": {"mon": [["08:00"]]}}, "weekly.mon.0", ""),
    ("weekday", {"weekly": {"monday": [["08:00", "16:00"]]}}, "weekly.monday.[key]", "Choose one of"),
    ("dates", {"dates": [{"date": "2026-13-01", "kind": "closed"}]}, "dates.0.date", ""),
    ("year", {"dates": [{"date": "1066-10-14", "kind": "closed"}]}, "dates.0.date", "1970 to 2099"),
    ("half-day", {"dates": [{"date": "2026-12-24", "kind": "special"}]}, "dates.0", "from when to when"),
    ("make-up", {"dates": [{"date": "2026-12-24", "kind": "make_up"}]}, "dates.0", "like which weekday"),
    (
        "special-overlap",
        {"dates": [{"date": "2026-12-24", "kind": "special", "hours": [["08:00", "12:00"], ["11:00", "13:00"]]}]},
        "dates.0.hours", "2026-12-24: 08:00–12:00",
    ),
    ("validity", {"valid_from": "2026-05-01", "valid_until": "2026-04-01"}, "valid_until", "before it begins"),
    ("no-set", {"holiday_sets": ["nowhere"]}, "holiday_sets", "“nowhere”"),
    ("no-parts", {"kind": "union"}, "parts", "which calendars"),
    ("no-such-part", {"kind": "union", "parts": ["nowhere"]}, "parts", "“nowhere”"),
    ("never-meet", {"kind": "intersection", "parts": ["day", "night"]}, "parts", "never open"),
    ("nul", {"name": "a\x00b"}, "name", ""),
    ("unknown", {"colour": "red"}, "colour", "no such field"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "field", "words"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_what_cannot_be_meant_is_refused_in_words(office: Cast, change: dict[str, Any], field: str, words: str) -> None:
    ann = office.actor("ann")
    facade.create(ann, {**OFFICE, "code": "night", "weekly": {"mon": [["20:00", "24:00"]]}})
    facade.create(ann, {**OFFICE, "code": "day"})
    for act in (
        lambda: facade.edit(ann, "office", change),
        lambda: facade.preview(ann, "office", change),
        lambda: facade.create(ann, {**OFFICE, "code": "new", **change}),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert refused.value.errors[0].field == field
        assert words in refused.value.errors[0].message
    assert CalendarVersion.objects.count() == 3


def test_who_may(office: Cast) -> None:
    anns, claires, sams = (office.actor(name) for name in ("ann", "claire", "sam"))
    acts = (
        lambda who: facade.edit(who, "office", {"name": "Mine"}),
        lambda who: facade.preview(who, "office", {"name": "Mine"}),
        lambda who: facade.set_active(who, "office", False),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act(claires)
        with pytest.raises(NotFound):
            act(sams)
    with pytest.raises(Forbidden):
        facade.create(claires, {**OFFICE, "code": "mine"})
    with pytest.raises(Conflict):
        facade.create(anns, OFFICE)
    for read in (facade.calendar, facade.versions, lambda who, code: facade.year(who, code, 2026)):
        with pytest.raises(NotFound):
            read(sams, "office")
    assert facade.calendars(sams, facade.Asked()) == []
    assert [one["code"] for one in facade.calendars(claires, facade.Asked(q="off", active=True))] == ["office"]
    facade.set_active(anns, "office", False)
    assert facade.calendars(claires, facade.Asked(active=True)) == []
    assert "office" in facade.timetables(), "what counts by it goes on"


def test_the_sum_is_shown_and_the_year_told(office: Cast) -> None:
    ann, claire = office.actor("ann"), office.actor("claire")
    half = {"date": "2026-12-24", "kind": "special", "hours": [["08:00", "12:00"]], "name": "Juleaften"}
    feast = {
        "code": "feast",
        "name": "Feast",
        "organisation": "gungun",
        "days": {"2026-12-25": "Jul", "2026-12-26": ""},
    }
    facade.create_set(ann, feast)
    facade.edit(ann, "office", {"dates": [half], "holiday_sets": ["feast"]})
    told = facade.due_after(claire, "office", datetime(2026, 12, 24, 9, tzinfo=UTC), timedelta(hours=4))
    assert told.due == datetime(2026, 12, 28, 9, tzinfo=UTC)
    assert [(step.date.day, step.day.because, step.counted.seconds) for step in told.steps if step.day] == [
        (24, "special", 7200), (25, "holiday", 0), (26, "holiday", 0), (27, "weekly", 0), (28, "weekly", 7200),
    ]  # fmt: skip
    lines = facade.year(claire, "office", 2026)
    assert [(line.date, line.because, line.name, line.matters) for line in lines] == [
        (date(2026, 12, 24), "special", "Juleaften", True),
        (date(2026, 12, 25), "holiday", "Jul", True),
        (date(2026, 12, 26), "holiday", "", False),
    ]
    long = facade.counted(claire, "office", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert long.left_out == 366 - len(long.steps) and len(long.steps) <= 62
    assert long.steps[-1].total == long.elapsed
    question = {"op": "due", "start": "2026-12-24T09:00:00Z", "seconds": 14400}
    assert facade.answer(claire, "office", question) == {"due": "2026-12-28T09:00:00Z"}
    for bad in (
        {"op": "due", "start": "now", "seconds": 5},
        {"op": "due", "start": "2026-12-24T09:00:00Z", "seconds": 0},
    ):
        with pytest.raises(Refusal):
            facade.answer(claire, "office", {**question, **bad})
