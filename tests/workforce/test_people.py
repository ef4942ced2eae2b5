"""Hours, the switch, absences with substitutes, skills: who may say what, and what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quell.kernel.config.refusal import Conflict, Forbidden, Invalid, NotFound
from quell.kernel.journal.models import Entry
from quell.kernel.people.models import Person
from quell.kernel.records.models import Record
from quell.practices.incidents import facade as incidents
from quell.practices.workforce import facade
from quell.practices.workforce.actions.absence import call_off
from quell.practices.workforce.jobs import settle_absences
from quell.practices.workforce.models import Absence

from .conftest import NOW

AMIRA, JONAS, RAJ, MIA = (f"{name}@gungun.example" for name in ("amira", "jonas", "raj", "mia"))
WEEK = {"mon": [["08:00", "16:00"]]}


def away(people, name, person=AMIRA, start=NOW, days=7, **more):
    data = {"person": person, "starts_at": start, "ends_at": start + timedelta(days=days), **more}
    return facade.announce_absence(people.actor(name), data)


def test_ones_own_hours_and_switch(people):
    amira = people.actor("amira")
    facade.arrange_availability(amira, AMIRA, {"hours": WEEK, "zone": "Asia/Shanghai", "capacity": 8})
    one = facade.member(amira, AMIRA, now=NOW)  # 17:00 in Shanghai
    assert (one.away(NOW), one.capacity) == ("off_hours", 8.0)
    assert one.away(NOW - timedelta(hours=2)) == ""
    facade.arrange_availability(amira, AMIRA, {"taking_work": False, "back_at": NOW + timedelta(hours=1)})
    one = facade.member(amira, AMIRA, now=NOW - timedelta(hours=2))
    assert one.away(NOW - timedelta(hours=2)) == "switched_off"
    assert one.away(NOW + timedelta(days=7)) == "off_hours", "the switch comes back by itself"
    facade.arrange_availability(amira, AMIRA, {"taking_work": True})
    assert facade.member(amira, AMIRA).back_at is None
    assert Entry.objects.filter(subject="availability", subject_id=people.amira.pk).count() == 3


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("mia", None), ("ann", None), ("jonas", Forbidden), ("claire", Forbidden), ("otto", Forbidden),
     ("stella", NotFound)],
)  # fmt: skip
def test_others_are_arranged_by_their_leads_alone(people, name, refusal):
    def everything():
        facade.arrange_availability(people.actor(name), AMIRA, {"capacity": 3})
        facade.rate_skills(people.actor(name), AMIRA, {"skills": {"vpn": {"level": 2}}})
        away(people, name)

    facade.create_skill(people.actor("ann"), {"code": "vpn", "name": "VPN", "organisation": "gungun"})
    if refusal is None:
        everything()
        assert facade.member(people.actor("mia"), AMIRA, now=NOW).skills == {"vpn": 2}
        return
    with pytest.raises(refusal):
        everything()
    with pytest.raises((Forbidden, Invalid)):
        away(people, name)
    assert not Absence.objects.exists()


def test_nobody_rates_themselves(people):
    facade.create_skill(people.actor("ann"), {"code": "vpn", "name": "VPN", "organisation": "gungun"})
    with pytest.raises(Forbidden):
        facade.rate_skills(people.actor("amira"), AMIRA, {"skills": {"vpn": {"level": 5}}})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hours": {"mon": [["16:00", "08:00"]]}}, "hours"),
        ({"hours": {"moon": []}}, "hours"),
        ({"zone": "Middle/Earth"}, "zone"),
        ({"capacity": -1}, "capacity"),
        ({"taking_work": None}, "taking_work"),
    ],
)
def test_hours_that_cannot_be_are_refused(people, change, field):
    with pytest.raises(Invalid) as refusal:
        facade.arrange_availability(people.actor("amira"), AMIRA, change)
    assert refusal.value.errors[0].field == field


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"days": 0}, "ends_at"),
        ({"start": NOW - timedelta(days=4000)}, "ends_at"),
        ({"substitute": AMIRA}, "substitute"),
        ({"substitute": "claire@gungun.example"}, "substitute"),
        ({"substitute": "stella@elsewhere.example"}, "substitute"),
        ({"hands_over": "work"}, "substitute"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(people, more, field):
    with pytest.raises(Invalid) as refusal:
        away(people, "amira", **more)
    assert refusal.value.errors[0].field == field


def test_two_absences_at_once_are_one_too_many(people):
    start = NOW + timedelta(days=3650)
    away(people, "amira", start=start)
    away(people, "amira", start=start + timedelta(days=7))
    with pytest.raises(Invalid) as refusal:
        away(people, "amira", start=start + timedelta(days=3))
    assert refusal.value.errors[0].field == "starts_at"


def test_why_somebody_is_away_is_not_for_everybody(people):
    start = NOW + timedelta(days=3650)
    away(people, "amira", start=start, kind="sick", note="flu")
    seen = {
        name: facade.absences(people.actor(name), start, start + timedelta(days=1))
        for name in ("amira", "mia", "jonas", "stella", "claire")
    }
    assert [seen[name][0]["kind"] for name in ("amira", "mia", "jonas")] == ["sick", "sick", ""]
    assert seen["jonas"][0]["note"] == ""
    assert seen["stella"] == []
    assert seen["claire"] == []


def test_calling_off(people):
    start = NOW + timedelta(days=3650)
    made = away(people, "amira", start=start)
    with pytest.raises(Forbidden):
        call_off(people.actor("jonas"), made)
    with pytest.raises(NotFound):
        call_off(people.actor("stella"), made)
    call_off(people.actor("amira"), made)
    assert not Absence.objects.exists()
    made = away(people, "amira", start=start)
    call_off(people.actor("amira"), made, now=start + timedelta(days=1))
    assert Absence.objects.get().ends_at == start + timedelta(days=1)


def open_work(people):
    held = incidents.report(people.actor("claire"), {"title": "held"})
    incidents.act(people.actor("amira"), "start", held)
    owned = incidents.report(people.actor("claire"), {"title": "owned"})
    incidents.act(people.actor("amira"), "comment", owned, {"body": "on it", "visibility": "internal"})
    incidents.act(people.actor("mia"), "assign", owned, {"assignee": MIA})
    return held, owned


@pytest.mark.parametrize(
    ("hands_over", "assignees", "owners"),
    [
        ("nothing", ["Amira", "Mia"], ["Amira", "Amira"]),
        ("work", ["Raj", "Mia"], ["Amira", "Amira"]),
        ("ownership", ["Raj", "Mia"], ["Raj", "Raj"]),
    ],
)
def test_the_substitute_gets_what_the_absence_says(people, hands_over, assignees, owners):
    """Jonas is asked first, but he is away too: the chain goes on to Raj."""
    numbers = open_work(people)
    start = NOW + timedelta(days=3650)
    away(people, "mia", JONAS, start=start, substitute=RAJ)
    away(people, "amira", start=start, substitute=JONAS, hands_over=hands_over)
    assert settle_absences(start - timedelta(minutes=1)) == 0
    settle_absences(start)
    assert settle_absences(start) == 0, "once"
    rows = [Record.objects.select_related("assignee", "owner").get(number=number) for number in numbers]
    assert [row.assignee.name for row in rows] == assignees
    assert [row.owner.name for row in rows] == owners
    if hands_over != "nothing":
        line = Entry.objects.filter(record=rows[0], verb="assign", channel="rule").latest("id")
        assert facade.explain(line.data) == ["Stands in for Amira."]


def test_substitutes_in_a_circle_lose_nothing(people):
    numbers = open_work(people)
    start = NOW + timedelta(days=3650)
    away(people, "mia", JONAS, start=start, substitute=AMIRA)
    away(people, "amira", start=start, substitute=JONAS, hands_over="work")
    assert settle_absences(start) == 1
    assert Record.objects.get(number=numbers[0]).assignee == people.amira


def test_the_skills_matrix_shows_what_hangs_on_one_person(people):
    ann = people.actor("ann")
    for code in ("vpn", "sql"):
        facade.create_skill(ann, {"code": code, "name": code.upper(), "organisation": "gungun"})
    with pytest.raises(Conflict):
        facade.create_skill(ann, {"code": "vpn", "name": "again", "organisation": "gungun"})
    facade.rate_skills(ann, AMIRA, {"skills": {"vpn": {"level": 3}, "sql": {"level": 4}}})
    facade.rate_skills(ann, JONAS, {"skills": {"vpn": {"level": 5}, "sql": {"level": 2}}})
    _people, lines = facade.skill_matrix(ann, "gungun")
    found = {line.code: (line.capable, line.alone) for line in lines}
    assert found == {"vpn": (2, ""), "sql": (1, "Amira")}
    facade.rate_skills(ann, AMIRA, {"skills": {"sql": {"level": 0}}})
    assert "sql" not in facade.member(ann, AMIRA).skills
    facade.set_skill_active(ann, "vpn", False)
    assert [skill.code for skill in facade.skills(ann)] == ["sql"]
    assert facade.skills(people.actor("stella")) == []


def test_the_company_of_others_is_closed(people):
    for name in ("claire", "stella"):
        with pytest.raises((Forbidden, Invalid)):
            facade.members(people.actor(name), "gungun")
    assert [one.name for one in facade.members(people.actor("jonas"), "gungun")][:2] == ["Amira", "Ann"]


def test_counts_stay_the_same_however_many_people(people, django_assert_num_queries):
    ann = people.actor("ann")
    facade.members(ann, "gungun")
    with django_assert_num_queries(3):
        facade.members(ann, "gungun")
    for n in range(12):
        person = Person.objects.create_user(f"p{n}@gungun.example", f"P{n}", people.gungun)
        person.grants.create(role_id=people.amira.grants.get().role_id, organisation=people.gungun)
    with django_assert_num_queries(3):
        assert len(facade.members(ann, "gungun")) == 18
