"""Queries over incidents: each condition finds what it says, and nobody finds more than they may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from quell.engines.query.faults import CODES
from quell.engines.query.printing import write
from quell.engines.query.tree import Query
from quell.kernel.config.refusal import Invalid
from quell.kernel.records.models import Record
from quell.kernel.records.query_words import read_query, sentences
from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade
from quell.practices.incidents.models import Category
from quell.practices.incidents.queries import words
from quell.practices.incidents.queries.asking import QUALITIES
from quell.practices.incidents.rules.query_fields import FIELDS
from quell.practices.incidents.rules.query_fields import QUALITIES as OFFERED
from tests.prepared import standing

from .conftest import ROADS

pytestmark = pytest.mark.django_db
Make = Callable[..., str]


def found(people: Cast, who: str, query: str) -> list[str]:
    actor = people.actor(who)
    return [row["title"] for row in facade.page(actor, facade.wanted(actor, {"query": query})).rows]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """Made once: every test is rolled back to it."""
    with standing(django_db_blocker):
        people = cast()
        _furnish(people)
        yield people


@pytest.fixture
def people(stage: Cast, db: None) -> Cast:
    return stage


@pytest.fixture
def desk(people: Cast) -> Cast:
    """The desk with its incidents."""
    return people


def _furnish(people: Cast) -> None:
    """Five incidents that differ in everything, logged by Amira for Claire."""
    amira = people.actor("amira")

    def incident_in(state: str, **facts: object) -> str:
        number = facade.report(amira, {"requester": people.claire.email, "channel": "phone", **facts})
        for verb, inputs in ROADS[state]:
            facade.act(people.actor("mia"), verb, number, inputs)
        return number

    Category.objects.get_or_create(path="printer", defaults={"code": "printer", "name": "Printer"})
    incident_in("assigned", title="Till printer", impact=1, urgency=1, category="printer", service="mail")
    incident_in("on_hold", title="Slow laptop", impact=4, urgency=4, team="network")
    incident_in("resolved", title="VPN drops", description="The tunnel falls down in Lyon.", team="applications")
    incident_in("new", title="100% cpu_load")
    facade.report(people.actor("stella"), {"title": "Elsewhere printer"})
    noted = incident_in("in_progress", title="Strange noise")
    facade.act(amira, "comment", noted, {"body": "It is the zebrafish pump", "visibility": "internal"})
    facade.act(amira, "watch", noted)


EVERYTHING = {"Till printer", "Slow laptop", "VPN drops", "100% cpu_load", "Strange noise"}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", EVERYTHING),
        ("state:open", EVERYTHING - {"VPN drops"}),
        ("state:resolved,on_hold", {"VPN drops", "Slow laptop"}),
        ("state:open,resolved", EVERYTHING),
        ("state!=new", EVERYTHING - {"100% cpu_load"}),
        ("-state:open", {"VPN drops"}),
        ("priority<=2", {"Till printer"}),
        ("priority>2", EVERYTHING - {"Till printer"}),
        ("impact:1,4", {"Till printer", "Slow laptop"}),
        ("team:network", {"Slow laptop"}),
        ("team:network,none", {"Slow laptop", "Till printer", "100% cpu_load", "Strange noise"}),
        ("-team:network", EVERYTHING - {"Slow laptop"}),
        ("team!=network,applications", EVERYTHING - {"Slow laptop", "VPN drops"}),
        ("assignee:@me", {"Till printer", "Strange noise"}),
        ("assignee:amira@gungun.example", {"Till printer", "Strange noise"}),
        ("assignee!=@me", EVERYTHING - {"Till printer", "Strange noise"}),
        ("is:unassigned state:open", {"100% cpu_load"}),
        ("is:waiting", {"Slow laptop"}),
        ("is:watched", {"Strange noise"}),
        ("is:mine,waiting", {"Till printer", "Strange noise", "Slow laptop"}),
        ("is:major", set()),
        ("major:false", EVERYTHING),
        ("service:mail", {"Till printer"}),
        ("service:none priority:1", set()),
        ("category:printer", {"Till printer"}),
        ("-category:printer", EVERYTHING - {"Till printer"}),
        ("category:none", EVERYTHING - {"Till printer"}),
        ("opened>-7d", EVERYTHING),
        ("opened:today or opened:-1h", EVERYTHING),
        ("opened<-7d", set()),
        ("resolved>=today", {"VPN drops"}),
        ("closed:today", set()),
        ("-closed:today", EVERYTHING),
        ("hold_reason:supplier", {"Slow laptop"}),
        ("resolution_code:fixed", {"VPN drops"}),
        ("channel:portal,phone", EVERYTHING),
        ("requester:claire@gungun.example", EVERYTHING),
        ("opened_by:@me", EVERYTHING),
        ("organisation:gungun", EVERYTHING),
        ("parent:none", EVERYTHING),
        ("transfer_count:0", EVERYTHING),
        ("affected_users>1", set()),
        ("vpn", {"VPN drops"}),
        ("lyon tunnel", {"VPN drops"}),
        ('"tunnel falls"', {"VPN drops"}),
        ('"falls tunnel"', set()),
        ("-lyon", EVERYTHING - {"VPN drops"}),
        ("zebrafish", {"Strange noise"}),
        ("vpn or printer", {"VPN drops", "Till printer"}),
        ("(state:resolved or priority:1) -printer", {"VPN drops"}),
        ("not (is:mine or is:waiting)", {"VPN drops", "100% cpu_load"}),
        ("laptop state:open", {"Slow laptop"}),
    ],
)
@pytest.mark.parametrize("common", [0, 3000])
def test_what_a_query_finds(
    desk: Cast, query: str, titles: set[str], common: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether its words count as common or as rare."""
    monkeypatch.setattr(words, "COMMON", common)
    rows = found(desk, "amira", query)
    assert set(rows) == titles and len(rows) == len(titles)


def test_an_incident_by_its_number(desk: Cast, incident_in: Make) -> None:
    number = incident_in("new", title="Found by number")
    assert found(desk, "amira", number.lower()) == ["Found by number"]
    assert found(desk, "amira", f"state:open {number}") == ["Found by number"]
    assert found(desk, "stella", number) == []


def test_its_own_order_and_that_of_the_address(desk: Cast) -> None:
    actor = desk.actor("amira")
    assert facade.wanted(actor, {"query": "state:open sort:-updated_at"}).order.text == "-updated_at"
    assert facade.wanted(actor, {"query": "sort:-updated_at", "sort": "priority"}).order.text == "priority"
    assert facade.wanted(actor, {"query": "state:open"}, default_sort="priority").order.text == "priority"


@pytest.mark.parametrize("query", ["", "priority:1,2,3,4,5", "-printer", "zebrafish or -zebrafish", "requester!=@me"])
@pytest.mark.parametrize("common", [0, 3000])
def test_a_query_never_widens_what_one_sees(
    desk: Cast, query: str, common: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "COMMON", common)
    assert "Elsewhere printer" not in found(desk, "amira", query)
    assert set(found(desk, "stella", query)) <= {"Elsewhere printer"}
    assert "VPN drops" not in found(desk, "jonas", query)
    assert set(found(desk, "claire", query)) <= EVERYTHING
    assert found(desk, "paul", query) == []


@pytest.mark.parametrize("common", [0, 3000])
def test_words_of_notes_are_for_those_who_read_notes(desk: Cast, common: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither found nor betrayed by leaving something out."""
    monkeypatch.setattr(words, "COMMON", common)
    assert found(desk, "claire", "zebrafish") == []
    assert set(found(desk, "claire", "-zebrafish")) == EVERYTHING
    assert set(found(desk, "raj", "zebrafish")) == set(found(desk, "raj", "zebrafish is:assigned"))


@pytest.mark.parametrize(
    ("who", "query", "place"),
    [
        ("amira", "state:open prio<2", 12),
        ("amira", "team:foreign", 6),
        ("amira", "priority:1 team:network,nowhere", 25),
        ("amira", "assignee:sam@elsewhere.example", 10),
        ("amira", "organisation:elsewhere", 14),
        ("amira", "category:no/such", 10),
        ("amira", "service:unknown", 9),
        ("amira", "parent:INC-999999", 8),
        ("stella", "team:network", 6),
        ("claire", "assignee:sam@elsewhere.example", 10),
    ],
)
def test_a_fault_says_where(desk: Cast, who: str, query: str, place: int) -> None:
    """What others have and what nobody has are refused in the same words."""
    with pytest.raises(Invalid) as fault:
        found(desk, who, query)
    assert fault.value.errors[0].field == "query"
    assert fault.value.sentence.startswith(f"At character {place}: ")


def test_every_fault_has_its_sentence() -> None:
    assert set(sentences()) == set(CODES)
    assert set(QUALITIES) == set(OFFERED)
    with translation.override("en"), pytest.raises(Invalid) as fault:
        read_query("xxxxxxxxxx state:open prio<2"[11:], FIELDS)
    assert fault.value.sentence == "At character 12: there is no field “prio”; did you mean “priority”?"


def test_every_field_compiles(desk: Cast) -> None:
    """With every operator it takes: a field without its column would fail here and not at somebody's desk."""
    samples = {
        "team": "network", "assignee": "@me", "owner": "@me", "requester": "@me", "opened_by": "@me", "service": "mail",
        "category": "printer", "organisation": "gungun", "parent": "none",
        "major": "true",
    }  # fmt: skip
    for field in FIELDS.known:
        value = samples.get(field.name) or (field.choices[0] if field.choices else "today")
        if field.high < 10 or field.name.endswith(("_count", "_users")):
            value = "1"
        for operator in field.operators():
            found(desk, "amira", f"{field.name}{operator}{value} or -{field.name}:{value}")


def test_a_hostile_query_stays_data(desk: Cast) -> None:
    before = Record.objects.count()
    for query in ['"\'; DROP TABLE records_record; --"', 'category:"%\'--"', "%(a0)s", "100%", "cpu_load", "'", "\\"]:
        try:
            found(desk, "amira", query)
        except Invalid:
            continue
    assert found(desk, "amira", '"100% cpu_load"') == ["100% cpu_load"]
    assert Record.objects.count() == before


def test_as_many_questions_however_many_names(desk: Cast) -> None:
    def asked(query: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            facade.wanted(desk.actor("amira"), {"query": query})
        return len(caught)

    one = asked("team:network assignee:amira@gungun.example")
    many = asked(
        "team:network,desk".replace("desk", "applications")
        + " or team:service-desk or assignee:mia@gungun.example,amira@gungun.example"
    )
    assert many == one


def test_a_written_query_is_read_the_same() -> None:
    text = 'state:open -category:printer (priority<=2 or "exact words") sort:-updated_at'
    query = read_query(text, FIELDS)
    assert isinstance(query, Query) and write(query) == text
