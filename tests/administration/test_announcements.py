"""Leads write announcements with a preview; administrators decide what the report form asks."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quell.kernel.testing.cast import Cast
from quell.practices.communications import facade as communications
from quell.practices.communications.models import Announcement
from quell.practices.incidents import facade as incidents
from quell.practices.incidents.models import Category
from quell.practices.intake import facade as intake

from .conftest import Door

pytestmark = pytest.mark.django_db
OUTAGE = {"title": "VPN is unstable", "severity": "outage", "organisation": "gungun", "service": "mail"}


def test_a_lead_publishes_with_a_title_and_one_press(folk: Cast, as_: Door) -> None:
    client = as_("mia")
    answer = client.post(reverse("administration:new_announcement"), {**OUTAGE, "publish": "1"})
    made = Announcement.objects.get()
    assert answer["Location"] == reverse("administration:announcement", args=[made.pk])
    assert (made.state, made.effect, made.organisation) == ("published", "degraded", folk.gungun)
    assert [row["title"] for row in communications.showing(folk.actor("claire"))] == ["VPN is unstable"]
    page = client.get(answer["Location"]).content.decode()
    assert "What people see" in page and "End it" in page


def test_look_first_keeps_a_draft_until_it_is_published_and_ended(folk: Cast, as_: Door) -> None:
    client = as_("mia")
    client.post(reverse("administration:new_announcement"), OUTAGE)
    made = Announcement.objects.get()
    assert (made.state, communications.showing(folk.actor("claire"))) == ("draft", [])
    client.post(reverse("administration:publish_announcement", args=[made.pk]))
    assert "Showing" in client.get(reverse("administration:announcements")).content.decode()
    client.post(reverse("administration:end_announcement", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == "ended"


def test_an_edit_keeps_what_was_typed_and_refuses_what_is_stale(folk: Cast, as_: Door) -> None:
    client = as_("mia")
    client.post(reverse("administration:new_announcement"), {**OUTAGE, "publish": "1", "title_da": "VPN er ustabil"})
    made = Announcement.objects.get()
    url = reverse("administration:announcement", args=[made.pk])
    assert 'value="VPN er ustabil"' in client.get(url).content.decode()
    changed = {**OUTAGE, "title": "VPN is down", "effect": "down", "version": "1", "next_update_at": "2031-01-01T10:00"}
    assert client.post(url, changed).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.effect, made.translations) == ("VPN is down", "down", {})
    again = client.post(url, {**changed, "title": "VPN is back"})
    assert again.status_code == 422 and "VPN is back" in again.content.decode()
    wrong = client.post(url, {**changed, "version": "2", "title": "", "ends_at": "never"})
    assert wrong.status_code == 422 and "Say in one line what people meet." in wrong.content.decode()


@pytest.mark.parametrize("name", ["claire", "amira", "ann"])
def test_others_do_not_write(folk: Cast, as_: Door, name: str) -> None:
    answer = as_(name).post(reverse("administration:new_announcement"), OUTAGE)
    assert answer.status_code == (302 if name == "ann" else 404)
    assert Announcement.objects.exists() is (name == "ann")  # an administrator leads as well


def test_leads_read_how_the_help_was(folk: Cast, as_: Door) -> None:
    number = incidents.report(folk.actor("claire"), {"title": "Printer"})
    done = {"resolution_code": "fixed", "resolution": "Works."}
    incidents.act(folk.actor("amira"), "resolve", number, done)
    communications.rate(folk.actor("claire"), number, {"stars": 2, "comment": "Took a week"})
    page = as_("mia").get(reverse("administration:ratings") + "?most=2").content.decode()
    assert "Took a week" in page and "2 of 5" in page
    assert as_("amira").get(reverse("administration:ratings")).status_code == 404


def test_what_the_form_asks_is_decided_on_one_page(folk: Cast, as_: Door) -> None:
    category = Category.objects.create(organisation=folk.gungun, code="printers", path="printers", name="Printers")
    url = reverse("administration:category_intake", args=[category.pk]) + "?organisation=gungun"
    client = as_("ann")
    asked = {
        "words": "print\n打印机", "question_0": "Which printer?", "kind_0": "text", "required_0": "on",
        "question_0_da": "Hvilken?", "question_1": "What happens?", "kind_1": "choice",
        "choices_1": "Nothing\nPaper jam", "kind_2": "text", "version": "1",
    }  # fmt: skip
    assert client.post(url, asked).status_code == 302
    found = intake.follow_up(folk.actor("claire"), "printer").questions
    assert [(one.question, one.required, one.choices) for one in found] == [
        ("Which printer?", True, []), ("What happens?", False, ["Nothing", "Paper jam"]),
    ]  # fmt: skip
    page = client.get(url).content.decode()
    assert "Hvilken?" in page and "打印机" in page
    stale = client.post(url, asked)
    assert stale.status_code == 422
    one_choice = client.post(url, {**asked, "version": "2", "choices_1": "Only one"})
    assert one_choice.status_code == 422 and "needs two choices" in one_choice.content.decode()
    assert as_("mia").get(url).status_code == 404
    shared = Category.objects.get(path="network", organisation=None)
    assert client.get(reverse("administration:category_intake", args=[shared.pk])).status_code == 404
