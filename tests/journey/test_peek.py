"""Space looks at the row under the cursor over the list, without leaving it (ux.md 1.3)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quell.kernel.people.models import Person
from quell.practices.incidents import facade

from .conftest import House, Watched, Window

pytestmark = pytest.mark.browser
HERE = "/incidents/?q={word}&sort=number"


def reported(house: House, word: str) -> list[str]:
    """Three incidents that one list shows alone, oldest first."""
    claire = house.people.actor("claire")
    return [facade.report(claire, {"title": f"{word} {letter}"}) for letter in "abc"]


def test_look_move_on_select_and_open(house: House, window: Window) -> None:
    numbers = reported(house, "Peeked")
    page, watched = window("amira").new_page(), Watched()
    watched.watch(page)
    page.goto(HERE.format(word="peeked"))
    peek, title = page.locator("#peek"), page.locator("#peek-title")
    page.keyboard.press("Space")
    expect(peek).to_be_hidden()  # without a row under the cursor it scrolls, as anywhere
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(title).to_have_text("Peeked a")
    expect(page.locator("tr.cursor a")).to_be_focused()
    page.keyboard.press("j")
    expect(title).to_have_text("Peeked b")
    page.keyboard.press("x")
    expect(page.locator("input.check[name=selected]:checked")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(peek).to_be_hidden()
    expect(page.locator("input.check[name=selected]:checked")).to_have_count(1)
    page.keyboard.press("Space")
    expect(title).to_have_text("Peeked b")
    page.keyboard.press("Space")
    expect(peek).to_be_hidden()
    page.keyboard.press("Space")
    expect(title).to_have_text("Peeked b")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/{numbers[1]}?*")
    # beside a ticket: the row looked at, never the one that is open
    page.keyboard.press("k")
    page.keyboard.press("Space")
    expect(title).to_have_text("Peeked a")
    page.locator("[data-peek-open]").click()
    page.wait_for_url(f"**/incidents/{numbers[0]}?*")
    expect(peek).to_be_hidden()
    assert watched.faults == []


def test_a_box_is_ticked_with_space_and_the_key_can_be_another(house: House, window: Window) -> None:
    reported(house, "Glanced")
    Person.objects.filter(pk=house.people.amira.pk).update(keys="Space=y")
    try:
        page = window("amira").new_page()
        page.goto(HERE.format(word="glanced"))
        page.keyboard.press("j")
        page.keyboard.press("Space")
        expect(page.locator("#peek")).to_be_hidden()
        page.keyboard.press("y")
        expect(page.locator("#peek-title")).to_have_text("Glanced a")
        page.locator("input.check[name=selected]").first.focus()
        page.keyboard.press("Space")
        expect(page.locator("input.check[name=selected]").first).to_be_checked()
    finally:
        Person.objects.filter(pk=house.people.amira.pk).update(keys="")
