"""Verbs by page: the question, the doing, the refusal beside the field, and one fact at a time."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.records.models import Link, Record, Watcher
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade
from quell.practices.incidents.models import Incident

from .conftest import HTMX, Report

pytestmark = pytest.mark.django_db


def record(number: str) -> Record:
    return Record.objects.get(number=number)


ASKING = ("assign", "transfer", "hold", "resolve", "cancel", "reopen", "escalate", "link", "watch")


@pytest.mark.parametrize("verb", ASKING)
def test_every_question_is_a_page_and_a_dialog(amira: Client, number: str, verb: str) -> None:
    whole = amira.get(f"/incidents/{number}/do/{verb}?state=open")
    part = amira.get(f"/incidents/{number}/do/{verb}?state=open", headers=HTMX).content.decode()
    assert whole.status_code == 200 and whole.content.decode().count("<h1") == 1
    assert "<!doctype" not in part and f'hx-post="/incidents/{number}/do/{verb}?state=open"' in part


def test_the_life_of_an_incident_by_page(people: Cast, amira: Client, number: str) -> None:
    path = f"/incidents/{number}/do"
    steps = (
        ("take", {}, "assigned"),
        ("start", {}, "in_progress"),
        ("hold", {"hold_reason": "part", "resume_at": "2027-11-24T09:00", "note": "Ordered"}, "on_hold"),
        ("resume", {}, "in_progress"),
        ("resolve", {"resolution_code": "replaced", "resolution": "New router.", "cause_code": "hardware"}, "resolved"),
        ("reopen", {"reason": "It drops again"}, "in_progress"),
        ("resolve", {"resolution_code": "fixed", "resolution": "New cable."}, "resolved"),
        ("close", {}, "closed"),
    )
    for verb, data, state in steps:
        answer = amira.post(f"{path}/{verb}?state=open", data)
        assert answer.status_code == 302 and answer["Location"] == f"/incidents/{number}?state=open", (
            verb,
            answer.content,
        )
        assert record(number).state == state
    assert record(number).assignee_id == people.amira.pk


def test_after_a_verb_the_panes_come_anew_with_a_word(amira: Client, number: str) -> None:
    shown = amira.post(f"/incidents/{number}/do/take", headers=HTMX).content.decode()
    assert f"{number} is yours." in shown and '<main id="main"' in shown and "<!doctype" not in shown


def test_what_is_missing_stands_beside_its_field(amira: Client, number: str) -> None:
    whole = amira.post(f"/incidents/{number}/do/resolve", {"resolution_code": "fixed", "resolution": " "})
    assert whole.status_code == 422 and "Tell the requester what was done" in whole.content.decode()
    part = amira.post(f"/incidents/{number}/do/transfer", {"team": "", "reason": "Kept reason"}, headers=HTMX)
    assert part.status_code == 422 and part["HX-Retarget"] == "#verb-body" and "Kept reason" in part.content.decode()


@pytest.mark.parametrize("resume_at", ["yesterday", "2020-01-01T09:00", "9999-12-31T23:59", "2026-02-30T10:00"])
def test_impossible_times_are_refused(amira: Client, number: str, resume_at: str) -> None:
    answer = amira.post(f"/incidents/{number}/do/hold", {"hold_reason": "part", "resume_at": resume_at})
    assert answer.status_code == 422 and record(number).state == "new"


def test_a_verb_out_of_turn_is_refused_with_its_sentence(amira: Client, number: str) -> None:
    answer = amira.post(f"/incidents/{number}/do/close")
    assert answer.status_code == 409 and "This cannot be done" in answer.content.decode()
    answer = amira.post(f"/incidents/{number}/do/reopen", {"reason": "Again"})
    assert answer.status_code == 409 and "Again" in answer.content.decode()
    assert amira.post(f"/incidents/{number}/do/explode").status_code == 404


def test_assigning_and_giving_back(people: Cast, amira: Client, number: str) -> None:
    amira.post(f"/incidents/{number}/do/assign", {"assignee": people.mia.email, "team": "service-desk"})
    assert (record(number).assignee_id, record(number).team_id) == (people.mia.pk, people.desk.pk)
    amira.post(f"/incidents/{number}/do/assign", {"assignee": "", "team": "service-desk"})
    assert record(number).assignee_id is None
    answer = amira.post(f"/incidents/{number}/do/assign", {"assignee": people.sam.email, "team": ""})
    assert answer.status_code == 422


def test_links_are_made_shown_and_removed(amira: Client, number: str, report: Report) -> None:
    parent = report(title="The big one")
    amira.post(f"/incidents/{number}/do/link", {"kind": "child_of", "to": parent.lower()})
    assert record(number).parent_id == record(parent).pk
    assert "The big one" in amira.get(f"/incidents/{number}?tab=family").content.decode()
    assert "VPN drops" in amira.get(f"/incidents/{parent}?tab=family").content.decode()
    amira.post(f"/incidents/{number}/do/unlink", {"kind": "child_of", "to": parent})
    assert record(number).parent_id is None and not Link.objects.exists()
    answer = amira.post(f"/incidents/{number}/do/link", {"kind": "related_to", "to": number})
    assert answer.status_code == 422 and "cannot be linked to itself" in answer.content.decode()


def test_sharing_and_following(people: Cast, amira: Client, number: str) -> None:
    path = f"/incidents/{number}/do"
    amira.post(f"{path}/watch", {"person": people.paul.email})
    amira.post(f"{path}/watch")
    assert set(Watcher.objects.values_list("person_id", flat=True)) == {people.paul.pk, people.amira.pk}
    assert people.paul.name in amira.get(f"/incidents/{number}").content.decode()
    amira.post(f"{path}/unwatch", {"person": people.paul.email})
    amira.post(f"{path}/unwatch")
    assert not Watcher.objects.exists()
    assert amira.post(f"{path}/watch", {"person": people.sam.email}).status_code == 422


def test_resolving_a_parent_takes_its_children_along(people: Cast, amira: Client, number: str, report: Report) -> None:
    child = report(title="Same here")
    facade.act(people.actor("amira"), "link", child, {"kind": "child_of", "to": number})
    assert 'name="children"' in amira.get(f"/incidents/{number}/do/resolve").content.decode()
    assert 'name="children"' not in amira.get(f"/incidents/{child}/do/resolve").content.decode()
    amira.post(f"/incidents/{number}/do/resolve", {"resolution_code": "fixed", "resolution": "Done", "children": "on"})
    assert record(child).state == "resolved"


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [("impact", "1", "impact"), ("urgency", "1", "urgency"), ("affected_users", "40", "affected_users")],
)
def test_a_fact_is_saved_in_its_place(amira: Client, number: str, name: str, value: str, field: str) -> None:
    path = f"/incidents/{number}/edit/{name}"
    assert 'name="version"' in amira.get(path, headers=HTMX).content.decode()
    answer = amira.post(path, {name: value, "version": record(number).version}, headers=HTMX)
    assert answer.status_code == 200 and "is saved." in answer.content.decode()
    assert getattr(Incident.objects.get(record__number=number), field) == int(value)


def test_every_fact_has_its_control(people: Cast, amira: Client, number: str) -> None:
    for name in (
        "impact",
        "urgency",
        "priority",
        "category",
        "service",
        "team",
        "owner",
        "affected_users",
        "title",
        "description",
    ):
        assert amira.get(f"/incidents/{number}/edit/{name}").status_code == 200, name
    assert amira.get(f"/incidents/{number}/edit/password").status_code == 404
    edits = {
        "category": "network",
        "service": "mail",
        "team": "network",
        "title": "VPN drops in Lyon",
        "description": "New",
    }
    for name, value in edits.items():
        answer = amira.post(f"/incidents/{number}/edit/{name}", {name: value, "version": record(number).version})
        assert answer.status_code == 302, (name, answer.content.decode())
    now = facade.ticket(people.actor("amira"), number)
    assert (now["category"], now["service"], now["team"], now["title"]) == (
        "network",
        "mail",
        "network",
        "VPN drops in Lyon",
    )
    amira.post(f"/incidents/{number}/edit/category", {"category": "", "version": record(number).version})
    assert facade.ticket(people.actor("amira"), number)["category"] is None


def test_a_priority_of_ones_own_needs_a_reason(amira: Client, number: str) -> None:
    path = f"/incidents/{number}/edit/priority"
    assert amira.post(path, {"priority": "1", "priority_note": ""}).status_code == 422
    assert amira.post(path, {"priority": "1", "priority_note": "The board waits"}).status_code == 302
    shown = amira.get(f"/incidents/{number}").content.decode()
    assert record(number).priority == 1 and "The board waits" in shown
    amira.post(path, {"priority": "", "priority_note": ""})
    assert record(number).priority == 3


def test_somebody_was_faster(people: Cast, amira: Client, number: str) -> None:
    old = record(number).version
    facade.act(people.actor("mia"), "edit", number, {"urgency": 2})
    answer = amira.post(f"/incidents/{number}/edit/urgency", {"urgency": "1", "version": old}, headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 412 and answer["HX-Retarget"] == "#edit-urgency"
    assert "Mia changed “Urgency” to “High” just now." in shown
    assert "Keep yours: Critical" in shown and "Keep theirs: High" in shown and '<option value="1" selected' in shown
    again = amira.post(f"/incidents/{number}/edit/urgency", {"urgency": "1", "version": record(number).version})
    assert again.status_code == 302 and Incident.objects.get(record__number=number).urgency == 1


def test_only_a_lead_changes_the_owner(people: Cast, amira: Client, number: str, enter: object) -> None:
    answer = amira.post(f"/incidents/{number}/edit/owner", {"owner": people.mia.email})
    assert answer.status_code == 403 and "Only a desk lead can do this." in answer.content.decode()
