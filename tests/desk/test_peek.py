"""A quick look over a list: what it shows, to whom, and that it leaves nothing behind."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quell.kernel.notify.models import Notification
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade

from .conftest import HTMX, Enter, Report

pytestmark = pytest.mark.django_db


def looked(client: Client, number: str, query: str = "") -> str:
    answer = client.get(f"/incidents/{number}/peek{query}", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def test_title_state_people_and_the_last_words(people: Cast, amira: Client, number: str) -> None:
    actor = people.actor("amira")
    facade.act(actor, "assign", number, {"assignee": people.amira.email})
    for text in ("First answer", "Second answer", "Third **answer**", "Fourth answer"):
        facade.act(actor, "comment", number, {"body": text, "visibility": "public"})
    facade.act(actor, "comment", number, {"body": "Only for us", "visibility": "internal"})
    shown = looked(amira, number, "?state=open")
    assert "<body" not in shown and "VPN drops" in shown and "In progress" in shown
    assert people.claire.name in shown and people.amira.name in shown and "Every few minutes." in shown
    assert "Third answer" in shown and "Only for us" in shown and "First answer" not in shown
    assert "2 messages between" in shown
    assert f'href="/incidents/{number}?state=open"' in shown


def test_it_reads_nothing_and_a_link_leads_to_the_page(people: Cast, amira: Client, number: str) -> None:
    facade.act(people.actor("mia"), "assign", number, {"assignee": people.amira.email})
    Notification.objects.filter(person=people.amira).update(read_at=None)
    unread = Notification.objects.filter(person=people.amira, read_at=None).count()
    looked(amira, number)
    assert Notification.objects.filter(person=people.amira, read_at=None).count() == unread
    plain = amira.get(f"/incidents/{number}/peek?state=open")
    assert plain.status_code == 302 and plain["Location"] == f"/incidents/{number}?state=open"


def test_strangers_and_requesters(people: Cast, enter: Enter, number: str) -> None:
    facade.act(people.actor("amira"), "comment", number, {"body": "Only for us", "visibility": "internal"})
    assert enter(people.sam).get(f"/incidents/{number}/peek", headers=HTMX).status_code in (302, 404)
    away = enter(people.claire).get(f"/incidents/{number}/peek", headers=HTMX)
    assert away.status_code == 302 and "Only for us" not in away.content.decode()
    assert enter(people.stella).get(f"/incidents/{number}/peek", headers=HTMX).status_code == 404


def test_a_long_story_costs_no_more_statements(people: Cast, amira: Client, report: Report) -> None:
    def statements(number: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            looked(amira, number)
        return len(seen)

    short, long = report(), report()
    for line in range(80):
        facade.act(people.actor("amira"), "comment", long, {"body": f"Line {line}", "visibility": "public"})
    looked(amira, short)
    assert statements(long) == statements(short) <= 12
    assert "77 messages between" in looked(amira, long)
