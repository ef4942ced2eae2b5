"""The page of an incident: what it shows, what is said on it, and that nothing typed is lost."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from quell.kernel.records.models import Attachment, Draft, Note, Record, Reply
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade

from .conftest import HTMX, Enter, Report

pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_three_panes(people: Cast, amira: Client, number: str, report: Report) -> None:
    other = report(title="Another")
    shown = page(amira, f"/incidents/{number}?state=open")
    assert "VPN drops" in shown and "Every few minutes." in shown and other in shown and shown.count("<h1") == 1
    assert people.claire.email in shown and f'href="/incidents/{other}?state=open"' in shown


@pytest.mark.parametrize("tab", ["conversation", "history", "files", "family", "nonsense"])
def test_every_tab(amira: Client, number: str, tab: str) -> None:
    assert "VPN drops" in page(amira, f"/incidents/{number}?tab={tab}")


def test_a_list_of_somebody_else_gives_way(amira: Client, number: str) -> None:
    assert number in page(amira, f"/incidents/{number}?team=not-mine&sort=colour")


def test_opened_from_the_pane_only_the_panes_come(amira: Client, number: str) -> None:
    part = amira.get(f"/incidents/{number}?state=open", headers=HTMX).content.decode()
    assert "<!doctype" not in part and '<main id="main"' in part and 'hx-target="#side"' in part


def test_history_reads_as_sentences(people: Cast, amira: Client, number: str) -> None:
    actor = people.actor("amira")
    facade.act(actor, "assign", number, {"assignee": people.amira.email})
    facade.act(actor, "hold", number, {"hold_reason": "supplier", "note": "Their hotline is slow."})
    facade.act(actor, "edit", number, {"urgency": 1})
    facade.act(actor, "edit", number, {"title": "VPN drops in Lyon", "affected_users": 12})
    shown = page(amira, f"/incidents/{number}")
    name = people.amira.name
    assert f"{name} took it" in shown and "waiting for a supplier" in shown and "Their hotline is slow." in shown
    assert "changed Urgency from Medium to Critical" in shown and "changed 2 facts" in shown
    assert "VPN drops → VPN drops in Lyon" in page(amira, f"/incidents/{number}?tab=history")
    assert "took it" not in page(amira, f"/incidents/{number}?show=internal")
    assert "hotline" not in page(amira, f"/incidents/{number}?show=public")


def test_a_reply_and_a_note_stay_apart(amira: Client, number: str) -> None:
    typed = {"body": "For Claire", "note": "For us"}
    amira.post(f"/incidents/{number}/say", {**typed, "visibility": "public"})
    assert [r.body for r in Reply.objects.all()] == ["For Claire"] and not Note.objects.exists()
    amira.post(f"/incidents/{number}/say", {**typed, "visibility": "internal"})
    assert [n.body for n in Note.objects.all()] == ["For us"] and Reply.objects.count() == 1


def test_after_saying_something_the_panes_come_anew(amira: Client, number: str) -> None:
    answer = amira.post(f"/incidents/{number}/say?state=open", {"visibility": "internal", "note": "So"}, headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 200 and "Note added." in shown and 'hx-target="#queue"' in shown
    plain = amira.post(f"/incidents/{number}/say?state=open", {"visibility": "internal", "note": "So"})
    assert plain.status_code == 302 and plain["Location"] == f"/incidents/{number}?state=open"


def test_send_and_wait_and_send_and_resolve(amira: Client, number: str) -> None:
    amira.post(f"/incidents/{number}/say", {"visibility": "public", "body": "Which office?", "then": "hold"})
    assert facade_state(number) == ("on_hold", "requester")
    amira.post(f"/incidents/{number}/say", {"visibility": "public", "body": "Works again.", "then": "resolve:fixed"})
    assert facade_state(number)[0] == "resolved" and "Works again." in page(amira, f"/incidents/{number}")
    assert Reply.objects.count() == 1


def facade_state(number: str) -> tuple[str, str]:
    from quell.practices.incidents.models import Incident

    record = Record.objects.get(number=number)
    return record.state, Incident.objects.get(record=record).hold_reason


@pytest.mark.parametrize(
    "given",
    [
        {"visibility": "public", "body": "  "},
        {"visibility": "public", "body": "", "then": "hold"},
        {"visibility": "public", "body": "Kept text", "then": "resolve:nonsense"},
    ],
)
def test_a_refusal_keeps_what_was_typed(amira: Client, number: str, given: dict[str, str]) -> None:
    answer = amira.post(f"/incidents/{number}/say", {**given, "note": "Kept note"})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Kept note" in shown and given["body"].strip() in shown
    assert not Reply.objects.exists() and Record.objects.get(number=number).state == "new"


def test_a_refused_hold_takes_the_reply_back(people: Cast, amira: Client, number: str) -> None:
    facade.act(people.actor("amira"), "hold", number, {"hold_reason": "supplier"})
    answer = amira.post(f"/incidents/{number}/say", {"visibility": "public", "body": "Kept text", "then": "hold"})
    assert answer.status_code == 409 and "Kept text" in answer.content.decode() and not Reply.objects.exists()


def test_files_hang_on_what_they_came_with(amira: Client, number: str) -> None:
    picture = SimpleUploadedFile("Bild ä.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    amira.post(f"/incidents/{number}/say", {"visibility": "internal", "note": "See", "files": [picture]})
    file = Attachment.objects.get()
    assert not file.public and file.note_id is not None and file.name == "Bild ä.png"
    shown = page(amira, f"/incidents/{number}")
    assert shown.count("Bild ä.png") == 1 and f"/attachments/{file.pk}" in shown and "attached a file" not in shown
    assert "Bild ä.png" in page(amira, f"/incidents/{number}?tab=files")


@override_settings(MAX_ATTACHMENT_BYTES=1000)
def test_a_file_too_large_is_a_sentence_and_the_text_stays(amira: Client, number: str) -> None:
    film = SimpleUploadedFile("film.mp4", b"0" * 2000)
    answer = amira.post(f"/incidents/{number}/say", {"visibility": "public", "body": "My long answer", "files": [film]})
    shown = answer.content.decode()
    assert answer.status_code == 413 and "Share a link instead" in shown and "My long answer" in shown
    assert not Reply.objects.exists() and not Attachment.objects.exists()


def test_drafts_are_kept_apart_restored_and_gone_when_sent(
    people: Cast, amira: Client, enter: Enter, number: str
) -> None:
    path = f"/incidents/{number}"
    assert amira.post(f"{path}/draft", {"mode": "public", "body": "Half a reply"}).status_code == 204
    assert amira.post(f"{path}/draft", {"mode": "internal", "body": "Half a note"}).status_code == 204
    assert amira.post(f"{path}/draft", {"mode": "other", "body": "x"}).status_code == 422
    shown = page(amira, path)
    assert "Half a reply" in shown and "Half a note" in shown
    assert "Half a" not in page(enter(people.mia), path)
    amira.post(f"{path}/say", {"visibility": "public", "body": "A whole reply", "note": ""})
    assert [(d.mode, d.body) for d in Draft.objects.all()] == [("internal", "Half a note")]
    amira.post(f"{path}/draft", {"mode": "internal", "body": " "})
    assert not Draft.objects.exists()


def test_a_closed_incident_takes_notes_but_no_replies(people: Cast, amira: Client, number: str) -> None:
    facade.act(people.actor("amira"), "cancel", number, {"reason": "Mistake"})
    shown = page(amira, f"/incidents/{number}")
    assert 'value="internal"' in shown and 'name="visibility" value="public"' not in shown
    answer = amira.post(f"/incidents/{number}/say", {"visibility": "public", "body": "Too late"})
    assert answer.status_code == 409 and not Reply.objects.exists()


def test_what_people_write_is_never_markup(amira: Client, report: Report) -> None:
    number = report(title="<b>bold</b>", description="<img src=x onerror=alert(1)>")
    amira.post(f"/incidents/{number}/say", {"visibility": "internal", "note": "<script>alert(1)</script>"})
    shown = page(amira, f"/incidents/{number}")
    assert "<img src=x" not in shown and "<script>alert" not in shown and "<b>bold</b>" not in shown


def test_people_who_are_called_stand_out_in_notes(people: Cast, amira: Client, enter: Enter, number: str) -> None:
    facade.act(
        people.actor("amira"), "comment", number,
        {"body": f"@{people.jonas.name} and @Nobody Here, look", "visibility": "internal"},
    )  # fmt: skip
    shown = page(amira, f"/incidents/{number}")
    assert f"<mark>@{people.jonas.name}</mark>" in shown and "<mark>@Nobody" not in shown


def test_a_live_page_asks_for_what_it_shows(amira: Client, number: str) -> None:
    assert f'hx-get="/incidents/{number}/fresh?show=public"' in page(amira, f"/incidents/{number}?show=public")
    assert f'hx-get="/incidents/{number}/fresh?tab=history"' in page(amira, f"/incidents/{number}?tab=history")
    assert "data-newest=" in page(amira, f"/incidents/{number}?show=public")
    assert "data-newest=" not in page(amira, f"/incidents/{number}?show=events")
