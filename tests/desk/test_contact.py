"""Logging a contact for somebody."""

from __future__ import annotations

import pytest
from django.test import Client

from quell.kernel.records.models import Record
from quell.kernel.testing.cast import Cast
from quell.practices.worklog import facade as worklog

from .conftest import HTMX, Enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(people: Cast) -> dict[str, str]:
    """What an agent types at least."""
    return {"requester": people.claire.email, "title": "VPN drops", "impact": "2", "urgency": "1", "channel": "phone"}


def test_the_form_needs_two_fields(amira: Client) -> None:
    answer = amira.post(
        "/incidents/new", {"description": "Kept text", "impact": "2", "urgency": "1", "channel": "phone"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Say who is calling" in shown and "Tell in a few words what is wrong" in shown
    assert "Kept text" in shown and 'role="alert"' in shown and shown.count("<h1") == 1 and not Record.objects.exists()


def test_log(people: Cast, amira: Client, typed: dict[str, str]) -> None:
    answer = amira.post("/incidents/new", {**typed, "category": "network", "service": "mail", "team": "network"})
    record = Record.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/incidents/{record.number}"
    assert (record.requester_id, record.opened_by_id, record.owner_id) == (
        people.claire.pk,
        people.amira.pk,
        people.amira.pk,
    )
    assert (record.channel, record.priority, record.team_id, record.assignee_id) == (
        "phone",
        1,
        people.network.pk,
        None,
    )


def test_log_and_take(people: Cast, amira: Client, typed: dict[str, str]) -> None:
    amira.post("/incidents/new", {**typed, "then": "mine"})
    assert Record.objects.get().assignee_id == people.amira.pk


def test_solved_on_the_phone(people: Cast, amira: Client, typed: dict[str, str]) -> None:
    assert amira.post("/incidents/new", {**typed, "then": "solved"}).status_code == 422
    assert not Record.objects.exists()
    amira.post("/incidents/new", {**typed, "then": "solved", "resolution": "Restarted it together."})
    assert Record.objects.get().state == "resolved"


@pytest.mark.parametrize("email", ["sam@elsewhere.example", "nobody@example.org", "not an address"])
def test_an_unknown_caller_is_said(people: Cast, amira: Client, typed: dict[str, str], email: str) -> None:
    who = people.sam.email if email.startswith("sam") else email
    answer = amira.post("/incidents/new", {**typed, "requester": who})
    shown = answer.content.decode()
    assert (
        answer.status_code == 422 and "is known here" in shown and "VPN drops" in shown and people.sam.name not in shown
    )


def test_a_refused_assignee_leaves_nothing_behind(people: Cast, amira: Client, typed: dict[str, str]) -> None:
    answer = amira.post("/incidents/new", {**typed, "assignee": people.claire.email})
    assert answer.status_code == 422 and not Record.objects.exists()


def test_the_priority_is_shown_while_choosing(amira: Client) -> None:
    assert ">P1<" in amira.get("/incidents/new/priority?impact=1&urgency=1").content.decode()
    assert ">P5<" in amira.get("/incidents/new/priority?impact=4&urgency=4").content.decode()
    for nonsense in ("", "?impact=x&urgency=1", "?impact=9&urgency=1", "?impact=-1&urgency=1"):
        assert "Choose impact and urgency." in amira.get(f"/incidents/new/priority{nonsense}").content.decode()


def test_a_call_can_come_already_filled(people: Cast, amira: Client) -> None:
    shown = amira.get("/incidents/new", {"requester": people.claire.email, "title": "Rings"}).content.decode()
    assert people.claire.name in shown and 'value="Rings"' in shown


def test_a_name_alone_is_enough_when_only_one_fits(people: Cast, amira: Client, typed: dict[str, str]) -> None:
    amira.post("/incidents/new", {**typed, "requester": people.claire.name})
    assert Record.objects.get().requester_id == people.claire.pk
    several = amira.post("/incidents/new", {**typed, "requester": "mi"})
    shown = several.content.decode()
    assert several.status_code == 422 and "Several people fit" in shown and people.mia.email in shown


def test_the_caller_and_what_is_open(people: Cast, amira: Client, number: str) -> None:
    shown = amira.get("/incidents/new/caller", {"requester": people.claire.email}).content.decode()
    assert people.claire.name in shown and number in shown
    assert amira.get("/incidents/new/caller", {"requester": people.sam.email}).content.strip() == b""


def test_the_time_on_the_phone_becomes_an_entry(people: Cast, amira: Client, typed: dict[str, str]) -> None:
    amira.post("/incidents/new", {**typed, "spent": "2:41"})
    record = Record.objects.get()
    _total, entries = worklog.of_record(people.actor("amira"), record.number)
    assert [entry["seconds"] for entry in entries] == [161]
    assert entries[0]["source"] == "phone"


@pytest.mark.parametrize("spent", ["2:99", "soon", "-1:00", "1234:00"])
def test_an_unreadable_time_is_said_and_nothing_is_made(amira: Client, typed: dict[str, str], spent: str) -> None:
    answer = amira.post("/incidents/new", {**typed, "spent": spent})
    assert answer.status_code == 422
    assert not Record.objects.exists()
    assert "VPN drops" in answer.content.decode()


def test_the_dialog_answers_with_a_toast_and_leaves_the_page(amira: Client, typed: dict[str, str]) -> None:
    asked = amira.get("/incidents/new?slot=2", headers=HTMX).content.decode()
    assert 'data-draft="contact-2"' in asked
    assert "<html" not in asked
    answer = amira.post("/incidents/new?slot=2", typed, headers=HTMX)
    assert answer.status_code == 200
    assert f"{Record.objects.get().number} is logged" in answer.content.decode()
    taken = amira.post("/incidents/new?slot=1", {**typed, "then": "mine"}, headers=HTMX)
    assert taken["HX-Redirect"] == f"/incidents/{Record.objects.latest('pk').number}"


def test_a_fault_comes_back_into_the_dialog(amira: Client, typed: dict[str, str]) -> None:
    answer = amira.post("/incidents/new?slot=1", {**typed, "requester": ""}, headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#call-body")
    assert "Say who is calling" in answer.content.decode()
    assert 'value="VPN drops"' in answer.content.decode()


def test_what_reads_alike_is_shown_while_typing(people: Cast, amira: Client, enter: Enter, number: str) -> None:
    shown = amira.get("/incidents/new/sounds-like", {"title": "vpn drops"}, headers=HTMX).content.decode()
    assert number in shown
    stranger = enter(people.stella).get("/incidents/new/sounds-like", {"title": "vpn drops"}, headers=HTMX)
    assert number not in stranger.content.decode()
    assert amira.get("/incidents/new/sounds-like", {"title": "vp"}, headers=HTMX).content.decode().strip() == ""
