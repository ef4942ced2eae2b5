"""Home, search and inbox."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.journal.models import Entry
from quell.kernel.notify.announce import announce_entry
from quell.kernel.notify.models import Notification
from quell.kernel.records import find
from quell.kernel.records.models import ExternalReference, Record
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade
from quell.workspaces.desk.search import marked

from .conftest import Enter, Report

pytestmark = pytest.mark.django_db


def test_home_ranks_with_reasons(people: Cast, amira: Client, report: Report) -> None:
    waiting, quiet, free = report(title="Claire wrote last"), report(title="Quiet one"), report(title="Nobody has it")
    actor = people.actor("amira")
    for number in (waiting, quiet):
        facade.act(actor, "assign", number, {"assignee": people.amira.email})
        facade.act(actor, "comment", number, {"body": "We look into it", "visibility": "public"})
    facade.act(people.actor("claire"), "comment", waiting, {"body": "Any news?", "visibility": "public"})
    shown = amira.get("/").content.decode()
    assert shown.index("Claire wrote last") < shown.index("Quiet one") and "The requester wrote last" in shown
    assert f'action="/incidents/{free}/do/take"' in shown and shown.count("<h1") == 1


def test_take_from_home_opens_it(people: Cast, amira: Client, number: str) -> None:
    answer = amira.post(f"/incidents/{number}/do/take", {"next": "home"})
    assert answer["Location"] == f"/incidents/{number}" and Record.objects.get().assignee_id == people.amira.pk


def test_home_of_someone_without_work_has_a_way_out(amira: Client) -> None:
    shown = amira.get("/").content.decode()
    assert "Nothing is waiting for you" in shown and "assignee=none" in shown


def test_the_week_in_figures(people: Cast, amira: Client, number: str) -> None:
    actor = people.actor("amira")
    facade.act(actor, "assign", number, {"assignee": people.amira.email, "team": "service-desk"})
    facade.act(actor, "resolve", number, {"resolution_code": "fixed", "resolution": "Done"})
    week = amira.get("/").context["week"]
    assert (week["resolved"], week["received"]) == (1, 1) and week["first_response"] is not None


def test_a_number_leads_straight_there(amira: Client, number: str) -> None:
    running = str(int(number.removeprefix("INC-")))
    for text in (number, number.lower(), running, f"#{running}"):
        assert amira.get("/search", {"q": text})["Location"] == f"/incidents/{number}", text
    ExternalReference.objects.create(record=Record.objects.get(), system="old", reference="ZX-99")
    assert amira.get("/search", {"q": "zx-99"})["Location"] == f"/incidents/{number}"


def test_words_are_found_marked_and_escaped(people: Cast, amira: Client, report: Report) -> None:
    report(title="Odd", description="The <b>printer</b> of floor 3 & more")
    shown = amira.get("/search", {"q": "printer"}).content.decode()
    assert "<mark>printer</mark>" in shown and "<b>" not in shown.split("<mark>")[1][:40]
    assert "Nothing found" in amira.get("/search", {"q": "nonsense"}).content.decode()
    assert amira.get("/search", {"q": "\x00"}).status_code == 200


def test_marks_survive_damage() -> None:
    start, end = find.MARK_START, find.MARK_END
    assert str(marked(f"{start}<i>{end} & {start}b")) == "<mark>&lt;i&gt;</mark> &amp; <mark>b</mark>"
    assert str(marked(f"a{end}b")) == "ab"


def test_search_shows_only_what_one_may_see(people: Cast, enter: Enter, number: str) -> None:
    assert number not in enter(people.stella).get("/search", {"q": "vpn"}).content.decode()
    assert enter(people.stella).get("/search", {"q": number}).status_code == 200


@pytest.fixture
def notice(people: Cast, number: str) -> Notification:
    """Mia assigned something to Amira."""
    facade.act(people.actor("mia"), "assign", number, {"assignee": people.amira.email})
    announce_entry(Entry.objects.latest("pk").pk)
    return Notification.objects.get(person=people.amira)


def test_the_inbox_says_what_and_why(amira: Client, notice: Notification, number: str) -> None:
    shown = amira.get("/inbox").content.decode()
    assert number in shown and "Assigned to you" in shown and "1 unread" in shown


def test_opening_a_line_marks_it_read(amira: Client, notice: Notification, number: str) -> None:
    answer = amira.post(f"/inbox/{notice.pk}/read")
    assert answer["Location"] == f"/incidents/{number}"
    assert "Nothing new" in amira.get("/inbox?unread=1").content.decode()


def test_looking_at_the_incident_marks_it_read(amira: Client, notice: Notification, number: str) -> None:
    amira.get(f"/incidents/{number}")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_everything_read(amira: Client, notice: Notification) -> None:
    amira.post("/inbox/read")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_an_inbox_is_its_owners(people: Cast, enter: Enter, notice: Notification, number: str) -> None:
    mia = enter(people.mia)
    assert mia.post(f"/inbox/{notice.pk}/read").status_code == 404
    mia.post("/inbox/read")
    notice.refresh_from_db()
    assert notice.read_at is None and number not in mia.get("/inbox?unread=1").content.decode()
    assert mia.get("/inbox?before=x").status_code == 422
