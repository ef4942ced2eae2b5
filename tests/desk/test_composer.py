"""The composer: what waits to go out and is taken back, files that are never lost, texts ready to be sent, people and
numbers while one types, and a long conversation that stays readable."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quell.kernel.actions import outbox as sending
from quell.kernel.notify.models import Notification
from quell.kernel.records import drafts
from quell.kernel.records.models import Attachment, Enclosure, Note, Outgoing, Record, Reply
from quell.kernel.testing.cast import Cast
from quell.kernel.ui.quotes import split
from quell.practices.incidents import facade
from quell.practices.servicedesk import facade as prepared
from quell.workspaces.desk.reading import WINDOW, arranged, grouped

from .conftest import HTMX, Enter

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Form": "1"}
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture(autouse=True)
def seconds(people: Cast) -> None:
    """As shipped: ten seconds to think again."""
    sending.UNDO_SECONDS.put(10)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def say(client: Client, number: str, **given: object) -> str:
    answer = client.post(f"/incidents/{number}/say", {"visibility": "public", **given}, headers=HTMX)
    assert answer.status_code == 200, answer.content[:2000]
    return answer.content.decode()


def test_a_reply_sent_again_after_a_broken_connection_is_known_again(amira: Client, number: str) -> None:
    """Its mark comes with the same words a second time; other words under the same mark are another reply."""
    marked = HTMX | {"X-Once": "5f3a"}

    def send(body: str, mode: str = "public") -> None:
        given = {"visibility": mode, "body": body, "note": body, "files": [SimpleUploadedFile("a.png", PICTURE)]}
        assert amira.post(f"/incidents/{number}/say", given, headers=marked).status_code == 200

    for _ in range(2):
        send("Try again.")
    assert [one.body for one in Outgoing.objects.all()] == ["Try again."]
    assert [one.outgoing for one in Enclosure.objects.all()] == [Outgoing.objects.get()]
    send("And again.")
    for _ in range(2):
        send("Between us.", "internal")
    assert Outgoing.objects.count() == 2 and Note.objects.count() == 1
    assert Attachment.objects.filter(record__number=number).count() == 1


def test_what_was_refused_may_be_sent_under_the_same_mark(amira: Client, number: str) -> None:
    marked = HTMX | {"X-Once": "5f3b"}
    given = {"visibility": "public", "body": "Dear ⟦requester.name⟧"}
    for _ in range(2):
        assert amira.post(f"/incidents/{number}/say", given, headers=marked).status_code == 422
    assert not Outgoing.objects.exists()


def test_a_reply_waits_and_is_undone_with_everything(amira: Client, people: Cast, number: str) -> None:
    shown = say(amira, number, body="Try again.", then="resolve:fixed", files=[SimpleUploadedFile("a.png", PICTURE)])
    message = Outgoing.objects.get()
    assert f"/outbox/{message.pk}/undo" in shown and 'data-countdown="10"' in shown and "goes out" in shown
    assert not Reply.objects.exists() and Record.objects.get(number=number).state == "new"
    assert "Try again." not in page(amira, f"/incidents/{number}?tab=history")
    undone = amira.post(f"/outbox/{message.pk}/undo", headers=HTMX).content.decode()
    assert "Your text is back" in undone
    again = page(amira, f"/incidents/{number}")
    assert "Try again.</textarea>" in again and "a.png" in again and "/outbox/" not in again
    assert amira.post(f"/outbox/{message.pk}/undo", headers=HTMX).status_code == 409


def test_without_script_the_line_in_the_conversation_undoes_it(amira: Client, number: str) -> None:
    amira.post(f"/incidents/{number}/say", {"visibility": "public", "body": "Try again."})
    message = Outgoing.objects.get()
    assert f'action="/outbox/{message.pk}/undo"' in page(amira, f"/incidents/{number}")
    answer = amira.post(f"/outbox/{message.pk}/undo")
    assert answer.status_code == 302 and answer["Location"] == f"/incidents/{number}"


def test_others_see_it_coming_and_only_leads_may_stop_it(
    amira: Client, people: Cast, enter: Enter, number: str
) -> None:
    say(amira, number, body="Try again.")
    message = Outgoing.objects.get()
    jonas, mia = page(enter(people.jonas), f"/incidents/{number}"), page(enter(people.mia), f"/incidents/{number}")
    assert "Try again." in jonas and f"/outbox/{message.pk}/undo" not in jonas
    assert f"/outbox/{message.pk}/undo" in mia and f"/outbox/{message.pk}/send" not in mia
    assert "Try again." not in page(enter(people.claire), f"/portal/requests/{number}")
    for stranger in (people.stella, people.claire):
        assert enter(stranger).post(f"/outbox/{message.pk}/undo").status_code in (302, 404)
    assert Outgoing.objects.get().state == "waiting"


def test_it_goes_out_and_the_conversation_follows(amira: Client, people: Cast, number: str) -> None:
    say(amira, number, body="Try again.")
    message = Outgoing.objects.get()
    assert "hx-trigger" in page(amira, f"/incidents/{number}")
    still = amira.get(f"/incidents/{number}/outbox", headers=HTMX).content.decode()
    assert "Try again." in still and "#conversation" not in still
    sending.send_due(message.pk, datetime.now(UTC) + timedelta(minutes=1))
    gone = amira.get(f"/incidents/{number}/outbox", headers=HTMX).content.decode()
    assert 'hx-target="#conversation"' in gone and "Try again." in gone and "composer-body" not in gone


def test_scheduled_edited_and_sent_now(amira: Client, people: Cast, number: str) -> None:
    at = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    shown = say(amira, number, body="Good morning.", then="at", send_at=at)
    message = Outgoing.objects.get()
    assert message.scheduled and "Your reply goes out tomorrow" in shown
    path = f"/outbox/{message.pk}/edit"
    assert "Good morning." in amira.get(path, headers=HTMX).content.decode()
    assert "Good morning." in page(amira, path)
    assert amira.post(path, {"body": "x", "send_at": "2001-01-01T08:00"}, headers=HTMX).status_code == 422
    amira.post(path, {"body": "Good evening.", "send_at": at}, headers=HTMX)
    amira.post(f"/outbox/{message.pk}/send", headers=HTMX)
    assert Reply.objects.get().body == "Good evening."


@pytest.mark.parametrize("then", ["at", "at:nonsense", "at:2001-01-01T08:00"])
def test_a_time_that_is_none_keeps_the_text(amira: Client, number: str, then: str) -> None:
    answer = amira.post(f"/incidents/{number}/say", {"visibility": "public", "body": "Kept text", "then": then})
    assert answer.status_code == 422 and "Kept text" in answer.content.decode() and not Outgoing.objects.exists()


def test_a_newer_word_holds_it_and_it_can_be_sent_anyway(amira: Client, people: Cast, number: str) -> None:
    say(amira, number, body="Restart it.")
    message = Outgoing.objects.get()
    facade.act(people.actor("claire"), "comment", number, {"body": "It works", "visibility": "public"})
    sending.send_due(message.pk, datetime.now(UTC) + timedelta(minutes=1))
    shown = page(amira, f"/incidents/{number}")
    assert "Held back" in shown and "Claire has written meanwhile" in shown and "Send anyway" in shown
    amira.post(f"/outbox/{message.pk}/send", {"anyway": "1"}, headers=HTMX)
    assert Reply.objects.count() == 2


def test_what_was_not_on_the_page_holds_a_reply_back(amira: Client, people: Cast, number: str) -> None:
    seen = re.search(r'name="seen" id="seen" value="(\d+)"', page(amira, f"/incidents/{number}"))
    assert seen
    facade.act(people.actor("claire"), "comment", number, {"body": "It works", "visibility": "public"})
    sending.UNDO_SECONDS.put(0)
    answer = amira.post(
        f"/incidents/{number}/say", {"visibility": "public", "body": "Kept text", "seen": seen.group(1)}
    )
    shown = answer.content.decode()
    assert answer.status_code == 409 and "Kept text" in shown and "Claire has written meanwhile" in shown
    assert Reply.objects.count() == 1


def test_files_stay_in_the_composer_until_sent_or_removed(amira: Client, people: Cast, number: str) -> None:
    made = amira.post(
        f"/incidents/{number}/files",
        {"mode": "internal", "files": SimpleUploadedFile("shot.png", PICTURE)},
        headers=SCRIPT,
    )
    file = made.json()["files"][0]
    assert made.status_code == 201 and file["mark"] == f"![shot.png](file:{file['id']})" and file["picture"]
    assert "shot.png" in page(amira, f"/incidents/{number}") and not Attachment.objects.exists()
    bytes_ = amira.get(file["url"])
    assert b"".join(bytes_.streaming_content) == PICTURE and bytes_["Content-Type"] == "image/png"
    amira.post(f"/incidents/{number}/say", {"visibility": "internal", "note": f"See {file['mark']}"})
    attached = Attachment.objects.get()
    assert not attached.public and f"/attachments/{attached.pk})" in Note.objects.get().body
    assert not Enclosure.objects.exists()


def test_a_refused_reply_keeps_its_files(amira: Client, number: str) -> None:
    given = {"visibility": "public", "body": "Kept", "then": "resolve:nonsense"}
    answer = amira.post(f"/incidents/{number}/say", {**given, "files": [SimpleUploadedFile("a.txt", b"hello")]})
    assert answer.status_code == 422 and "a.txt" in answer.content.decode()
    file = Enclosure.objects.get()
    assert amira.post(f"/composer-files/{file.pk}/remove", headers=SCRIPT).status_code == 204
    assert not Enclosure.objects.exists()


def test_a_composers_files_are_ones_own(amira: Client, people: Cast, enter: Enter, number: str) -> None:
    amira.post(f"/incidents/{number}/files", {"mode": "public", "files": SimpleUploadedFile("a.png", PICTURE)})
    file = Enclosure.objects.get()
    for other in (people.mia, people.stella):
        assert enter(other).get(f"/composer-files/{file.pk}").status_code == 404
        assert enter(other).post(f"/composer-files/{file.pk}/remove").status_code == 404
    assert enter(people.stella).post(f"/incidents/{number}/files", {}).status_code == 404
    assert "a.png" not in page(enter(people.mia), f"/incidents/{number}")


def test_canned_replies_by_script_and_by_page(amira: Client, people: Cast, number: str) -> None:
    texts = {"en": "Dear {{ requester.first_name }}, {{ service }}?", "da": "Kære {{ requester.first_name }}"}
    made = prepared.create_canned(people.actor("amira"), {"name": "Which service", "folder": "Mail", "texts": texts})
    found = amira.get(f"/incidents/{number}/texts?q=which", headers=SCRIPT).json()["items"]
    assert [(one["label"], one["hint"]) for one in found] == [("Which service", "Mail")]
    filled = amira.post(found[0]["fill"], {}, headers=SCRIPT).json()
    assert filled == {"text": "Dear Claire, ⟦service⟧?", "gaps": ["service"], "sentence": ""}
    assert "Which service" in page(amira, f"/incidents/{number}/texts?q=mail")
    assert "No canned reply found" in page(amira, f"/incidents/{number}/texts?q=zebra")
    drafts.keep(people.amira.pk, Record.objects.get(number=number).pk, "public", "Begun")
    amira.post(f"/incidents/{number}/texts/{made}", {"mode": "public"})
    assert "Begun\n\nDear Claire, ⟦service⟧?</textarea>" in page(amira, f"/incidents/{number}")
    refused = amira.post(f"/incidents/{number}/say", {"visibility": "public", "body": filled["text"]})
    assert refused.status_code == 422 and "Fill in what is missing first: service" in refused.content.decode()


def test_another_language_is_said(amira: Client, people: Cast, number: str) -> None:
    people.claire.language = "zh-hans"
    people.claire.save()
    made = prepared.create_canned(people.actor("amira"), {"name": "Hello", "texts": {"en": "Hello"}})
    filled = amira.post(f"/incidents/{number}/texts/{made}", {}, headers=SCRIPT).json()
    assert filled["sentence"] == "There is no text in Simplified Chinese; this is English."


def test_people_and_numbers_while_one_types(amira: Client, people: Cast, enter: Enter, number: str) -> None:
    notes = amira.get(f"/incidents/{number}/people?q=jo&mode=internal").json()["items"]
    assert notes == [{"label": "Jonas", "hint": "Network", "put": "@Jonas "}]
    assert amira.get(f"/incidents/{number}/people?q=cl&mode=internal").json()["items"] == []
    assert amira.get(f"/incidents/{number}/people?q=cl&mode=public").json()["items"][0]["label"] == "Claire"
    assert amira.get(f"/incidents/numbers?q={number}").json()["items"][0]["put"] == f"{number} "
    assert amira.get("/incidents/numbers?q=VPN").json()["items"][0]["hint"] == "VPN drops"
    assert enter(people.stella).get(f"/incidents/{number}/people?q=jo").status_code == 404
    assert enter(people.stella).get("/incidents/numbers?q=VPN").json()["items"] == []


def test_who_else_writes_is_said_to_agents_only(amira: Client, people: Cast, enter: Enter, number: str) -> None:
    drafts.keep(people.jonas.pk, Record.objects.get(number=number).pk, "public", "Half a secret")
    shown = page(amira, f"/incidents/{number}")
    assert "Jonas is writing a draft" in shown and "Half a secret" not in shown
    assert "writing a draft" not in page(enter(people.claire), f"/portal/requests/{number}")


def test_a_long_conversation_shows_its_end_and_the_rest_on_request(amira: Client, people: Cast, number: str) -> None:
    for at in range(60):
        facade.act(people.actor("claire"), "comment", number, {"body": f"Word {at}.", "visibility": "public"})
    shown = page(amira, f"/incidents/{number}")
    assert "Word 59." in shown and "Word 20." not in shown and "Show 32 earlier lines" in shown
    assert len(re.findall(r"<[a-z]", shown)) < 1500
    earlier = re.search(r'href="(/incidents/[^"]*lines=[^"]*)"', shown)
    assert earlier and "Word 0." in page(amira, earlier.group(1).replace("&amp;", "&"))
    assert "Word 59." in page(amira, f"/incidents/{number}?lines=nonsense")


def test_the_first_unread_line_is_marked_and_reachable(amira: Client, people: Cast, number: str) -> None:
    for at in range(40):
        facade.act(people.actor("claire"), "comment", number, {"body": f"Word {at}.", "visibility": "public"})
    entries = facade.timeline(people.actor("amira"), facade.ticket(people.actor("amira"), number))
    record = Record.objects.get(number=number)
    Notification.objects.create(person=people.amira, record=record, entry_id=entries[5]["id"], reason="owner")
    shown = page(amira, f"/incidents/{number}")
    assert f'href="#entry-{entries[5]["id"]}"' in shown and "New since you last looked" in shown
    assert "New since you last looked" not in page(amira, f"/incidents/{number}")


def event(at: int, **more: object) -> dict:
    return {"kind": "event", "id": f"event-{at}", "entry": at, "at": at, "files": [], "new_day": False, **more}


def message(at: int) -> dict:
    return {**event(at), "kind": "message", "id": f"entry-{at}"}


def test_events_in_a_row_become_one_line() -> None:
    lines = grouped([message(1), event(2), event(3), event(4), message(5), event(6), event(7)])
    assert [line["kind"] for line in lines] == ["message", "group", "message", "event", "event"]
    assert [one["entry"] for one in lines[1]["lines"]] == [2, 3, 4]
    apart = grouped([event(1), event(2), event(3, new_day=True), event(4), event(5, files=[1])])
    assert [line["kind"] for line in apart] == ["event"] * 5


@pytest.mark.parametrize(
    ("count", "unread", "earlier", "mark"),
    [(10, 0, 0, ""), (50, 0, 50 - WINDOW, ""), (50, 10, 7, "entry-10"), (10, 1, 0, ""), (10, 11, 0, "")],
)
def test_what_is_drawn_of_a_long_one(count: int, unread: int, earlier: int, mark: str) -> None:
    found = arranged([message(at) for at in range(1, count + 1)], unread=unread)
    assert (found["earlier"], found["first_unread"]) == (earlier, mark)


@pytest.mark.parametrize(
    ("text", "new", "quoted"),
    [
        ("Thanks\n\nOn Monday Amira wrote:\n> a\n> b\n> c", "Thanks", "On Monday Amira wrote:\n> a\n> b\n> c"),
        ("Thanks\n> a\n> b\n>\n> c\n", "Thanks", "> a\n> b\n>\n> c"),
        ("Thanks\n> a\n> b", "Thanks\n> a\n> b", ""),
        ("> a\n> b\n> c", "> a\n> b\n> c", ""),
        ("> a\n> b\n> c\nmy answer below", "> a\n> b\n> c\nmy answer below", ""),
        ("", "", ""),
    ],
)
def test_quotes_are_folded(text: str, new: str, quoted: str) -> None:
    assert split(text) == (new, quoted)
