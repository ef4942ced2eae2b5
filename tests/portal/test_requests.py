"""Home, search, list and page of one's own requests: only public things, only one's own, in plain words."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quell.kernel.records.models import Attachment, Record, Reply
from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade as incidents

from .conftest import Enter

pytestmark = pytest.mark.django_db
RESOLVED = {"resolution_code": "fixed", "resolution": "We replaced the switch."}


def text(client: Client, path: str, **given: Any) -> str:
    answer = client.get(path, given)
    assert answer.status_code == 200, path
    return answer.content.decode()


def state(number: str) -> str:
    return Record.objects.get(number=number).state


def test_home_greets_and_shows_what_is_open(people: Cast, enter: Enter, number: str) -> None:
    page = text(enter(people.claire), "/portal/")
    assert "Claire. What do you need?" in page and number in page and "We have it and will pick it up" in page
    assert number not in text(enter(people.paul), "/portal/")


def test_home_says_what_waits_for_the_requester(people: Cast, enter: Enter, number: str) -> None:
    amira = people.actor("amira")
    incidents.act(amira, "hold", number, {"hold_reason": "requester"})
    page = text(enter(people.claire), "/portal/")
    assert "Waiting for you" in page and "We asked you something" in page
    incidents.act(amira, "resolve", number, RESOLVED)
    assert "Tell us whether it works again" in text(enter(people.claire), "/portal/")


def test_whom_we_wait_for_is_not_shown(people: Cast, enter: Enter, number: str) -> None:
    incidents.act(people.actor("amira"), "hold", number, {"hold_reason": "supplier", "note": "Their hotline is slow."})
    page = text(enter(people.claire), f"/portal/requests/{number}")
    assert "supplier" not in page.lower() and "hotline" not in page and "This is waiting" in page


def test_search_ends_with_reporting_what_was_typed(people: Cast, enter: Enter, number: str) -> None:
    page = text(enter(people.claire), "/portal/search", q="vpn")
    assert number in page and page.index(number) < page.index("Report “vpn”") and "/portal/report?title=vpn" in page
    assert number not in text(enter(people.paul), "/portal/search", q="vpn")


def test_search_answers_a_fragment_while_typing(people: Cast, enter: Enter, number: str) -> None:
    answer = enter(people.claire).get("/portal/search", {"q": "vpn"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page and number in page and "1 result, and the way to report it" in page
    short = enter(people.claire).get("/portal/search", {"q": "v"}, headers={"HX-Request": "true"})
    assert short.content.decode().strip() == ""


@pytest.mark.parametrize("q", ["", "\x00", "a\x00b", "'; DROP TABLE", "x" * 5000, "!!! &|:*", "INC-1", "“"])
def test_odd_searches_are_answered(people: Cast, enter: Enter, q: str) -> None:
    client = enter(people.claire)
    text(client, "/portal/search", q=q)
    text(client, "/portal/requests", q=q)


def test_the_list_parts_open_from_done_and_pages(people: Cast, enter: Enter, number: str) -> None:
    claire = people.actor("claire")
    for at in range(25):
        incidents.report(claire, {"title": f"Report {at}"})
    incidents.act(claire, "cancel", number, {"reason": "Found it."})
    client = enter(people.claire)
    first = text(client, "/portal/requests")
    assert number not in first and "Report 24" in first and "Report 4<" not in first and "Next page" in first
    assert "Withdrawn" in text(client, "/portal/requests", show="done")
    cursor = first.split("cursor=")[1].split('"')[0]
    assert "Report 4<" in text(client, f"/portal/requests?cursor={cursor}")


@pytest.mark.parametrize("cursor", ["x", "\x00", "W10", "eyJhIjoxfQ", "a" * 5000])
def test_a_damaged_cursor_begins_anew(people: Cast, enter: Enter, number: str, cursor: str) -> None:
    assert number in text(enter(people.claire), "/portal/requests", cursor=cursor)


def test_the_page_tells_the_story_without_what_is_internal(people: Cast, enter: Enter, number: str) -> None:
    claire, amira = people.actor("claire"), people.actor("amira")
    incidents.act(amira, "comment", number, {"body": "Secret diagnosis", "visibility": "internal"})
    incidents.act(amira, "edit", number, {"impact": 1, "affected_users": 771177})
    incidents.act(amira, "comment", number, {"body": "We look at it.", "visibility": "public"})
    incidents.act(claire, "comment", number, {"body": "Thank you", "visibility": "public"})
    incidents.act(amira, "resolve", number, {**RESOLVED, "cause_code": "human_error"})
    for reader in (people.claire, people.amira):
        if reader is people.amira:
            incidents.act(amira, "watch", number)
        page = text(enter(reader), f"/portal/requests/{number}")
        assert "We look at it." in page and "We replaced the switch." in page and "says it works again" in page
        for hidden in ("Secret diagnosis", "human_error", "human error", "771177", "impact"):
            assert hidden not in page


def test_internal_files_stay_inside(people: Cast, enter: Enter, number: str) -> None:
    upload = SimpleUploadedFile("trace.txt", b"inside")
    client = enter(people.claire)
    client.post(f"/portal/requests/{number}/message", {"body": "", "files": [SimpleUploadedFile("mine.txt", b"mine")]})
    from quell.kernel.files.store import keep

    incidents.attach(people.actor("amira"), number, keep(upload).sha256, "trace.txt", public=False)
    page = text(client, f"/portal/requests/{number}")
    assert "mine.txt" in page and "trace.txt" not in page


@pytest.mark.parametrize("who", ["paul", "sam", "amira", "jonas", "root"])
def test_others_requests_do_not_exist_here(people: Cast, enter: Enter, number: str, who: str) -> None:
    client = enter(getattr(people, who))
    for path in (f"/portal/requests/{number}", f"/portal/requests/{number}/reported", "/portal/requests/INC-999999"):
        assert client.get(path).status_code == 404
    for verb in ("message", "works", "broken", "share"):
        data = {"body": "x", "reason": "x", "email": "paul@gungun.example"}
        assert client.post(f"/portal/requests/{number}/{verb}", data).status_code == 404
    assert state(number) == "new" and not Reply.objects.exists()


def test_odd_numbers_are_not_found(people: Cast, enter: Enter) -> None:
    client = enter(people.claire)
    for odd in ("inc", "INC-%00", "INC-1%27", "x" * 500, "%F0%9F%98%80", "..%2F.."):
        assert client.get(f"/portal/requests/{odd}").status_code == 404


def test_a_message_with_a_picture(people: Cast, enter: Enter, number: str) -> None:
    client = enter(people.claire)
    picture = SimpleUploadedFile("screen.png", b"\x89PNG\r\n\x1a\n123")
    answer = client.post(f"/portal/requests/{number}/message", {"body": "Look", "files": [picture]})
    assert answer.status_code == 302
    reply = Reply.objects.get()
    assert reply.attachments.get().name == "screen.png"
    page = text(client, f"/portal/requests/{number}")
    assert f'<img src="/attachments/{Attachment.objects.get().pk}"' in page and page.count("screen.png") == 2


def test_a_message_that_is_refused_keeps_its_text(people: Cast, enter: Enter, number: str) -> None:
    client, path = enter(people.claire), f"/portal/requests/{number}/message"
    large = SimpleUploadedFile("film.mp4", b"x" * 30_000_000)
    answer = client.post(path, {"body": "My long text", "files": [large]})
    assert answer.status_code == 422
    assert "film.mp4 is 29 MB" in answer.content.decode() and "My long text" in answer.content.decode()
    empty = client.post(path, {"body": "  "})
    assert empty.status_code == 422 and "Write a message or attach a file" in empty.content.decode()
    incidents.act(people.actor("claire"), "cancel", number, {"reason": "No."})
    late = client.post(path, {"body": "My late text"})
    assert late.status_code == 409 and "My late text" in late.content.decode() and not Reply.objects.exists()


def test_a_message_sent_twice_is_said_once(people: Cast, enter: Enter, number: str) -> None:
    client = enter(people.claire)
    for _ in range(2):
        client.post(f"/portal/requests/{number}/message", {"body": "Hello", "token": "one"})
    assert Reply.objects.count() == 1


def test_an_answer_ends_the_waiting(people: Cast, enter: Enter, number: str) -> None:
    incidents.act(people.actor("amira"), "hold", number, {"hold_reason": "requester"})
    enter(people.claire).post(f"/portal/requests/{number}/message", {"body": "It is the old one."})
    assert state(number) == "in_progress"


def test_it_works_again_withdraws_what_is_open_and_closes_what_is_resolved(
    people: Cast, enter: Enter, number: str
) -> None:
    client = enter(people.claire)
    assert "It works again" in text(client, f"/portal/requests/{number}")
    client.post(f"/portal/requests/{number}/works")
    assert state(number) == "cancelled"
    other = incidents.report(people.actor("claire"), {"title": "Printer"})
    incidents.act(people.actor("amira"), "resolve", other, RESOLVED)
    client.post(f"/portal/requests/{other}/works")
    assert state(other) == "closed"
    page = text(client, f"/portal/requests/{other}")
    assert "You confirmed that it works" in page and "Report again" in page and 'name="body"' not in page


def test_still_broken_wants_a_reason_and_reopens(people: Cast, enter: Enter, number: str) -> None:
    incidents.act(people.actor("amira"), "resolve", number, RESOLVED)
    client = enter(people.claire)
    refused = client.post(f"/portal/requests/{number}/broken", {"reason": " "})
    assert refused.status_code == 422 and "Tell us what still happens" in refused.content.decode()
    assert client.post(f"/portal/requests/{number}/broken", {"reason": "It drops again"}).status_code == 302
    assert state(number) == "in_progress"
    assert "It drops again" in text(client, f"/portal/requests/{number}")


def test_a_second_press_says_so_and_breaks_nothing(people: Cast, enter: Enter, number: str) -> None:
    client = enter(people.claire)
    client.post(f"/portal/requests/{number}/works")
    again = client.post(f"/portal/requests/{number}/works", follow=True)
    assert again.status_code == 200 and "This cannot be done while the state is" in again.content.decode()


def test_sharing_with_a_colleague(people: Cast, enter: Enter, number: str) -> None:
    client, path = enter(people.claire), f"/portal/requests/{number}/share"
    assert client.post(path, {"email": "Paul@Gungun.example"}).status_code == 302
    shared = text(enter(people.paul), f"/portal/requests/{number}")
    assert "It works again" not in shared and 'name="body"' in shared
    assert enter(people.paul).post(f"/portal/requests/{number}/works", follow=True).status_code == 200
    assert state(number) == "new"
    for wrong in ("sam@elsewhere.example", "nobody@gungun.example", "x"):
        refused = client.post(path, {"email": wrong})
        assert refused.status_code == 422 and wrong in refused.content.decode()
    assert client.post(path, {"remove": "paul@gungun.example"}).status_code == 302
    assert enter(people.paul).get(f"/portal/requests/{number}").status_code == 404


def test_a_number_in_small_letters_is_found(people: Cast, enter: Enter, number: str) -> None:
    assert number in text(enter(people.claire), f"/portal/requests/{number.lower()}")


PAGES = ["/portal/", "/portal/requests", "/portal/search?q=report", "/portal/requests/{number}"]


@pytest.mark.parametrize("path", PAGES)
def test_more_data_asks_no_more_queries(people: Cast, enter: Enter, number: str, path: str) -> None:
    claire, amira, client = people.actor("claire"), people.actor("amira"), enter(people.claire)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            text(client, path.format(number=number))
        return len(seen)

    incidents.report(claire, {"title": "Report"})
    incidents.act(amira, "comment", number, {"body": "One", "visibility": "public"})
    queries()  # what is kept between pages is fetched once
    before = queries()
    for at in range(6):
        incidents.report(claire, {"title": f"Report {at}"})
        incidents.act(amira, "comment", number, {"body": f"More {at}", "visibility": "public"})
    assert queries() == before


def test_nobody_reads_without_signing_in(client: Client, people: Cast, number: str) -> None:
    for path in ("/portal/", "/portal/requests", "/portal/search?q=vpn", f"/portal/requests/{number}", "/profile"):
        answer = client.get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in?next=")
    assert client.post(f"/portal/requests/{number}/works").status_code == 302
    assert state(number) == "new"
