"""Another key for a command, set and used without a mouse; the tickets of a list one after the other."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quell.kernel.people import keys
from quell.kernel.people.models import Person
from quell.practices.incidents import facade

from .conftest import House, Watched, Window

pytestmark = pytest.mark.browser
HERE = "/incidents/?q=ownkeys&sort=number"


def test_own_keys_are_obeyed_and_given_ones_do_nothing(house: House, window: Window) -> None:
    claire = house.people.actor("claire")
    for letter in "abc":
        facade.report(claire, {"title": f"Ownkeys {letter}"})
    page, watched = window("amira").new_page(), Watched()
    watched.watch(page)
    page.goto("/profile/keyboard")
    place = next(line.name for line in keys.lines("") if line.command.key == "j")
    page.locator(f"[name={place}]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Q")
    page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Saved")
    try:
        page.goto(HERE)
        expect(page.locator("[data-row]")).to_have_count(3)
        page.keyboard.press("j")
        expect(page.locator("[data-row].cursor")).to_have_count(0)
        page.keyboard.press("q")
        expect(page.locator("[data-row].cursor")).to_have_count(1)
        page.keyboard.press("Shift+?")
        expect(page.locator("#shortcuts")).to_contain_text("Q")
        page.keyboard.press("Escape")

        # one ticket after the other, and back
        page.keyboard.press("o")
        page.wait_for_url("**/incidents/INC-*")
        first = page.url
        page.keyboard.press("]")
        page.wait_for_function("first => location.href !== first", arg=first)
        page.keyboard.press("[")
        page.wait_for_function("first => location.pathname === new URL(first).pathname", arg=first)
    finally:
        Person.objects.filter(pk=house.people.amira.pk).update(keys="")
    assert watched.faults == []


def test_the_first_of_two_keys_shows_what_the_second_chooses_from(house: House, window: Window) -> None:
    number = facade.report(house.people.actor("claire"), {"title": "Twokeys"})
    page = window("amira").new_page()
    page.goto(f"/incidents/{number}")
    menu = page.locator("#urgencies")
    page.locator("[data-htmx-powered]").first.wait_for(state="attached")
    page.keyboard.press("p")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.press("p")
    page.wait_for_timeout(1500)  # the choice stands for as long as it is looked at
    page.keyboard.press("1")
    expect(page.locator("#fact-urgency summary")).to_contain_text("Critical")
    expect(menu).to_be_hidden()
