"""The portal in a real Chromium: a report with a picture, and text that survives. What axe says of its pages stands in
tests/journey/test_axe.py."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections
from playwright.sync_api import BrowserContext, Page, expect

from quell.kernel.testing.cast import Cast
from quell.practices.incidents import facade as incidents
from tests.chromium import launched

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.slow]
PASSWORD = "a long enough word"


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing about requests."""


@pytest.fixture
def site(people: Cast) -> Iterator[str]:
    """A server that works in the test's own transaction: one request at a time, on the test's connection."""
    people.claire.set_password(PASSWORD)
    people.claire.save()
    shared = connections["default"]
    shared.inc_thread_sharing()
    for signal in (request_started, request_finished):  # requests must not close the connection of the test
        signal.disconnect(close_old_connections)
    server = make_server(
        "127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), server_class=WSGIServer, handler_class=_Quiet
    )

    def serve() -> None:
        connections["default"] = shared
        server.serve_forever(poll_interval=0.05)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    shared.dec_thread_sharing()


def enter(context: BrowserContext, site: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{site}/sign-in?next=/portal/")
    page.get_by_label("E-mail").fill("claire@gungun.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/portal/")
    return page


def picture(folder: Path) -> Path:
    """A small PNG that a browser really draws."""
    rows = b"".join(b"\x00" + b"".join(bytes([x * 4, y * 6, 140]) for x in range(60)) for y in range(40))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    made = folder / "screen.png"
    header = struct.pack(">IIBBBBB", 60, 40, 8, 2, 0, 0, 0)
    made.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )
    return made


def test_a_report_with_a_picture_and_a_message(people: Cast, site: str, tmp_path: Path) -> None:
    with launched() as browser:
        page = enter(browser.new_context(viewport={"width": 390, "height": 844}), site)
        page.get_by_role("searchbox").press_sequentially("scanner", delay=20)
        page.get_by_role("link", name="Report “scanner”").click()
        expect(page.get_by_label("What is wrong?")).to_have_value("scanner")
        page.get_by_label("What is wrong?").fill("The scanner is silent")
        page.get_by_label("I cannot work").check()
        page.get_by_label("Screenshot or file").set_input_files(picture(tmp_path))
        page.get_by_role("button", name="Send report").dblclick()
        expect(page.get_by_role("heading", level=1)).to_have_text("We have your report")
        page.get_by_role("link", name="Open my request").click()
        shown = page.locator(".pictures img")
        expect(shown).to_have_count(1)
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 60
        page.get_by_label("Write a message").fill("It blinks now.")
        page.locator("#composer").get_by_role("button", name="Send").click()
        expect(page.locator(".message", has_text="It blinks now.")).to_have_count(1)
        expect(page.get_by_label("Write a message")).to_have_value("")
    found = incidents.page(people.actor("claire"), incidents.wanted(people.actor("claire"), {"mine": "true"})).rows
    assert [(row["title"], row["impact"], row["urgency"]) for row in found] == [("The scanner is silent", 3, 2)]


#: The screen of a machine that has none: a drawing that changes, as the browser would give it.
SCREEN = """
navigator.mediaDevices.getDisplayMedia = async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 200 });
  const pen = canvas.getContext("2d");
  let turn = 0;
  setInterval(() => { pen.fillStyle = `hsl(${turn += 40}, 80%, 50%)`; pen.fillRect(0, 0, 320, 200); }, 40);
  return canvas.captureStream(15);
};
"""


def test_the_screen_as_picture_and_as_film(people: Cast, site: str) -> None:
    with launched() as browser:
        context = browser.new_context()
        context.add_init_script(SCREEN)
        page = enter(context, site)
        page.goto(f"{site}/portal/report")
        page.get_by_label("What is wrong?").fill("It flickers")
        page.get_by_role("button", name="Take a picture of my screen").click()
        expect(page.locator(".files li")).to_have_count(1)
        page.get_by_role("button", name="Record my screen").click()
        page.wait_for_timeout(1200)
        page.get_by_role("button", name="Stop recording").click()
        expect(page.locator(".files li")).to_have_count(2)
        expect(page.get_by_role("button", name="Record my screen")).to_be_visible()
        page.get_by_role("button", name="Send report").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We have your report")
    claire = people.actor("claire")
    row = incidents.page(claire, incidents.wanted(claire, {"mine": "true"})).rows[0]
    files = incidents.attachments(claire, incidents.ticket(claire, row["number"]))
    assert sorted(one["content_type"] for one in files) == ["image/png", "video/webm"]
    assert all(one["size"] > 200 for one in files)


def test_no_buttons_for_what_a_browser_cannot(site: str) -> None:
    with launched() as browser:
        context = browser.new_context()
        context.add_init_script("delete MediaDevices.prototype.getDisplayMedia")
        page = enter(context, site)
        page.goto(f"{site}/portal/report")
        page.get_by_label("What is wrong?").fill("A telephone cannot")
        expect(page.get_by_role("button", name="Take a picture of my screen")).to_be_hidden()


def test_text_outlives_the_session(site: str) -> None:
    with launched() as browser:
        context = browser.new_context()
        page = enter(context, site)
        page.goto(f"{site}/portal/report")
        page.get_by_label("What is wrong?").fill("Nothing may be lost")
        page.get_by_label("More detail").fill("Not a word")
        expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved")
        session = next(cookie["name"] for cookie in context.cookies() if "session" in cookie["name"])
        context.clear_cookies(name=session)
        # The form asks for its questions by itself: the dialog may stand before the button and take no click past it.
        page.get_by_role("button", name="Send report").evaluate("button => button.click()")
        expect(page.get_by_role("dialog")).to_contain_text("You were signed out")
        page.goto(f"{site}/sign-in?next=/portal/report")
        page.get_by_label("E-mail").fill("claire@gungun.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_label("What is wrong?")).to_have_value("Nothing may be lost")
        expect(page.get_by_label("More detail")).to_have_value("Not a word")


def test_without_script_everything_works(site: str, tmp_path: Path) -> None:
    with launched() as browser:
        page = enter(browser.new_context(java_script_enabled=False), site)
        page.get_by_role("link", name="Something is broken").click()
        page.get_by_label("What is wrong?").fill("No script here")
        large = tmp_path / "film.mp4"
        large.write_bytes(b"x" * 30_000_000)
        page.get_by_label("Screenshot or file").set_input_files(large)
        page.get_by_role("button", name="Send report").click()
        expect(page.locator(".error-summary")).to_contain_text("the limit is 25 MB")
        expect(page.get_by_label("What is wrong?")).to_have_value("No script here")
        page.get_by_role("button", name="Send report").click()
        page.get_by_role("link", name="Open my request").click()
        page.get_by_role("button", name="It works again").click()
        expect(page.get_by_text("This request is finished.")).to_be_visible()
