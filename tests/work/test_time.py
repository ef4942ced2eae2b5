"""Time worked: one clock a person, entries and their corrections, weeks, and whose hours who may see."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound, Stale
from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Membership, RoleGrant
from quell.kernel.people.models import Role as PeopleRole
from quell.kernel.records.models import Record
from quell.practices.incidents import facade as incidents
from quell.practices.worklog import facade
from quell.practices.worklog.rules import duration, week

NOW = datetime.now(UTC)


def _sum(people, number, name="amira"):
    return facade.of_record(people.actor(name), number)[0]


def test_a_clock_runs_until_it_is_stopped_and_becomes_an_entry(people, incident):
    amira = people.actor("amira")
    facade.start(amira, {"record": incident, "work_type": "repair", "note": "on site"}, now=NOW - timedelta(minutes=25))
    clock = facade.running(people.actor("amira"))
    assert (clock.number, clock.work_type, clock.note) == (incident, "repair", "on site")
    done = facade.stop(amira, {"billable": True}, now=NOW)
    assert (done.number, done.seconds) == (incident, 25 * 60)
    row = facade.entry(amira, done.entry_id)
    assert (row["work_type"], row["billable"], row["note"], row["source"]) == ("repair", True, "on site", "timer")
    assert facade.running(amira) is None
    assert (_sum(people, incident).total, _sum(people, incident).billable) == (1500, 1500)
    with pytest.raises(Conflict):
        facade.stop(amira)


def test_one_clock_a_person_the_other_is_stopped_and_kept(people, incident):
    amira = people.actor("amira")
    second = incidents.report(people.actor("claire"), {"title": "Printer"})
    facade.start(amira, {"record": incident}, now=NOW - timedelta(minutes=10))
    stopped = facade.start(amira, {"record": second}, now=NOW)
    assert (stopped.number, stopped.seconds) == (incident, 600)
    assert facade.running(amira).number == second
    # Starting where it already runs changes nothing.
    assert facade.start(amira, {"record": second}) is None
    assert facade.running(amira).started_at == NOW
    assert facade.stop(amira, {"discard": True}).entry_id is None
    assert _sum(people, second).total == 0


def test_a_forgotten_clock_counts_a_day_at_most(people, incident):
    amira = people.actor("amira")
    facade.start(amira, {"record": incident}, now=NOW - timedelta(days=3))
    assert facade.stop(amira, now=NOW).seconds == 24 * 3600


@pytest.mark.parametrize("name", ["claire", "raj", "sam", "stella"])
def test_strangers_cannot_work_here(people, incident, name):
    incidents.act(people.actor("amira"), "assign", incident, {"team": "network"})
    for act in (
        lambda: facade.start(people.actor(name), {"record": incident}),
        lambda: facade.record(people.actor(name), {"record": incident, "seconds": 60}),
        lambda: facade.of_record(people.actor(name), incident),
    ):
        with pytest.raises((NotFound, Invalid)):
            act()


def test_who_only_reads_writes_no_time(people, incident):
    with pytest.raises(Forbidden):
        facade.record(people.actor("otto"), {"record": incident, "seconds": 60})


def test_hours_are_their_persons_first_and_their_leads(people, incident):
    entry = facade.record(people.actor("amira"), {"record": incident, "seconds": 900})
    assert facade.of_record(people.actor("jonas"), incident)[1] == []
    assert _sum(people, incident, "jonas").total == 900
    assert [row["id"] for row in facade.of_record(people.actor("mia"), incident)[1]] == [entry]
    for name in ("jonas", "claire", "stella"):
        with pytest.raises(NotFound):
            facade.entry(people.actor(name), entry)
        with pytest.raises(NotFound):
            facade.correct(people.actor(name), entry, {"reason": "x", "seconds": 60})
        with pytest.raises(Invalid):
            facade.sheet(people.actor(name), person="amira@gungun.example")
    assert facade.entry(people.actor("mia"), entry)["person"] == "amira@gungun.example"
    assert facade.sheet(people.actor("mia"), person="amira@gungun.example").total == 900
    # How long it took is nowhere in the history that all colleagues read.
    said = Entry.objects.filter(record__number=incident, verb="log_time").get()
    assert said.data == {"time_entry": entry}
    assert not said.public


def test_a_lead_of_one_team_sees_that_team(people, incident):
    facade.record(people.actor("amira"), {"record": incident, "seconds": 900})
    facade.record(people.actor("jonas"), {"record": incident, "seconds": 300})
    RoleGrant.objects.create(
        person=people.paul,
        role=PeopleRole.objects.get(code="desk-lead"),
        organisation=people.gungun,
        team=people.network,
    )
    members = {m.email: m.total for m in facade.team(people.actor("paul"))}
    assert members == {"jonas@gungun.example": 300}
    assert {m.email for m in facade.team(people.actor("mia"))} >= {"amira@gungun.example", "jonas@gungun.example"}
    assert facade.team(people.actor("amira")) == []
    assert "stella@elsewhere.example" not in {m.email for m in facade.team(people.actor("mia"))}
    assert Membership.objects.filter(person=people.stella).exists()


def test_a_correction_keeps_what_stood_there_and_why(people, incident):
    amira = people.actor("amira")
    entry = facade.record(amira, {"record": incident, "seconds": 900, "note": "logs"})
    with pytest.raises(Invalid):
        facade.correct(amira, entry, {"seconds": 600})
    with pytest.raises(Invalid):
        facade.correct(amira, entry, {"reason": "nothing"})
    facade.correct(amira, entry, {"reason": "lunch", "seconds": 600, "note": "logs"}, version=1)
    row = facade.entry(amira, entry)
    assert (row["seconds"], row["corrected"], row["version"]) == (600, True, 2)
    assert [(c["reason"], c["changes"], c["by"]) for c in row["corrections"]] == [
        ("lunch", {"seconds": [900, 600]}, "amira@gungun.example")
    ]
    with pytest.raises(Stale):
        facade.correct(amira, entry, {"reason": "x", "seconds": 1}, version=1)
    facade.remove(amira, entry, {"reason": "twice"})
    assert _sum(people, incident).total == 0
    assert facade.entry(amira, entry)["removed"]


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        ({"seconds": 0}, "seconds"),
        ({"seconds": 86_401}, "seconds"),
        ({"seconds": 60, "started_at": NOW + timedelta(hours=1)}, "started_at"),
        ({"seconds": 7200, "started_at": NOW - timedelta(hours=1)}, "seconds"),
        ({"seconds": 60, "started_at": NOW - timedelta(days=400)}, "started_at"),
        ({"seconds": 60, "work_type": "sleeping"}, "work_type"),
        ({"seconds": 60, "record": "INC-999999"}, "record"),
    ],
)
def test_impossible_time_is_refused(people, incident, fact, field):
    with pytest.raises((Invalid, NotFound)) as refused:
        facade.record(people.actor("amira"), {"record": incident, **fact})
    if field:
        assert refused.value.errors[0].field == field


def test_the_week_adds_up_and_goes_out_as_a_table(people, incident):
    amira = people.actor("amira")
    monday = week.of_day(NOW.date()).monday
    first = datetime(monday.year, monday.month, monday.day, 0, 30, tzinfo=UTC)
    facade.record(amira, {"record": incident, "seconds": 60, "started_at": first, "note": "=1+1", "billable": True})
    sheet = facade.sheet(amira)
    assert (sheet.days[0], sheet.total, sheet.billable) == (60, 60, 60)
    assert facade.sheet(amira, sheet.week.next(-1).text).total == 0
    rows = list(csv.DictReader(io.StringIO(facade.as_csv(sheet))))
    assert (rows[0]["record"], rows[0]["note"], rows[0]["hours"]) == (incident, "'=1+1", "0.02")
    with pytest.raises(Invalid):
        facade.sheet(amira, "2026-W54")


def test_titles_one_may_no_longer_see_are_left_out_of_the_week(people, incident):
    jonas = people.actor("jonas")
    facade.record(jonas, {"record": incident, "seconds": 60})
    Record.objects.filter(number=incident).update(team=people.applications)
    assert facade.sheet(people.actor("jonas")).lines[0].title == ""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:30", 5400), ("90", 5400), ("1.5h", 5400), ("1,5 h", 5400), ("1h 30m", 5400), ("45m", 2700), (" 5 min", 300)],
)
def test_durations_are_read_as_people_write_them(text, seconds):
    assert duration.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "soon", "1:75", "-5", "h", "99999", "1h30", "¹²"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duration"):
        duration.seconds(text)


@given(st.integers(1, 24 * 60))
def test_a_written_duration_is_read_back(minutes):
    assert duration.seconds(duration.written(minutes * 60)) == minutes * 60


@given(st.dates(date(1971, 1, 1), date(2200, 1, 1)), st.sampled_from(["UTC", "Europe/Copenhagen", "Asia/Shanghai"]))
def test_every_day_lies_in_the_span_of_its_week(day, zone):
    found = week.of_day(day)
    start, end = found.span(ZoneInfo(zone))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    assert start <= noon < end
    assert week.parse(found.text) == found
    assert found.next().monday - found.monday == timedelta(days=7)
