"""The demonstration company as it stands after eight days, loaded once for all who look at it or try something with
it: who changes anything says so to the database, and is rolled back."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection
from django.test import RequestFactory
from pytest_django.plugin import DjangoDbBlocker

from quell.kernel.access.actor import HOUSE, actor_for_person
from quell.kernel.config.refusal import Conflict, Forbidden
from quell.kernel.items.models import Item
from quell.kernel.journal.models import Entry
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import Organisation, Person, Role, RoleGrant, Team
from quell.kernel.people.tree import create_organisation
from quell.kernel.records.models import OPEN, Note, Record, Reply
from quell.practices.clocks import facade as clocks
from quell.practices.clocks.models import Clock
from quell.practices.communications import facade as communications
from quell.practices.communications.models import Rating
from quell.practices.incidents.facade import report
from quell.practices.incidents.models import Incident
from quell.practices.servicedesk import facade as servicedesk
from quell.practices.workforce import facade as workforce
from quell.practices.workforce.models import Rule, Turn
from quell.practices.worklog.models import TimeEntry
from quell.project.demonstration import leaving, loading
from quell.project.demonstration.accounts import FILE, password_kept
from quell.project.demonstration.company import ACCOUNTS
from quell.project.demonstration.stories import STORIES, VPN
from quell.project.testing_database import another_copy

from .test_demonstration import load, person

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
DAYS = 8


@dataclass(frozen=True)
class Stage:
    """What was loaded and where the state is, and how many rows each table had before."""

    done: loading.Loaded
    state: Path
    before: dict[str, int]


@pytest.fixture(scope="module", autouse=True)
def stage(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The company, in a database of its own."""
    with django_db_blocker.unblock(), another_copy("company"):
        state, before = tmp_path_factory.mktemp("state"), rows()
        yield Stage(load(state, days=DAYS, now=NOW), state, before)


@pytest.fixture
def state(stage: Stage, tmp_path: Path) -> Path:
    """A copy of the state directory that a test may change."""
    return Path(shutil.copytree(stage.state, tmp_path / "state"))


def rows() -> dict[str, int]:
    """How many rows each table has."""
    return {
        model._meta.db_table: model._default_manager.count()
        for model in apps.get_models()
        if not model._meta.db_table.startswith(("procrastinate_", "django_"))
    }


def test_a_fresh_instance_gets_people_services_and_living_incidents(stage: Stage) -> None:
    done = stage.done
    assert done.people == 206
    assert done.incidents == Record.objects.count() > len(STORIES) + 20
    assert {team.code for team in Team.objects.all()} == {"service-desk", "network", "applications"}
    assert Item.objects.filter(item_class="service", owner__isnull=False).count() == 6
    assert Record.objects.filter(state_category__in=OPEN).count() >= 12
    states = {"new", "assigned", "in_progress", "on_hold", "resolved", "closed"}
    assert set(Record.objects.values_list("state", flat=True)) >= states
    assert Reply.objects.exists()
    assert Note.objects.exists()
    # Numbers and history ascend with the time of the company, not with the time of loading.
    opened = list(Record.objects.order_by("pk").values_list("opened_at", flat=True))
    assert opened == sorted(opened)
    at = list(Entry.objects.filter(record__isnull=False).order_by("pk").values_list("at", flat=True))
    assert at == sorted(at)


def test_nobody_gets_news_of_what_is_long_past() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(e.at) FROM procrastinate_jobs j JOIN journal_entry e ON e.id = (j.args->>'entry_id')::bigint"
        )
        (oldest,) = cursor.fetchone()
    assert oldest is None
    lines = Notification.objects.select_related("entry", "record")
    assert lines.exists()
    for line in lines:
        assert line.created_at == line.entry.at > NOW - timedelta(days=3)
        assert line.emailed_at is None


def test_alarms_lie_in_inboxes_only_for_what_nobody_has_and_once() -> None:
    alarms = Notification.objects.filter(reason="unassigned").select_related("record")
    seen = [(line.person_id, line.record_id) for line in alarms]
    assert len(seen) == len(set(seen))
    assert all(line.record.assignee_id is None and line.record.state_category in OPEN for line in alarms)
    agents = Notification.objects.filter(person__email="jonas.schmidt@gungun.example")
    assert {"assigned", "owner", "queue"} <= set(agents.values_list("reason", flat=True))
    assert agents.filter(read_at=None).exists() and agents.exclude(read_at=None).exists()
    assert agents.exclude(done_at=None).exists()


def test_rules_give_out_what_they_cover_and_say_why() -> None:
    lead = person("amira.khalil")
    _place, _version, rules = workforce.rules(person("noor.rahimi"), "gungun")
    assert [rule.active for rule in rules] == [True, True, True, False]
    assert sum(rule.fired for rule in rules) == Entry.objects.filter(data__has_key="because").count() > 0
    number = Record.objects.get(title=VPN, organisation__code="gungun").number
    assert workforce.why_assigned(lead, number)
    assert {one.email for one in workforce.members(lead, "gungun") if one.hours} == {
        account.email for account in ACCOUNTS if account.teams
    }


def test_promises_ran_out_each_at_its_own_moment() -> None:
    said = list(Entry.objects.filter(verb__in=["clock_warning", "clock_breach"]).values_list("at", "data"))
    assert len(said) > 20
    assert all(at == datetime.fromisoformat(data["moment"]) for at, data in said)
    assert not Clock.objects.filter(next_look_at__lte=NOW).exists()
    untaken = Incident.objects.filter(record__assignee=None, record__state__in=["new", "assigned", "in_progress"])
    assert Entry.objects.filter(verb="alarm").exists() and not untaken.filter(alarm_due_at__lte=NOW).exists()


def test_decisions_and_suppliers_are_waited_for_by_clocks_of_their_own() -> None:
    """Capability SL17: what lets others wait is promised, runs while they wait, ends when they are done, and is in the
    report; the time to the customer stands still for a decision and for no supplier."""
    ended = {
        "Cannot change the price lists any more": "approval",
        "Credit notes print the old bank account": "supplier",
    }
    going = {
        "Programme for customs forms on my laptop": "approval",
        "Stock report leaves out the Aarhus warehouse": "supplier",
    }
    for title, metric in {**ended, **going}.items():
        record = Record.objects.get(title=title)
        clock = Clock.objects.get(record=record, metric=metric)
        assert clock.kind == {"approval": "sla", "supplier": "uc"}[metric]
        assert (clock.stopped_at is not None) == (title in ended) and clock.fault == ""
        held = {line.key for line in clocks.holders(record.pk, NOW) if line.kind == "supplier"}
        assert held == ({"supplier"} if metric == "supplier" else set())
        (resolution,) = (c for c in clocks.explain(record.pk, NOW) if (c.kind, c.metric) == ("sla", "resolution"))
        waited = {reason for segment in resolution.instance.segments for reason in segment.reasons}
        assert waited == ({"approval"} if metric == "approval" else set())
    actor = person("noor.rahimi")
    asked = clocks.asked_of(
        actor, {"period": f"{NOW - timedelta(days=8):%Y-%m-%d}..{NOW:%Y-%m-%d}", "group": "metric"}, NOW
    )
    counted = {
        row.key: row.decided + row.open_within + row.open_breached for row in clocks.report(actor, asked, NOW).rows
    }
    assert counted["approval"] >= 2 and counted["supplier"] >= 2
    assert not clocks.verify(mend=False).differences
    assert {one.state for one in clocks.exclusions(actor)} == {"accepted", "proposed"}


def _as_it_is() -> dict[str, list[tuple[object, ...]]]:
    """What a visitor could tell two loadings apart by; no ids and no numbers, which the database hands out."""
    return {
        "records": list(Record.objects.order_by("pk").values_list("title", "state", "opened_at", "assignee__email")),
        "ratings": list(
            Rating.objects.order_by("pk").values_list("record__title", "person__email", "stars", "comment")
        ),
        "hours": list(
            TimeEntry.objects.order_by("pk").values_list("record__title", "person__email", "seconds", "note")
        ),
        "rules": list(Rule.objects.order_by("position").values_list("name", "fired", "fired_at")),
        "inboxes": sorted(
            Notification.objects.values_list("person__email", "created_at", "reason", "record__title", "entry__verb")
        ),
        "read": sorted(Notification.objects.exclude(read_at=None).values_list("person__email", "read_at", "reason")),
    }


@pytest.mark.django_db
def test_a_company_that_left_comes_back_the_same(state: Path) -> None:
    first = _as_it_is()
    assert all(first.values())
    leaving.leave(HOUSE, state)
    load(state, DAYS, NOW)
    assert _as_it_is() == first


@pytest.mark.django_db
def test_the_accounts_of_the_file_sign_in_and_the_file_is_private(state: Path) -> None:
    file = state / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [line.split() for line in file.read_text().splitlines()]
    assert [line[0] for line in lines] == [account.role for account in ACCOUNTS]
    request = RequestFactory().post("/sign-in")
    for _role, email, password in lines:
        assert authenticate(request, email=email, password=password) is not None, email


@pytest.mark.django_db
def test_each_account_may_what_its_role_says(state: Path) -> None:
    seen = {account.key: person(account.key) for account in ACCOUNTS}
    departments = 12
    assert seen["noor.rahimi"].scope("people.manage").everywhere
    assert len(seen["amira.khalil"].scope("records.lead").organisations) == 2 + departments
    assert len(seen["jonas.schmidt"].scope("records.work").organisations) == 2 + departments
    assert seen["wang.xiaoming"].scope("records.work").teams == {Team.objects.get(code="network").pk}
    assert not seen["claire.moreau"].is_agent


@pytest.mark.django_db
def test_loading_again_changes_nothing(state: Path) -> None:
    password = password_kept(state)
    before = list(Record.objects.order_by("pk").values_list("number", "version", "state"))

    again = load(state, DAYS, NOW)

    assert (again.people, again.incidents) == (0, 0)
    assert password_kept(state) == password
    assert list(Record.objects.order_by("pk").values_list("number", "version", "state")) == before


@pytest.mark.django_db
def test_it_leaves_without_a_trace(stage: Stage, state: Path) -> None:
    # Whether somebody had one by turns in these eight days depends on what today is.
    jonas = Person.objects.get(email="jonas.schmidt@gungun.example")
    Turn.objects.get_or_create(person=jonas, defaults={"given_at": NOW})
    grown, before = rows(), stage.before
    tables = {"communications_rating", "worklog_timeentry", "workforce_rule", "workforce_absence", "workforce_turn"}
    assert {table for table in tables if grown[table] <= before[table]} == set()

    left = leaving.leave(HOUSE, state)

    assert left.incidents > len(STORIES)
    assert left.people == 206
    assert rows() == before
    assert not (state / FILE).exists()
    assert not leaving.present()


@pytest.mark.django_db
def test_who_worked_for_somebody_else_stays_as_a_name_in_their_history(state: Path) -> None:
    home = create_organisation("real", "A real company")
    chief = Person.objects.create_user("chief@real.example", "Chief", home)
    RoleGrant.objects.create(person=chief, role=Role.objects.get(code="administrator"))
    noor = person("noor.rahimi")
    number = report(noor, {"title": "Ours", "requester": "chief@real.example"})
    actor = actor_for_person(chief.pk)
    assert actor is not None

    left = leaving.leave(actor, state)

    assert left.names_kept == ("Noor Rahimi",)
    assert [record.number for record in Record.objects.all()] == [number]
    kept = Person.objects.get(email="noor.rahimi@gungun.example")
    assert (kept.is_active, kept.organisation_id, kept.has_usable_password()) == (False, home.pk, False)
    assert not kept.grants.exists()
    assert Entry.objects.get(record__number=number).actor_id == kept.pk
    assert set(Organisation.objects.values_list("code", flat=True)) == {"real"}


@pytest.mark.django_db
def test_it_does_not_leave_while_others_lean_on_it_or_nobody_could_sign_in(state: Path) -> None:
    noor = person("noor.rahimi")
    with pytest.raises(Forbidden):
        leaving.leave(person("amira.khalil"), state)
    with pytest.raises(Conflict, match="administrator"):
        leaving.leave(noor, state)
    home = create_organisation("real", "A real company")
    chief = Person.objects.create_user("chief@real.example", "Chief", home)
    RoleGrant.objects.create(person=chief, role=Role.objects.get(code="administrator"))
    with pytest.raises(Conflict, match="yourself"):
        leaving.leave(noor, state)
    number = report(noor, {"title": "Ours", "requester": "chief@real.example"})
    Record.objects.filter(number=number).update(team=Team.objects.get(code="network"))
    actor = actor_for_person(chief.pk)
    assert actor is not None
    with pytest.raises(Conflict, match=number):
        leaving.leave(actor, state)
    assert Record.objects.filter(organisation__code="gungun").exists()


@pytest.mark.django_db
def test_the_desk_has_furnished_itself(state: Path) -> None:
    jonas, claire = person("jonas.schmidt"), person("claire.moreau")
    names = {canned.name for canned in servicedesk.canned_replies(jonas)}
    assert {"Which message do you see?", "Password set by phone"} <= names
    assert {macro.name for macro in servicedesk.macros(jonas)} >= {"Ask for a picture and wait"}
    vpn = Record.objects.get(title=VPN, organisation__code="gungun")
    spoken = servicedesk.speak(jonas, next(one.id for one in servicedesk.canned_replies(jonas)), vpn.number)
    assert not spoken.gaps
    (shown,) = (row for row in communications.showing(claire) if row["phase"] == "showing")
    assert shown["title"] == "VPN in Lyon is unstable"
    affected = communications.affected(shown["id"])
    assert affected is not None
    assert len(affected.people) == 12
    told = communications.announcements(person("amira.khalil"), communications.Asked())
    assert len(told) == 2
    for row in told:
        assert {*row["translations"], row["language"]} == {code for code, _name in settings.LANGUAGES}
    for canned in servicedesk.canned_replies(jonas):
        assert {*canned.texts} == {code for code, _name in settings.LANGUAGES}
