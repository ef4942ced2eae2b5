"""One incident from the first word to the last, told by the people in it."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from quell.kernel.people.tokens import issue
from quell.practices.incidents import facade

from .conftest import House, Watched, Window, ready, sign_in
from .places import PIXEL

pytestmark = pytest.mark.browser
NOTE = "Firmware 7.4 of the gateway is to blame"
QUESTION = "Does it also drop when you are in the office?"
ANSWER = "No, only at home."
SOLUTION = "The gateway runs the new firmware."


def told(house: House, number: str, who: str) -> list[str]:
    """The verbs of the timeline in order, as a program reads them with a token."""
    _token, secret = issue(getattr(house.people, who), "story")
    asked = urllib.request.Request(
        f"{house.address}/api/v1/incidents/{number}/timeline", headers={"Authorization": f"Bearer {secret}"}
    )
    with urllib.request.urlopen(asked) as answer:
        body: Any = json.load(answer)
    return [entry["verb"] for entry in body["items"]]


def test_a_picture_a_note_a_reply_and_it_works_again(house: House, window: Window, tmp_path: Path) -> None:
    people, watched = house.people, Watched()
    hers, desk = window("", 390, has_touch=True, is_mobile=True).new_page(), window("").new_page()
    watched.watch(hers)
    watched.watch(desk)

    # Claire reports from her phone
    hers.goto("/portal/report")
    sign_in(hers, people.claire)
    expect(hers.get_by_role("heading", name="Something is broken")).to_be_visible()
    hers.get_by_label("What is wrong?").fill("VPN drops every few minutes")
    hers.get_by_text("My team").first.click()
    hers.get_by_label("More detail").fill("Since this morning, at home.")
    picture = tmp_path / "screen.png"
    picture.write_bytes(PIXEL)
    hers.locator("input[type=file][name=files]").set_input_files(picture)
    hers.get_by_role("button", name="Send report").click()
    expect(hers.get_by_role("heading", name="We have your report")).to_be_visible()
    number = hers.locator("dd.mono").first.inner_text().strip()
    assert re.fullmatch(r"INC-\d+", number)
    hers.get_by_role("link", name="Open my request").click()

    # Amira finds it in the queue, takes it, notes, replies, waits
    desk.goto("/incidents/?state=open&sort=-opened_at")
    sign_in(desk, people.amira)
    desk.get_by_role("link", name="VPN drops every few minutes").first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("VPN drops every few minutes")
    assert number in desk.url
    desk.get_by_role("button", name="Take", exact=True).click()
    expect(desk.locator(".acts")).to_contain_text("Amira")
    expect(desk.locator(".timeline")).to_contain_text("screen.png")
    desk.get_by_text("Internal note", exact=True).click()
    desk.locator("#composer-note").fill(NOTE)
    desk.get_by_role("button", name="Add note").click()
    expect(desk.locator(".message.note")).to_contain_text(NOTE)
    desk.get_by_text("Reply to Claire").click()
    desk.locator("#composer-body").fill(QUESTION)
    desk.get_by_role("button", name="Send and…").click()
    desk.get_by_role("button", name="Send and wait for the requester").click()
    expect(desk.locator(".timeline")).to_contain_text(QUESTION)
    expect(desk.locator(".acts")).to_contain_text("On hold")

    # Claire sees what is public, and answers
    hers.goto(f"/portal/requests/{number}")
    expect(hers.get_by_text(QUESTION)).to_be_visible()
    expect(hers.get_by_text("Waiting for you").first).to_be_visible()
    shown = hers.get_by_role("img", name="screen.png")
    shown.scroll_into_view_if_needed()
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    source = hers.request.get(f"/portal/requests/{number}").text()
    assert "Firmware" not in source and "to blame" not in source
    assert "Firmware" not in hers.content()
    hers.get_by_label("Write a message").fill(ANSWER)
    hers.get_by_role("button", name="Send", exact=True).click()
    expect(hers.get_by_role("article").filter(has_text=ANSWER)).to_be_visible()

    # it is in progress again by itself; Amira resolves
    desk.reload()
    expect(desk.locator(".acts")).to_contain_text("In progress")
    expect(desk.locator(".timeline")).to_contain_text(ANSWER)
    ready(desk)
    desk.keyboard.press("e")
    dialog = desk.get_by_role("dialog", name=f"Resolve {number}")
    dialog.get_by_label("How", exact=True).select_option("fixed")
    dialog.get_by_label("What was done").fill(SOLUTION)
    dialog.get_by_role("button", name="Resolve").click()
    expect(desk.locator(".acts")).to_contain_text("Resolved")

    # Claire has the last word
    hers.reload()
    expect(hers.get_by_text(SOLUTION).first).to_be_visible()
    hers.get_by_role("button", name="It works again").click()
    expect(hers.locator("#toasts")).to_contain_text("Closed. Thank you for telling us.")
    desk.reload()
    expect(desk.locator(".acts")).to_contain_text("Closed")

    inside = told(house, number, "amira")
    assert inside == ["open", "attach", "assign", "note", "reply", "hold", "reply", "resolve", "close"], inside
    assert "note" not in told(house, number, "claire")
    assert watched.nothing()


def test_the_same_without_any_script(house: House, window: Window) -> None:
    hers = window("claire", 390, java_script_enabled=False).new_page()
    desk = window("amira", java_script_enabled=False).new_page()
    hers.goto("/portal/report")
    hers.get_by_role("button", name="Send report").click()
    expect(hers.locator(".error-summary")).to_contain_text("Tell us what is wrong")
    hers.get_by_label("What is wrong?").fill("Scanner sends nothing")
    hers.get_by_role("button", name="Send report").click()
    number = hers.locator("dd.mono").first.inner_text().strip()

    desk.goto(f"/incidents/{number}")
    desk.get_by_role("button", name="Take", exact=True).click()
    expect(desk.get_by_text(f"{number} is yours.")).to_be_visible()
    desk.get_by_text("Internal note", exact=True).click()
    desk.locator("#composer-note").fill("It is the full mailbox")
    desk.get_by_role("button", name="Add note").click()
    expect(desk.locator(".message.note")).to_contain_text("full mailbox")
    desk.locator("#composer-body").fill("Try again now, the mailbox had no room.")
    desk.get_by_role("button", name="Send reply").click()
    expect(desk.locator(".message.public")).to_contain_text(["Try again now"])
    desk.goto(f"/incidents/{number}/do/resolve")
    desk.locator("select").first.select_option("fixed")
    desk.locator("main textarea").first.fill("The mailbox has room again.")
    desk.get_by_role("button", name="Resolve").click()
    expect(desk.get_by_text(f"{number} is resolved.")).to_be_visible()

    hers.goto(f"/portal/requests/{number}")
    assert "full mailbox" not in hers.content()
    expect(hers.get_by_text("The mailbox has room again.").first).to_be_visible()
    hers.get_by_role("button", name="It works again").click()
    expect(hers.locator("#toasts")).to_contain_text("Closed. Thank you for telling us.")


LONG = "Dear Claire, I have found three things, and each of them takes a paragraph."


@pytest.fixture
def at_work(house: House, window: Window) -> Page:
    """Amira, in the middle of a reply."""
    number = facade.report(house.people.actor("claire"), {"title": "Badge does not open the door"})
    page = window("amira").new_page()
    page.goto(f"/incidents/{number}")
    ready(page)
    page.locator("#composer-body").fill(LONG)
    return page


def test_a_session_that_ends_while_writing_costs_no_word(house: House, at_work: Page) -> None:
    Session.objects.all().delete()
    at_work.get_by_role("button", name="Send reply").click()
    asked = at_work.get_by_role("dialog", name="You were signed out")
    expect(asked).to_be_visible()
    with at_work.context.expect_page() as other:
        asked.get_by_role("link", name="Sign in").click()
    sign_in(other.value, house.people.amira)
    expect(other.value.get_by_role("heading", level=1)).to_be_visible()
    other.value.close()
    asked.get_by_role("button", name="Back to my text").click()
    expect(at_work.locator("#composer-body")).to_have_value(LONG)
    at_work.get_by_role("button", name="Send reply").click()
    expect(at_work.locator(".message.public").filter(has_text=LONG)).to_be_visible()
    expect(at_work.locator("#composer-body")).to_have_value("")


def test_the_text_is_there_after_signing_in_on_the_same_page(house: House, at_work: Page) -> None:
    at_work.locator("#composer-body").blur()
    Session.objects.all().delete()
    at_work.reload()
    sign_in(at_work, house.people.amira)
    expect(at_work.locator("#composer-body")).to_have_value(LONG)


def test_a_film_of_30_mb_gives_a_sentence_and_costs_no_word(at_work: Page, tmp_path: Path) -> None:
    film = tmp_path / "holiday.mp4"
    with film.open("wb") as out:
        out.truncate(30 * 1024 * 1024)
    at_work.locator("quell-composer input[type=file]:not([data-camera])").set_input_files(film)
    expect(at_work.locator("[data-file-errors]")).to_have_text(
        "holiday.mp4 is 30 MB; the limit is 25 MB. Share a link instead."
    )
    expect(at_work.locator("#composer-body")).to_have_value(LONG)


@pytest.mark.parametrize("scripted", [True, False])
def test_a_film_that_reaches_the_server_is_refused_in_the_same_words(
    house: House, window: Window, tmp_path: Path, *, scripted: bool
) -> None:
    film = tmp_path / "holiday.mp4"
    with film.open("wb") as out:
        out.truncate(30 * 1024 * 1024)
    page = window("claire", java_script_enabled=scripted).new_page()
    page.goto("/portal/report")
    page.get_by_label("What is wrong?").fill("The film stutters")
    page.get_by_label("More detail").fill(LONG)
    page.locator("input[type=file][name=files]").set_input_files(film)
    if scripted:
        expect(page.get_by_role("alert").filter(has_text="the limit is 25 MB")).to_be_visible()
    else:
        page.get_by_role("button", name="Send report").click()
        expect(page.locator(".error-summary")).to_contain_text("holiday.mp4 is 30 MB; the limit is 25 MB.")
    expect(page.get_by_label("What is wrong?")).to_have_value("The film stutters")
    expect(page.get_by_label("More detail")).to_have_value(LONG)
