"""The first hour in a browser: the notes of a first sign-in by keyboard, and the set-up with and without script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from quell.kernel.config.models import SetUpStep
from quell.kernel.people.models import Person
from quell.kernel.ui.tours import SHOW_ROUND

from .conftest import House, Watched, Window, ready, sign_in

pytestmark = pytest.mark.browser
HERE = "/admin/set-up"


@pytest.fixture
def newcomer(house: House) -> Iterator[Person]:
    """Paul, who has never signed in, in a house that shows new people round."""
    SHOW_ROUND.put(True)
    Person.objects.filter(pk=house.people.paul.pk).update(last_login=None, tour="")
    yield house.people.paul
    SHOW_ROUND.put(False)
    Person.objects.filter(pk=house.people.paul.pk).update(tour="done")


def said(page: Page) -> str:
    """What the notes say just now, as a screen reader is led to it."""
    return page.evaluate(
        "() => document.getElementById(document.getElementById('tour').getAttribute('aria-labelledby')).textContent"
    )


def test_a_first_sign_in_is_shown_round_by_keyboard_once(window: Window, newcomer: Person) -> None:
    page, watched = window().new_page(), Watched()
    watched.watch(page)
    page.goto("/sign-in")
    sign_in(page, newcomer)
    tour = page.locator("#tour")
    expect(tour).to_be_visible()
    assert said(page) == "Ask in your own words"
    expect(page.locator(".pointed")).to_have_class(re.compile("hero-search"))
    titles = [said(page)]
    for at in range(2, 6):
        expect(page.locator("#tour [data-tour-next]")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("[data-mark-place]")).to_have_text(f"{at} of 5")
        expect(page.locator(".pointed")).to_have_count(1)
        titles.append(said(page))
    assert len(set(titles)) == 5
    expect(page.locator("#tour [data-tour-done]")).to_be_focused()
    with page.expect_response("**/tour/end") as ended:
        page.keyboard.press("Enter")
    assert ended.value.status == 204
    expect(tour).to_be_hidden()
    expect(page.locator(".pointed")).to_have_count(0)
    page.reload()
    expect(tour).to_have_count(0)
    assert watched.nothing()


def test_escape_ends_it_for_good_and_the_page_is_usable_meanwhile(window: Window, newcomer: Person) -> None:
    page = window().new_page()
    page.goto("/sign-in")
    sign_in(page, newcomer)
    expect(page.locator("#tour")).to_be_visible()
    page.get_by_role("searchbox", name="Describe what you need").fill("vpn")
    expect(page.locator("#found")).to_contain_text("Report “vpn”")
    with page.expect_response("**/tour/end"):
        page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_be_hidden()
    page.goto("/portal/")
    expect(page.locator("#tour")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("who", ["amira", "mia", "root", "claire"])
def test_no_note_covers_what_it_points_at(window: Window, who: str, width: int) -> None:
    page = window(who, width).new_page()
    page.goto("/?tour=again" if who != "claire" else "/portal/?tour=again")
    expect(page.locator("#tour")).to_be_visible()
    for at in range(1, 6):
        expect(page.locator("[data-mark-place]")).to_have_text(f"{at} of 5")
        apart, inside = page.evaluate(
            """() => {
              const [note, it] = ['#tour', '.pointed'].map(one => document.querySelector(one).getBoundingClientRect());
              const level = note.bottom > it.top && it.bottom > note.top;
              const apart = !level || note.right <= it.left || it.right <= note.left;
              return [apart, note.left >= 0 && note.top >= 0 && note.right <= innerWidth && note.bottom <= innerHeight];
            }"""
        )
        # What is larger than the screen lets through cannot be left free; then the note stands in the corner.
        tall = page.evaluate("document.querySelector('.pointed').getBoundingClientRect().height > innerHeight / 2")
        assert inside and (apart or tall), (who, width, at, said(page))
        if at < 5:
            page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert "tour=again" not in page.url


def test_it_comes_back_from_the_sheet_of_keys(window: Window) -> None:
    page = window("amira").new_page()
    page.goto("/incidents/?state=open")
    ready(page)
    page.keyboard.press("?")
    page.locator("#shortcuts").get_by_role("link", name="Show me round").click()
    expect(page.locator("#tour")).to_be_visible()
    assert said(page) == "What to do next"
    page.keyboard.press("Escape")


@pytest.mark.parametrize("script", [True, False])
def test_the_set_up_from_end_to_end(window: Window, script: bool) -> None:
    SetUpStep.objects.all().delete()
    page = window("root", java_script_enabled=script).new_page()
    page.goto(HERE)
    page.get_by_label("Name of your organisation").fill("Gungun Trading")
    page.get_by_label("6 to 30").check()
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url(f"**{HERE}/mail")
    page.get_by_role("button", name="Send a test mail").click()
    expect(page.locator("#tried")).to_contain_text("On its way to root@gungun.example")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".toast")).to_contain_text("Send a test mail that arrives")
    page.get_by_label("Go on although").check()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"**{HERE}/teams")
    team = f"Tills {script}"
    page.get_by_label("Other teams").fill(team)
    page.get_by_role("button", name="Add teams").click()
    expect(page.get_by_role("link", name=team)).to_be_visible()
    page.get_by_role("textbox", name="Colleagues").fill("nobody")
    page.get_by_role("button", name="Invite them").click()
    expect(page.locator(".error-summary")).to_contain_text("is not understood")
    expect(page.get_by_role("textbox", name="Colleagues")).to_have_value("nobody")
    page.goto(f"{HERE}/teams")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"**{HERE}/services")
    page.get_by_label("Other services").fill(f"Till system {script}")
    page.get_by_role("button", name="Add services").click()
    expect(page.get_by_role("link", name=f"Till system {script}")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"**{HERE}/try")
    page.get_by_role("button", name="File the report").click()
    expect(page.get_by_role("heading", name="Your report has arrived")).to_be_visible()
    page.get_by_role("button", name="Withdraw the test").click()
    expect(page.locator("main")).to_contain_text("Withdrawn")
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("**/admin/")
    expect(page.locator("#set-up")).to_have_count(0)
