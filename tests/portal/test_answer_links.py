"""“Works now” and “Still broken” from a mail: a look changes nothing, a press answers, and a link opens one thing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client

from quell.kernel.journal.models import Entry
from quell.kernel.notify import jobs
from quell.kernel.notify.models import Notification
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents
from quell.workspaces.portal.signed_links import link

pytestmark = pytest.mark.django_db


@pytest.fixture
def resolved(people: Cast, number: str) -> str:
    """Claire's incident, resolved by Amira."""
    cache.clear()
    incidents.act(people.actor("amira"), "resolve", number, {"resolution_code": "fixed", "resolution": "Works."})
    return number


def path(purpose: str, number: str, person: int, reopened: int = 0) -> str:
    return re.sub(r"^https?://[^/]+", "", link(purpose, number, person, reopened))


def state(number: str) -> str:
    return Record.objects.values_list("state", flat=True).get(number=number)


def test_the_mail_about_a_resolved_incident_carries_both_links(people: Cast, resolved: str) -> None:
    entry = Entry.objects.get(record__number=resolved, verb="resolve")
    record = Record.objects.get(number=resolved)
    for person, reason in ((people.claire, "requester"), (people.paul, "watching")):
        person.email = f"{person.name.lower()}@gungun.dk"  # where mail can go
        person.save()
        line = Notification.objects.create(person=person, record=record, entry=entry, reason=reason, email_wanted=True)
        jobs.email(line.pk)
    by_person = {message.to[0]: message.body for message in mail.outbox}
    assert "It works now: http" in by_person["claire@gungun.dk"]
    assert "It is still broken: http" in by_person["claire@gungun.dk"]
    assert "/answer/" not in by_person["paul@gungun.dk"]


@pytest.mark.parametrize("purpose", ["works", "broken"])
def test_a_look_changes_nothing_and_shows_only_number_and_title(
    people: Cast, client: Client, resolved: str, purpose: str
) -> None:
    for _scanner in range(3):
        answer = client.get(path(purpose, resolved, people.claire.pk))
        page = answer.content.decode()
        assert answer.status_code == 200 and resolved in page and "VPN drops" in page
        assert "Every few minutes." not in page and "Amira" not in page and "claire@" not in page
    assert client.head(path(purpose, resolved, people.claire.pk)).status_code == 200
    assert state(resolved) == "resolved"


def test_works_closes_and_the_help_can_be_rated(people: Cast, client: Client, resolved: str) -> None:
    address = path("works", resolved, people.claire.pk)
    page = client.post(address).content.decode()
    assert "Closed. Thank you for telling us." in page and "How was our help?" in page
    assert state(resolved) == "closed"
    assert Entry.objects.get(record__number=resolved, verb="close").channel == "mail_link"
    assert client.post(address, {"stars": "9"}).status_code == 422
    without = client.post(address, {"comment": "Quick, thank you"})
    said = without.content.decode()
    assert (without.status_code, "Choose one" in said, "Quick, thank you" in said) == (422, True, True)
    assert "Your words go to the lead" in client.post(address, {"stars": "4", "comment": "Good"}).content.decode()
    assert [row["stars"] for row in communications.ratings(people.actor("mia"))] == [4]
    assert "answered already" in client.get(address).content.decode()


def test_still_broken_opens_it_again_with_what_was_typed(people: Cast, client: Client, resolved: str) -> None:
    address = path("broken", resolved, people.claire.pk)
    assert "Open again." in client.post(address, {"reason": "Drops\x00 at noon"}).content.decode()
    assert state(resolved) == "in_progress"
    assert Entry.objects.get(record__number=resolved, verb="reopen").data["reason"] == "Drops at noon"
    assert "answered already" in client.post(address, {"reason": "Again"}).content.decode()
    assert incidents.ticket(people.actor("amira"), resolved)["reopen_count"] == 1


def test_a_link_to_an_older_question_does_not_answer_a_newer_one(people: Cast, client: Client, resolved: str) -> None:
    old = path("works", resolved, people.claire.pk)
    incidents.act(people.actor("claire"), "reopen", resolved, {"reason": "No"})
    done = {"resolution_code": "fixed", "resolution": "Again."}
    incidents.act(people.actor("amira"), "resolve", resolved, done)
    client.post(old)
    assert state(resolved) == "resolved"
    client.post(path("works", resolved, people.claire.pk, 1))
    assert state(resolved) == "closed"


def test_a_link_serves_one_purpose_one_person_one_request(people: Cast, client: Client, resolved: str) -> None:
    works = path("works", resolved, people.claire.pk)
    swapped = works.replace("/works/", "/broken/")
    forged = [swapped, works[:-2] + "xx", "/answer/works/abc", "/answer/works/" + "x" * 4000, works + "%00"]
    stranger, gone = path("works", resolved, people.sam.pk), path("works", "INC-999999", people.claire.pk)
    for address in (*forged, stranger, gone):
        for answer in (client.get(address), client.post(address, {"reason": "x"})):
            assert answer.status_code in (404, 410), address
            assert b"VPN drops" not in answer.content
    people.claire.is_active = False
    people.claire.save()
    assert client.post(works).status_code == 410
    assert state(resolved) == "resolved"


def test_a_link_ends_after_two_weeks(people: Cast, client: Client, resolved: str) -> None:
    address = path("works", resolved, people.claire.pk)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=13, hours=23)):
        assert client.get(address).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=14, minutes=1)):
        assert client.post(address).status_code == 410
    assert state(resolved) == "resolved"


def test_presses_are_counted(people: Cast, client: Client, resolved: str) -> None:
    address = path("broken", resolved, people.claire.pk)
    answers = [client.post(address, {"reason": "x"}).status_code for _press in range(12)]
    assert answers[0] == 200 and answers[-1] == 429
    assert incidents.ticket(people.actor("amira"), resolved)["reopen_count"] == 1


def test_it_wants_its_token_like_every_form(people: Cast, resolved: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path("works", resolved, people.claire.pk)).status_code == 403
    assert state(resolved) == "resolved"
