"""What people send without a connection leaves by itself when there is one: once, in its order, for nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from quell.kernel.records.models import Attachment, Note, Record, Reply
from quell.practices.incidents import facade
from quell.workspaces.desk import nav
from tests.chromium import whole

from .conftest import House, Window, ready
from .test_axe import TAGS, violations

pytestmark = pytest.mark.browser
PICTURE = {"name": "dock.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"x" * 2000}


@pytest.fixture(scope="module")
def chromium(chromium: Browser) -> Iterator[Browser]:
    """One in which the service worker sends what waits."""
    with whole(chromium) as found:
        yield found


def written(page: Page) -> Page:
    """Wait until the scripts that keep things are there: they come with the first letter."""
    page.wait_for_function("() => window.quell?.waiting")
    return page


def bar(page: Page) -> object:
    return page.locator("#waiting")


@pytest.fixture
def at_report(window: Window) -> Callable[..., tuple[BrowserContext, Page]]:
    """Claire's report form, filled."""

    def fill(title: str, width: int = 1440) -> tuple[BrowserContext, Page]:
        context = window("claire", width)
        page = context.new_page()
        page.goto("/portal/report")
        ready(page)
        page.get_by_label("What is wrong?").fill(title)
        page.get_by_label("More detail").fill(f"Detail of {title}")
        return context, written(page)

    return fill


def made(title: str) -> int:
    return Record.objects.filter(title=title).count()


def test_a_report_waits_and_leaves_by_itself(at_report) -> None:
    context, page = at_report("Gate four is stuck")
    page.locator("#id_files").set_input_files([PICTURE])
    context.set_offline(True)
    page.get_by_role("button", name="Send report").click()
    expect(bar(page)).to_contain_text("1 thing waits for a connection")
    expect(page.get_by_label("What is wrong?")).to_have_value("")
    assert made("Gate four is stuck") == 0
    context.set_offline(False)
    expect(page.locator("#toasts")).to_contain_text("Sent: Report INC-")
    expect(bar(page)).to_have_count(0)
    page.wait_for_timeout(500)
    record = Record.objects.get(title="Gate four is stuck")
    assert record.description == "Detail of Gate four is stuck"
    assert Attachment.objects.get(record=record).name == "dock.png"
    page.locator("#toasts").get_by_role("link", name="Open").click()
    expect(page.get_by_role("heading", name="We have your report")).to_be_visible()


def test_it_is_still_there_after_a_restart(at_report) -> None:
    """The tab closes without a connection; a new one with a connection sends it."""
    context, page = at_report("Gate five is stuck")
    context.set_offline(True)
    page.get_by_role("button", name="Send report").click()
    expect(bar(page)).to_be_visible()
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto("/portal/")
    expect(page.locator("#toasts")).to_contain_text("Sent: Report INC-")
    assert made("Gate five is stuck") == 1


def test_what_had_arrived_already_does_not_arrive_twice(at_report) -> None:
    """The server takes it and the connection breaks before the page hears so: it is sent again, and known again."""
    _context, page = at_report("Gate six is stuck")

    def cut(route):
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route("**/portal/report", cut)
    page.get_by_role("button", name="Send report").click()
    expect(page.locator("#toasts")).to_contain_text("Sent: Report INC-")
    expect(bar(page)).to_have_count(0)
    assert made("Gate six is stuck") == 1


def test_a_message_and_another_in_their_order(house: House, window: Window) -> None:
    number = facade.report(house.people.actor("claire"), {"title": "Scanner seven"})
    context = window("claire", 390)
    page = context.new_page()
    page.goto(f"/portal/requests/{number}")
    box = page.locator("#id_body")
    box.fill("First")
    written(page)
    context.set_offline(True)
    for at, text in enumerate(("First", "Second"), 1):
        box.fill(text)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(bar(page)).to_contain_text(f"{at} thing")
        expect(box).to_have_value("")
    context.set_offline(False)
    expect(bar(page)).to_have_count(0)
    said = Reply.objects.filter(record__number=number).order_by("pk").values_list("body", flat=True)
    assert list(said) == ["First", "Second"]


@pytest.mark.parametrize("mode", ["public", "internal"])
def test_an_agents_words_wait_in_their_mode(house: House, window: Window, mode: str) -> None:
    number = facade.report(house.people.actor("claire"), {"title": f"Scanner eight {mode}"})
    facade.act(house.people.actor("root"), "assign", number, {"assignee": house.people.amira.email})
    nav._kept.clear()
    context = window("amira")
    page = context.new_page()
    page.goto(f"/incidents/{number}")
    ready(page)
    page.keyboard.press("r" if mode == "public" else "n")
    box = page.locator("#composer-body" if mode == "public" else "#composer-note")
    box.fill(f"Words for {mode}")
    written(page)
    context.set_offline(True)
    box.press("Control+Enter")
    expect(bar(page)).to_contain_text("1 thing waits")
    expect(box).to_have_value("")
    page.locator("#waiting").get_by_role("button", name="Show").click()
    line = page.get_by_role("dialog").get_by_role("listitem")
    expect(line).to_contain_text(f"Words for {mode}")
    expect(line).to_contain_text("Reply to Claire" if mode == "public" else "Internal note")
    page.get_by_role("button", name="Close").click()
    context.set_offline(False)
    expect(page.locator("#toasts")).to_contain_text(f"Sent: {number}")
    page.wait_for_timeout(500)
    of = {"record__number": number}
    found = {"public": Reply.objects.filter(**of), "internal": Note.objects.filter(**of)}
    assert [one.body for one in found.pop(mode)] == [f"Words for {mode}"]
    assert not next(iter(found.values())).exists()


def test_an_agents_reply_that_had_arrived_does_not_arrive_twice(house: House, window: Window) -> None:
    number = facade.report(house.people.actor("claire"), {"title": "Scanner nine"})
    facade.act(house.people.actor("root"), "assign", number, {"assignee": house.people.amira.email})
    page = window("amira").new_page()
    page.goto(f"/incidents/{number}")
    ready(page)
    page.keyboard.press("r")
    page.locator("#composer-body").fill("Only once")
    written(page)

    def cut(route):
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route(re.compile(r"/say$"), cut)
    page.locator("#composer-body").press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text(f"Sent: {number}")
    expect(bar(page)).to_have_count(0)
    assert Reply.objects.filter(record__number=number).count() == 1


def test_what_is_refused_stays_with_its_sentence_and_opens_in_its_form(house: House, window: Window) -> None:
    """Somebody wrote first while the agent had no connection."""
    number = facade.report(house.people.actor("claire"), {"title": "Scanner ten"})
    facade.act(house.people.actor("root"), "assign", number, {"assignee": house.people.amira.email})
    context = window("amira")
    page = context.new_page()
    page.goto(f"/incidents/{number}")
    ready(page)
    page.keyboard.press("r")
    page.locator("#composer-body").fill("Written in a cellar")
    written(page)
    context.set_offline(True)
    page.locator("#composer-body").press("Control+Enter")
    expect(bar(page)).to_be_visible()
    facade.act(house.people.actor("claire"), "comment", number, {"body": "It works!", "visibility": "public"})
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto("/incidents/")
    expect(page.locator("#toasts")).to_contain_text("Not taken:")
    expect(bar(page)).to_contain_text("Not taken: 1")
    page.locator("#waiting").get_by_role("button", name="Show").click()
    line = page.get_by_role("dialog").get_by_role("listitem")
    expect(line.locator(".error")).not_to_be_empty()
    line.get_by_role("button", name="Open").click()
    expect(page).to_have_url(re.compile(f"/incidents/{number}$"))
    expect(page.locator("#composer-body")).to_have_value("Written in a cellar")
    expect(bar(page)).to_have_count(0)
    assert not Reply.objects.filter(record__number=number, body="Written in a cellar").exists()


def test_somebody_else_on_the_device_sees_and_sends_nothing(house: House, at_report) -> None:
    context, page = at_report("Secret of Claire")
    context.set_offline(True)
    page.get_by_role("button", name="Send report").click()
    expect(bar(page)).to_be_visible()
    page.close()
    context.clear_cookies()
    context.set_offline(False)
    from django.test import Client

    other = Client()
    other.force_login(house.people.paul)
    context.add_cookies([{"name": n, "value": m.value, "url": house.address} for n, m in other.cookies.items()])
    page = context.new_page()
    page.goto("/portal/report")
    page.get_by_label("What is wrong?").fill("Mine")
    written(page)
    page.wait_for_timeout(1000)
    expect(bar(page)).to_have_count(0)
    assert "Secret of Claire" not in page.content() and made("Secret of Claire") == 0


def test_it_is_discarded_after_a_second_press(at_report) -> None:
    context, page = at_report("Nothing after all", 390)
    context.set_offline(True)
    page.get_by_role("button", name="Send report").click()
    page.locator("#waiting").get_by_role("button", name="Show").click()
    dialog = page.get_by_role("dialog")
    found = violations(page, {"runOnly": {"type": "tag", "values": TAGS}})
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dialog.get_by_role("button", name="Discard").click()
    expect(bar(page)).to_have_count(1)
    dialog.get_by_role("button", name="Really discard").click()
    expect(bar(page)).to_have_count(0)
    context.set_offline(False)
    page.wait_for_timeout(500)
    assert made("Nothing after all") == 0


def test_it_is_opened_again_where_it_was_written(at_report) -> None:
    context, page = at_report("Nearly right")
    page.locator("#id_files").set_input_files([PICTURE])
    context.set_offline(True)
    page.get_by_role("button", name="Send report").click()
    page.locator("#waiting").get_by_role("button", name="Show").click()
    page.get_by_role("dialog").get_by_role("button", name="Open").click()
    expect(page.get_by_label("What is wrong?")).to_have_value("Nearly right")
    expect(page.get_by_label("More detail")).to_have_value("Detail of Nearly right")
    expect(page.locator(".files")).to_contain_text("dock.png")
    expect(bar(page)).to_have_count(0)
    context.set_offline(False)


def test_the_offline_page_takes_a_report_with_a_photo(house: House, window: Window) -> None:
    context = window("claire", 390)
    page = context.new_page()
    page.goto("/portal/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    context.set_offline(True)
    page.goto("/portal/requests")
    page.get_by_label("What is wrong?").fill("The dock has no light")
    page.get_by_label("More detail").fill("Since noon")
    page.get_by_label("Take a photo").set_input_files([PICTURE])
    page.get_by_role("button", name="Send when I am online").click()
    expect(page.get_by_role("status")).to_contain_text("sent by itself")
    expect(bar(page)).to_have_text("1 thing waits for a connection")
    assert "The dock has no light" not in page.locator("main").inner_text()
    page.reload()
    expect(bar(page)).to_have_text("1 thing waits for a connection")
    context.set_offline(False)
    expect(page.get_by_role("heading", name="We have your report")).to_be_visible()
    page.wait_for_timeout(500)
    record = Record.objects.get(title="The dock has no light")
    assert record.description == "Since noon" and record.requester_id == house.people.claire.pk
    assert Attachment.objects.get(record=record).name == "dock.png"
