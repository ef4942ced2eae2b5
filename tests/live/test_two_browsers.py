"""Two people on one ticket, in front of the product's own server: who is there, what comes, what is held back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from quell.kernel.live.presence import KEPT
from quell.kernel.testing.cast import cast
from quell.practices.incidents import facade
from quell.project.testing_database import another_copy
from tests.chromium import launched

from .serving import Served, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE_MS = 15_000
Enter = Callable[[str], BrowserContext]


@pytest.fixture(scope="module")
def served(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Served]:
    """The product with two web processes."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), another_copy("browsers"):
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in this thread
        with serving(cast(), 2) as found:
            yield found
        connections.close_all()


@pytest.fixture(scope="module")
def chromium(served: Served) -> Iterator[Browser]:
    """One browser program for all windows."""
    expect.set_options(timeout=PATIENCE_MS)
    with launched() as browser:
        yield browser
        connections.close_all()


@pytest.fixture
def enter(chromium: Browser, served: Served) -> Iterator[Enter]:
    """A browser of its own in which somebody is signed in."""
    contexts: list[BrowserContext] = []

    def signed_in(name: str) -> BrowserContext:
        context = chromium.new_context(base_url=served.address, viewport={"width": 1440, "height": 900})
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": served.cookie_name, "value": served.new_session(name), "url": served.address}])
        contexts.append(context)
        return context

    yield signed_in
    for context in contexts:
        context.close()


@pytest.fixture
def number(served: Served) -> str:
    return facade.report(served.people.actor("claire"), {"title": "VPN drops", "description": "Every few minutes."})


def at(enter: Enter, name: str, path: str) -> Page:
    """A window at that page, whose scripts have begun."""
    page = enter(name).new_page()
    page.goto(path)
    page.locator("[data-htmx-powered]").first.wait_for(state="attached")
    return page


def answer(served: Served, name: str, number: str, text: str) -> None:
    facade.act(served.people.actor(name), "comment", number, {"body": text, "visibility": "public"})


def composer(page: Page) -> object:
    return page.locator("#composer-body")


def test_they_see_each_other(enter: Enter, number: str) -> None:
    amira = at(enter, "amira", f"/incidents/{number}")
    mia = at(enter, "mia", f"/incidents/{number}")
    expect(amira.locator("#lookers")).to_contain_text("Mia is looking at this")
    mia.locator("#composer-body").fill("Have you tried")
    mia.locator("#composer-body").focus()
    expect(amira.locator("#lookers")).to_contain_text("Mia is replying")
    queue = at(enter, "jonas", "/incidents/?state=open")
    row = queue.locator("tr", has_text=number)
    expect(row.locator(".lookers .avatar.replying")).to_have_attribute("aria-label", "Mia is replying")
    mia.close()
    expect(amira.locator("#lookers .avatar")).to_have_count(0, timeout=(KEPT + 5) * 1000)


def test_a_new_message_comes_without_losing_a_letter(enter: Enter, served: Served, number: str) -> None:
    amira = at(enter, "amira", f"/incidents/{number}")
    box = amira.locator("#composer-body")
    box.click()
    box.type("I think that")
    answer(served, "claire", number, "It happens at noon too")
    expect(amira.locator("#conversation")).to_contain_text("It happens at noon too")
    box.type(" it is the cable")
    expect(box).to_have_value("I think that it is the cable")
    assert amira.evaluate("() => document.activeElement.id") == "composer-body"


def test_a_reply_is_held_when_somebody_was_faster(enter: Enter, served: Served, number: str) -> None:
    amira = at(enter, "amira", f"/incidents/{number}")
    amira.locator("#composer-body").fill("Please restart it")
    answer(served, "mia", number, "Is solved already")
    amira.get_by_role("button", name=re.compile("Send reply")).click()
    held = amira.locator("#composer .error")
    expect(held).to_contain_text("Mia has written meanwhile")
    expect(amira.locator("#composer-body")).to_have_value("Please restart it")
    expect(amira.locator("#conversation")).to_contain_text("Is solved already")
    amira.get_by_role("button", name="Send anyway").click()
    expect(amira.locator("#composer-body")).to_have_value("")
    expect(amira.locator("#main")).to_contain_text("Please restart it")


def test_a_reply_written_after_the_answer_was_seen_goes_out(enter: Enter, served: Served, number: str) -> None:
    amira = at(enter, "amira", f"/incidents/{number}")
    before = amira.locator("#seen").input_value()
    answer(served, "mia", number, "Is solved already")
    expect(amira.locator("#conversation")).to_contain_text("Is solved already")
    expect(amira.locator("#seen")).not_to_have_value(before)  # it stood in sight, and nothing had been begun
    amira.locator("#composer-body").fill("Then I close it")
    amira.get_by_role("button", name=re.compile("Send reply")).click()
    expect(amira.locator("#composer-body")).to_have_value("")
    expect(amira.locator("#main")).to_contain_text("Then I close it")
    expect(amira.locator("#composer .error")).to_have_count(0)


def test_what_came_to_a_begun_reply_or_out_of_sight_still_holds_it(enter: Enter, served: Served, number: str) -> None:
    for line in range(12):
        answer(served, "claire", number, f"Once more {line}\n\nand\n\nagain\n\nand\n\nagain")
    amira = at(enter, "amira", f"/incidents/{number}")
    before = amira.locator("#seen").input_value()
    amira.locator("#main").evaluate("(main) => { main.scrollTop = 0; }")
    answer(served, "mia", number, "Below what is in sight")
    expect(amira.locator("#conversation")).to_contain_text("Below what is in sight")
    amira.wait_for_timeout(1600)
    expect(amira.locator("#seen")).to_have_value(before)
    amira.locator("#composer-body").fill("Please restart it")
    amira.locator("#main").evaluate("(main) => { main.scrollTop = main.scrollHeight; }")
    answer(served, "mia", number, "In sight, but the reply was begun")
    expect(amira.locator("#conversation")).to_contain_text("In sight, but the reply was begun")
    amira.wait_for_timeout(1600)
    amira.get_by_role("button", name=re.compile("Send reply")).click()
    expect(amira.locator("#composer .error")).to_contain_text("Mia has written meanwhile")


def test_a_stale_fact_offers_both(enter: Enter, served: Served, number: str) -> None:
    amira = at(enter, "amira", f"/incidents/{number}")
    fact = amira.locator("#fact-urgency")
    fact.locator("summary").click()
    choice = fact.locator("select")
    choice.select_option("1")
    facade.act(served.people.actor("mia"), "edit", number, {"urgency": 2})
    fact.get_by_role("button", name="Save").click()
    expect(fact).to_contain_text("Mia changed “Urgency” to “High”")
    expect(fact.get_by_role("link", name="Keep theirs: High")).to_be_visible()
    fact.get_by_role("button", name="Keep yours: Critical").click()
    expect(amira.locator("#fact-urgency summary")).to_contain_text("Critical")
    assert facade.ticket(served.people.actor("mia"), number)["urgency"] == 1


def test_another_fact_does_not_collide(enter: Enter, served: Served, number: str) -> None:
    amira = at(enter, "amira", f"/incidents/{number}")
    fact = amira.locator("#fact-urgency")
    fact.locator("summary").click()
    fact.locator("select").select_option("1")
    facade.act(served.people.actor("mia"), "edit", number, {"title": "VPN drops at noon"})
    expect(amira.locator("h1")).to_have_text("VPN drops at noon")  # while the editor stays open
    fact.get_by_role("button", name="Save").click()
    expect(amira.locator("#fact-urgency summary")).to_contain_text("Critical")


def test_rows_stay_where_they_are(enter: Enter, served: Served, number: str) -> None:
    queue = at(enter, "amira", "/incidents/?state=open&sort=-opened_at")
    first = queue.locator("tbody tr").first
    expect(first).to_contain_text(number)
    first.locator("input.check").check()
    fresh = facade.report(served.people.actor("paul"), {"title": "Printer is on fire"})
    pill, before = queue.locator("[data-live-pill]"), first.bounding_box()
    expect(pill).to_have_text("1 new – show")
    assert first.bounding_box() == before
    expect(queue.locator("tbody tr").first).to_contain_text(number)
    facade.act(served.people.actor("mia"), "edit", number, {"title": "VPN drops and drops"})
    expect(first).to_contain_text("VPN drops and drops")
    expect(first.locator("input.check")).to_be_checked()
    facade.act(served.people.actor("mia"), "cancel", number, {"reason": "A mistake"})
    expect(queue.locator("tbody tr.gone")).to_contain_text(number)
    pill.click()
    expect(queue.locator("tbody tr").first).to_contain_text(fresh)


def test_tabs_share_a_stream_and_hear_all_of_it(enter: Enter, served: Served, number: str) -> None:
    context = enter("amira")
    pages = [context.new_page() for _ in range(8)]
    for page in pages:
        page.goto(f"/incidents/{number}")
    answer(served, "claire", number, "It happens at noon too")
    for page in pages:
        page.bring_to_front()
        expect(page.locator("#conversation")).to_contain_text("It happens at noon too")


def test_paused_means_nothing_moves(enter: Enter, served: Served, number: str) -> None:
    amira = at(enter, "amira", f"/incidents/{number}")
    amira.get_by_role("button", name=re.compile("Account of")).click()
    amira.get_by_role("button", name="Pause live updates").click()
    amira.locator("[data-htmx-powered]").first.wait_for(state="attached")
    answer(served, "claire", number, "It happens at noon too")
    time.sleep(2)
    expect(amira.locator("#conversation")).not_to_contain_text("noon")


def test_signing_out_in_one_tab_is_said_in_the_other(enter: Enter, number: str) -> None:
    context = enter("amira")
    stays, goes = context.new_page(), context.new_page()
    stays.goto(f"/incidents/{number}")
    goes.goto("/")
    goes.get_by_role("button", name=re.compile("Account of")).click()
    goes.get_by_role("button", name="Sign out").click()
    expect(stays.locator("#signed-out")).to_be_visible()
