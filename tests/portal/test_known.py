"""What is known before anybody reports: announcements, “me too”, the health of services, hours and usual answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from quell.kernel.notify.models import Notification
from quell.kernel.people.tree import create_organisation
from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.kernel.ui.contact import DESK_HOURS, DESK_PHONE
from quell.practices.communications import facade as communications
from quell.practices.communications.settings import PUBLIC_HEALTH
from quell.practices.incidents import facade as incidents
from quell.workspaces.portal.expected import rounded
from quell.workspaces.portal.notices import from_shown, speaks_of

from .conftest import Enter

pytestmark = pytest.mark.django_db
Announce = Callable[..., int]


@pytest.fixture
def announce(people: Cast) -> Announce:
    def write(**facts: Any) -> int:
        given = {"title": "VPN in Lyon is unstable", "severity": "outage", "publish": True, **facts}
        return communications.create(people.actor("mia"), given)

    return write


def text(client: Client, path: str, status: int = 200, **data: str) -> str:
    answer = client.get(path, data)
    assert answer.status_code == status
    return answer.content.decode()


def test_two_announcements_stand_on_the_start_page_and_the_rest_one_press_away(
    people: Cast, enter: Enter, announce: Announce
) -> None:
    for at in range(3):
        announce(title=f"Outage number {at}")
    home = text(enter(people.claire), "/portal/")
    assert home.count("Outage number") - home.count("aria-label") < home.count("Outage number")
    assert "Outage number 2" in home and "Outage number 1" in home and "Outage number 0" not in home
    assert "All announcements" in home
    assert "Outage number 0" in text(enter(people.claire), "/portal/health")
    assert "Outage number" not in text(enter(people.sam), "/portal/")


def test_me_too_is_one_press_without_a_form(people: Cast, enter: Enter, announce: Announce) -> None:
    client = enter(people.claire)
    soon = datetime.now(UTC).replace(hour=22, minute=0) + timedelta(days=9)
    made = announce(next_update_at=soon)
    answer = client.post(f"/portal/news/{made}/me-too", follow=True)
    page = answer.content.decode()
    assert "We count you in. You get the next update" in page and "You are counted in" in page
    assert "1 person is affected." in page
    partial = client.post(f"/portal/news/{made}/me-too", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in partial and "You need not send this form." in partial
    client.post(f"/portal/news/{made}/not-me")
    assert communications.announcement(people.actor("claire"), made)["me_too_count"] == 0


def test_strangers_do_not_find_it(people: Cast, enter: Enter, announce: Announce) -> None:
    made, client = announce(), enter(people.sam)
    text(client, f"/portal/news/{made}", 404)
    for verb in ("me-too", "not-me", "dismiss"):
        assert client.post(f"/portal/news/{made}/{verb}").status_code == 404
    assert client.get("/portal/news/99999999999999999999").status_code == 404


def test_news_is_put_away_and_an_outage_is_not(people: Cast, enter: Enter, announce: Announce) -> None:
    client = enter(people.claire)
    news, outage = announce(title="Canteen closed", severity="information"), announce()
    for made in (news, outage):
        client.post(f"/portal/news/{made}/dismiss")
    home = text(client, "/portal/")
    assert "Canteen closed" not in home and "VPN in Lyon" in home


def test_the_bell_counts_answers_and_news(people: Cast, enter: Enter, announce: Announce, number: str) -> None:
    client, made = enter(people.claire), announce()
    client.post(f"/portal/news/{made}/me-too")
    assert "unread" not in text(client, "/portal/")
    communications.edit(people.actor("mia"), made, {"text": "We found it."})
    incidents.act(people.actor("amira"), "comment", number, {"body": "Hello", "visibility": "public"})
    record = Record.objects.get(number=number)
    entry = record.pk and incidents.timeline(people.actor("amira"), incidents.ticket(people.actor("amira"), number))[-1]
    line = Notification.objects.create(
        person=people.claire, record=record, entry_id=entry["id"], reason="requester", email_wanted=False
    )
    assert "Notifications, 2 unread" in text(client, "/portal/")
    page = text(client, "/portal/inbox")
    assert "VPN in Lyon" in page and "wrote to you about" in page
    opened = client.post(f"/portal/inbox/{line.pk}/read")
    assert opened["Location"] == f"/portal/requests/{number}"
    client.get(f"/portal/news/{made}")
    assert "unread" not in text(client, "/portal/")
    assert enter(people.paul).post(f"/portal/inbox/{line.pk}/read").status_code == 404


def test_search_names_outages_first_and_the_report_last(
    people: Cast, enter: Enter, announce: Announce, number: str
) -> None:
    announce()
    page = enter(people.claire).get("/portal/search", {"q": "vpn"}, headers={"HX-Request": "true"}).content.decode()
    assert page.index("VPN in Lyon") < page.index(number) < page.index("Report “vpn”")
    assert "2 results, and the way to report it" in page
    assert "VPN in Lyon" not in text(enter(people.claire), "/portal/search", q="printer")


@pytest.mark.parametrize(
    ("typed", "known"),
    [("my vpn drops", True), ("Lyon", True), ("unstab", True), ("in is", False), ("printer", False), ("不稳定", True)],
)
def test_what_was_typed_is_compared_by_words(people: Cast, announce: Announce, typed: str, known: bool) -> None:
    made = announce(text="VPN 不稳定")
    shown = from_shown(communications.in_words(communications.announcement(people.actor("claire"), made)))
    assert speaks_of(shown, typed) is known


def test_the_report_form_offers_the_outage_while_one_writes(people: Cast, enter: Enter, announce: Announce) -> None:
    made, client = announce(), enter(people.claire)
    page = client.post("/portal/report/about", {"title": "VPN drops"}).content.decode()
    assert "This is it – me too" in page and f"/portal/news/{made}/me-too" in page
    assert "me too" not in client.post("/portal/report/about", {"title": "Printer"}).content.decode()
    assert "This is it" in text(client, "/portal/report", title="vpn drops")
    assert not Record.objects.exists()


def test_a_place_a_service_and_a_phone_are_filled_in(people: Cast, enter: Enter) -> None:
    people.claire.organisation = create_organisation("lyon", "Lyon office", people.gungun)
    people.claire.phone = "4711"
    people.claire.save()
    page = text(enter(people.claire), "/portal/report", service="mail")
    assert 'value="Lyon office"' in page and 'value="4711"' in page
    assert '<option value="mail" selected>' in page


def test_services_are_followed_on_their_page(people: Cast, enter: Enter, announce: Announce) -> None:
    announce(service="mail", effect="down")
    client = enter(people.claire)
    page = text(client, "/portal/health")
    assert "Does not work" in page and "Follow Mail" in page
    client.post("/portal/health/mail/follow")
    assert "Stop following Mail" in text(client, "/portal/health")
    client.post("/portal/health/mail/unfollow")
    assert "Follow Mail" in text(client, "/portal/health")
    assert enter(people.sam).post("/portal/health/mail/follow").status_code == 422


def test_a_closed_desk_says_when_it_opens_and_whom_to_call(people: Cast, enter: Enter) -> None:
    DESK_HOURS.put("Mon–Fri 07–19", organisation_id=people.gungun.pk)
    DESK_PHONE.put("4357", organisation_id=people.gungun.pk)
    client = enter(people.claire)
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False):
        client.force_login(people.claire)
        for path in ("/portal/", "/portal/report", "/portal/health"):
            assert "We are closed now; we start again Monday 07:00." in text(client, path), path
        assert 'href="tel:4357"' in text(client, "/portal/")
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        client.force_login(people.claire)
        assert "We are closed" not in text(client, "/portal/")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "1 minute"), (540, "9 minutes"), (1380, "25 minutes"), (5400, "90 minutes"), (6000, "2 hours"),
        (36_000, "10 hours"), (86_400, "3 working days"),
    ],
)  # fmt: skip
def test_times_are_said_as_people_say_them(seconds: int, words: str) -> None:
    assert rounded(seconds) == words


def test_the_usual_answer_is_the_median_of_what_happened_and_honest_when_little_did(people: Cast, enter: Enter) -> None:
    cache.clear()
    DESK_HOURS.put("24/7")
    client = enter(people.claire)
    assert "too few answers lately" in text(client, "/portal/")
    now = datetime.now(UTC)
    for at in range(11):
        number = incidents.report(people.actor("claire"), {"title": f"Report {at}", "channel": "portal"})
        opened = now - timedelta(days=2)
        answered = None if at > 8 else opened + timedelta(minutes=at * 10)
        Record.objects.filter(number=number).update(opened_at=opened, responded_at=answered)
    assert "too few answers lately" in text(client, "/portal/")
    cache.clear()
    assert "We usually answer within 50 minutes." in text(client, "/portal/")
    assert "too few answers lately" in text(enter(people.sam), "/portal/")


def test_visitors_learn_of_outages_where_an_organisation_lets_them(
    people: Cast, client: Client, announce: Announce
) -> None:
    announce(service="mail")
    assert "Service status" not in text(client, "/sign-in")
    PUBLIC_HEALTH.put(True, organisation_id=people.gungun.pk)
    page = text(client, "/sign-in")
    assert "Service status" in page and "Disturbed" in page
    assert "VPN in Lyon" not in page
