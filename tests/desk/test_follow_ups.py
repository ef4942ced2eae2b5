"""Snoozing leaves one's own lists and comes back with its reason; the follow-up list holds what is left to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade
from quell.practices.servicedesk import facade as kept
from quell.practices.servicedesk.models import Reminder

from .conftest import HTMX, Enter, Report

pytestmark = pytest.mark.django_db
MINE = "/incidents/?state=open&assignee=%40me&sort=priority"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.fixture
def mine(people: Cast, number: str) -> str:
    facade.act(people.actor("amira"), "assign", number, {"assignee": people.amira.email})
    return number


def test_snoozed_it_leaves_my_lists_and_nobody_elses(amira: Client, people: Cast, enter: Enter, mine: str) -> None:
    assert f"/incidents/{mine}" in page(amira, MINE) and f"/incidents/{mine}" in page(amira, "/")
    told = amira.post(
        f"/incidents/{mine}/snooze", {"when": "tomorrow", "hide": "on", "text": "call back"}, headers=HTMX
    )
    assert "comes back tomorrow" in told.content.decode() and "/follow-ups/" in told.content.decode()
    assert f"/incidents/{mine}" not in page(amira, MINE)
    assert f'href="/incidents/{mine}' not in page(amira, "/")
    assert f"/incidents/{mine}" in page(amira, "/incidents/?state=open")
    assert f"/incidents/{mine}" in page(enter(people.mia), f"/incidents/?state=open&assignee={people.amira.email}")
    shown = page(amira, "/follow-ups")
    assert mine in shown and "call back" in shown and "Snoozed until tomorrow" in shown


def test_it_comes_back_saying_why(amira: Client, people: Cast, mine: str) -> None:
    amira.post(f"/incidents/{mine}/snooze", {"when": "hour", "hide": "on", "text": "call back"})
    Reminder.objects.update(due_at=datetime.now(UTC) - timedelta(minutes=1))
    home = page(amira, "/")
    assert "Snoozed until" in home and "call back" in home and f"/incidents/{mine}" in page(amira, MINE)
    assert "Now" in page(amira, "/follow-ups")
    made = kept.follow_ups(people.actor("amira"))[0]
    assert amira.post(f"/follow-ups/{made.id}/done", {"next": "list"}).status_code == 302
    assert "Nothing to come back to" in page(amira, "/follow-ups") and "call back" not in page(amira, "/")


def test_until_the_requester_answers(amira: Client, people: Cast, mine: str) -> None:
    amira.post(f"/incidents/{mine}/snooze", {"when": "answer", "hide": "on"})
    assert f"/incidents/{mine}" not in page(amira, MINE)
    facade.act(people.actor("claire"), "comment", mine, {"body": "Here I am", "visibility": "public"})
    assert f"/incidents/{mine}" in page(amira, MINE) and "The requester answered" in page(amira, "/")


def test_a_reminder_alone_hides_nothing(amira: Client, mine: str) -> None:
    at = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    amira.post(f"/incidents/{mine}/snooze", {"when": "at", "at": at, "text": "ask the supplier"})
    assert f"/incidents/{mine}" in page(amira, MINE) and "ask the supplier" in page(amira, "/follow-ups")


@pytest.mark.parametrize("given", [{}, {"when": "never"}, {"when": "at"}, {"when": "at", "at": "2001-01-01T08:00"}])
def test_what_is_missing_is_asked_again(amira: Client, mine: str, given: dict[str, str]) -> None:
    answer = amira.post(f"/incidents/{mine}/snooze", {**given, "text": "Kept text"})
    assert answer.status_code == 422 and "Kept text" in answer.content.decode() and not Reminder.objects.exists()


def test_others_cannot_touch_them(amira: Client, people: Cast, enter: Enter, mine: str) -> None:
    amira.post(f"/incidents/{mine}/snooze", {"when": "tomorrow"})
    made = Reminder.objects.get()
    for other in (people.mia, people.stella):
        assert enter(other).post(f"/follow-ups/{made.pk}/done").status_code == 404
    assert enter(people.stella).get(f"/incidents/{mine}/snooze").status_code == 404


def test_a_macro_is_chosen_read_and_run(amira: Client, people: Cast, number: str) -> None:
    steps = [
        {"verb": "assign", "inputs": {"assignee": "{{ agent.email }}"}},
        {"verb": "comment", "inputs": {"body": "Called {{ requester.name }}", "visibility": "internal"}},
    ]
    made = kept.create_macro(people.actor("amira"), {"name": "Called them", "steps": steps})
    assert "Called them" in page(amira, f"/incidents/{number}/macros")
    part = amira.get(f"/incidents/{number}/macros?part=list&q=zebra", headers=HTMX).content.decode()
    assert "No macro found" in part and "<html" not in part
    seen = page(amira, f"/incidents/{number}/macros/{made}")
    assert "Internal note: “Called Claire”" in seen
    told = amira.post(f"/incidents/{number}/macros/{made}", headers=HTMX).content.decode()
    assert "“Called them” is done." in told and "Called Claire" in told
    facade.act(people.actor("amira"), "cancel", number, {"reason": "twice"})
    refused = amira.post(f"/incidents/{number}/macros/{made}", headers=HTMX)
    assert (
        refused.status_code == 409 and refused["HX-Retarget"] == "#verb-body" and "Step 1" in refused.content.decode()
    )


def test_a_macro_on_a_selection_says_what_was_refused(amira: Client, people: Cast, number: str, report: Report) -> None:
    other, gone = report(title="Another"), report(title="Over")
    facade.act(people.actor("amira"), "cancel", gone, {"reason": "twice"})
    steps = [{"verb": "assign", "inputs": {"assignee": "{{ agent.email }}"}}]
    made = kept.create_macro(people.actor("amira"), {"name": "Take them", "steps": steps})
    chosen = {"selected": [number, other, gone], "query": "?state=open"}
    assert "Take them" in amira.post("/incidents/macros", chosen).content.decode()
    seen = amira.post("/incidents/macros", {**chosen, "macro": str(made)}, headers=HTMX).content.decode()
    assert "Assign to amira@gungun.example" in seen and "1 of those tried would be refused" in seen
    assert facade.ticket(people.actor("amira"), number)["assignee"] is None
    told = amira.post("/incidents/macros", {**chosen, "apply": str(made)}, headers=HTMX).content.decode()
    assert "Done to 2 incidents." in told and gone in told and "cannot be done while the state is" in told
    assert facade.ticket(people.actor("amira"), other)["assignee"] == people.amira.email
    assert amira.post("/incidents/macros", {"macro": str(made)}).status_code == 422
    assert amira.post("/incidents/macros", {**chosen, "apply": "999999"}, headers=HTMX).status_code == 404
