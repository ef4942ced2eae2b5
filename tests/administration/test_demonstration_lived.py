"""The demonstration company as it stands after eight days, loaded once for all who look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from quell.kernel.items.models import Item
from quell.kernel.journal.models import Entry
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import Team
from quell.kernel.records.models import OPEN, Note, Record, Reply
from quell.practices.clocks import facade as clocks
from quell.practices.clocks.models import Clock
from quell.practices.incidents.models import Incident
from quell.practices.workforce import facade as workforce
from quell.project.demonstration import loading
from quell.project.demonstration.company import ACCOUNTS
from quell.project.demonstration.stories import STORIES, VPN
from quell.project.testing_database import another_copy

from .test_demonstration import load, person

NOW = datetime.now(UTC).replace(second=0, microsecond=0)


@pytest.fixture(scope="module", autouse=True)
def done(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[loading.Loaded]:
    """What was loaded, in a database of its own; nobody here changes anything."""
    with django_db_blocker.unblock(), another_copy("company"):
        yield load(tmp_path_factory.mktemp("state"), days=8, now=NOW)


def test_a_fresh_instance_gets_people_services_and_living_incidents(done: loading.Loaded) -> None:
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
