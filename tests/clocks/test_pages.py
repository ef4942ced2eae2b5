"""Clocks where people see them: beside a ticket, explained, in lists, in the history, in the portal, in the inbox."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from quell.kernel.access import directory
from quell.kernel.journal.models import Entry
from quell.kernel.notify.announce import announce_entry
from quell.kernel.notify.models import Notification
from quell.kernel.people.models import Person
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.clocks import facade
from quell.practices.clocks.models import Clock
from quell.practices.incidents import facade as incidents
from quell.practices.incidents.actions.report import Report, report
from quell.workspaces.desk import clock_words

from .conftest import ALWAYS, HOUR, agreement, calendar

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(content: bytes) -> str:
    """What stands on the page, without its tags."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.decode())))


@pytest.fixture
def around_the_clock(people: Cast) -> Cast:
    """Two hours for an answer and ten to resolve, at any hour, so that what is shown is known to the minute; and an
    OLA of the network team."""
    calendar(people, "always", ALWAYS)
    always = {"calendar": "always"}
    agreement(people, "gold", "sla", [
        {"metric": "response", "amount": 2 * HOUR, **always},
        {"metric": "resolution", "amount": 10 * HOUR, "pauses_on": ["requester"], **always},
    ])  # fmt: skip
    agreement(people, "network-ola", "ola", [{"metric": "handling", "amount": 6 * HOUR, **always}],
              provider_team=people.network)  # fmt: skip
    return people


@pytest.fixture
def number(around_the_clock: Cast) -> str:
    """Reported an hour ago, with Amira and the network team since now."""
    people = around_the_clock

    hour_ago = datetime.now(UTC) - timedelta(hours=1, seconds=5)
    found = report(people.actor("claire"), Report(title="VPN drops"), now=hour_ago).number
    incidents.act(people.actor("mia"), "assign", found, {"team": "network", "assignee": people.amira.email})
    return found


def test_the_pane_says_how_each_clock_stands(around_the_clock, number):
    page = signed_in(around_the_clock.mia).get(f"/incidents/{number}").content.decode()
    card = page[page.index('id="card-clocks"') :]
    card = card[: card.index("</section>")]
    said = words(card.encode())
    assert "First response" in said and "0:59 left" in said and "8:59 left" in said and "5:59 left" in said
    assert "OLA Network" in said and "gold" in said
    assert card.count("<progress") == 3 and "data-left=" in card


def test_a_clock_opens_into_its_course(around_the_clock, number):
    people = around_the_clock
    client = signed_in(people.mia)
    incidents.act(people.actor("mia"), "hold", number, {"hold_reason": "requester"})
    for headers in ({}, HTMX):
        said = words(client.get(f"/incidents/{number}/clocks", headers=headers).content)
        assert "Waiting for the requester" in said and "It was put on hold · Mia" in said
        assert "It applies because it is for Gungun Trading" in said
        assert "Who held it" in said and "Amira" in said
    assert client.get("/incidents/INC-999999/clocks").status_code == 404
    assert signed_in(people.claire).get(f"/incidents/{number}/clocks").status_code == 302


def test_the_team_of_a_clock_is_named_after_it_has_handed_over(around_the_clock, number):
    """The clock of the network team stands still while the desk has it; who may know of the team reads its name."""
    people = around_the_clock
    incidents.act(people.actor("mia"), "transfer", number, {"team": people.desk.code, "reason": "Not the line."})
    handling = Clock.objects.get(record__number=number, metric="handling")
    said = words(signed_in(people.mia).get(f"/incidents/{number}/clocks?clock={handling.pk}").content)
    assert "OLA · Network" in said and "OLA · another team" not in said
    assert directory.team_names(people.actor("claire"), [people.network.pk]) == {people.network.pk: "Network"}
    assert directory.team_names(people.actor("stella"), [people.network.pk]) == {}


def test_lists_show_what_is_left_and_the_view_what_runs_out(around_the_clock, number):
    client = signed_in(around_the_clock.mia)
    for path in ("/incidents/?state=open&sort=due_at", "/incidents/?view=breaching", "/"):
        assert "0:59 left" in words(client.get(path).content), path
    Clock.objects.all().delete()
    Record.objects.update(due_at=None)
    assert number not in words(client.get("/incidents/?view=breaching").content)
    assert client.get("/incidents/?state=open&sort=due_at").status_code == 200


def test_the_portal_tells_what_was_promised_and_nothing_of_ours(around_the_clock, number):
    people = around_the_clock
    client = signed_in(people.claire)
    for path in ("/portal/", "/portal/requests", f"/portal/requests/{number}", f"/portal/requests/{number}/sent"):
        page = client.get(path)
        if page.status_code == 200:
            said = words(page.content)
            assert "We promised an answer by" in said and "OLA" not in said, path
    incidents.act(people.actor("amira"), "comment", number, {"body": "We look", "visibility": "public"})
    incidents.act(people.actor("amira"), "hold", number, {"hold_reason": "requester"})
    said = words(client.get(f"/portal/requests/{number}").content)
    assert "Answered in time." in said and "Waiting for you: the clock stands still since" in said
    assert "We promise an answer by" in words(client.get("/portal/report").content)


def test_what_runs_out_is_said_in_the_history_and_to_those_it_names(around_the_clock, number):
    people = around_the_clock
    now = datetime.now(UTC)
    assert facade.sweep(now) >= 1
    assert facade.sweep(now + timedelta(hours=2)) >= 1
    lines = Entry.objects.filter(verb__in=("clock_warning", "clock_breach"))
    for line in lines:
        announce_entry(line.pk)
    told = {(one.entry.verb, one.reason) for one in Notification.objects.select_related("entry")
            if one.entry.verb.startswith("clock_")}  # fmt: skip
    assert told == {("clock_warning", "promise"), ("clock_breach", "breach")}
    heard = set(Notification.objects.filter(entry__in=lines).values_list("person_id", flat=True))
    named = {person for line in lines for person in line.data["people"]}
    assert heard == named and people.claire.pk not in heard
    said = words(signed_in(people.mia).get(f"/incidents/{number}?show=events").content)
    assert "SLA: 50 % of the time for “First response” is used up" in said
    assert "SLA broken: First response" in said
    theirs = words(signed_in(people.claire).get(f"/portal/requests/{number}").content)
    assert "used up" not in theirs and "broken" not in theirs
    inbox = words(signed_in(people.amira).get("/inbox").content)
    assert f"50 % of the time for “First response” is used up on {number}" in inbox


def test_leads_judge_on_the_page(around_the_clock, number):
    people = around_the_clock
    Clock.objects.filter(metric="response").update(breaches_at=datetime.now(UTC) - timedelta(minutes=1))
    clock = Clock.objects.get(metric="response")
    client = signed_in(people.mia)
    path = f"/incidents/{number}/clocks/{clock.pk}/judge"
    answered = client.post(path, {"breach_cause": "capacity", "excluded_because": "Power cut"})
    assert answered.status_code == 302
    assert Entry.objects.filter(verb="judge_clock").count() == 1
    said = words(client.get(f"/incidents/{number}?show=events").content)
    assert "judged the broken promise “First response”: Too few people" in said
    assert "proposes to leave the broken promise “First response” out of the figures: Power cut" in said
    assert client.post(path, {"breach_cause": "bad luck"}).status_code == 422


def test_conditions_about_what_is_due_are_told_in_words(around_the_clock, number):
    client = signed_in(around_the_clock.mia)
    for path in ("/incidents/?view=breaching", "/incidents/?state=open&query=due%3C%2B2h"):
        page = words(client.get(path).content)
        assert "Due: within 2 h, or over" in page and number in page, path
    page = client.get("/incidents/?state=open&due_before=2099-01-01")
    assert page.status_code == 200 and number in words(page.content) and "before 2099-01-01" in words(page.content)


def test_what_moved_is_told_with_before_and_after(around_the_clock, number):
    moved = [{"metric": "resolution", "kind": "sla", "holder": "", "due_before": "2026-03-02T10:00:00Z",
              "due_after": "2026-03-03T11:00:00Z", "outcome": ""}]  # fmt: skip
    record = Record.objects.get(number=number)
    Entry.objects.create(
        record=record, verb="clock_restated", at=datetime.now(UTC), channel="web", public=False, changes={},
        organisation_id=record.organisation_id,
        data={"calendars": ["always"], "reason": "A holiday was missing", "clocks": moved},
    )  # fmt: skip
    said = words(signed_in(around_the_clock.mia).get(f"/incidents/{number}?show=events").content)
    assert "Clocks counted again by corrected working hours · Resolution due" in said
    assert "instead of" in said and "A holiday was missing" in said


@pytest.mark.parametrize(
    ("percent", "words_of_it"),
    [
        pytest.param(100, "SLA broken: Resolution", id="breach"),
        pytest.param(200, "SLA: 200 % of the time for “Resolution” is used up", id="twice"),
    ],
)
def test_a_breach_is_said_once_and_what_follows_says_how_far_it_has_gone(percent, words_of_it):
    data = {"metric": "resolution", "kind": "sla", "percent": percent, "people": []}
    assert clock_words.said({"verb": "clock_breach", "data": data, "actor_name": None}) == words_of_it
