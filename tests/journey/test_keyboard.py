"""A day at the desk without a mouse: the focus is always somewhere, and one can see where."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from quell.practices.incidents import facade

from .conftest import PASSWORD, House, Watched, Window, ready

pytestmark = pytest.mark.browser
HERE = "/incidents/?q=keyboard&sort=number"


@pytest.fixture
def numbers(house: House) -> list[str]:
    """Three incidents that one list shows alone, oldest first."""
    claire = house.people.actor("claire")
    return [facade.report(claire, {"title": f"The keyboard misses letter {letter}"}) for letter in "abc"]


def held(page: Page) -> str:
    """What holds the focus; it has to be something, and to show it."""
    expect(page.locator(":focus")).to_have_count(1)  # the body never matches
    tag, ringed = page.evaluate(
        """() => { const one = document.activeElement;
             const ring = (at) => { const look = getComputedStyle(at);
               return parseFloat(look.outlineWidth) >= 2 && look.outlineStyle !== 'none' && at.offsetWidth > 8; };
             // a field inside a frame, or hidden under its label, lets that show it
             return [one.outerHTML.slice(0, 400), ring(one) || ring(one.parentElement)]; }"""
    )
    read_out = tag.startswith(("<main", "<h1"))  # focused by script; a ring round the whole page would say nothing
    assert ringed or read_out, tag
    return str(tag)


def test_the_whole_day(house: House, window: Window, numbers: list[str]) -> None:
    page, watched = window("").new_page(), Watched()
    watched.watch(page)
    page.goto(HERE)

    # signing in, from field to field
    page.get_by_label("E-mail").focus()
    page.keyboard.type(house.people.amira.email)
    page.keyboard.press("Tab")
    held(page)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{HERE}")

    # the list: down, down, up, open
    for key in "jjk":
        page.keyboard.press(key)
    found = page.locator("tr.cursor")
    number = found.locator("a").first.inner_text().strip()
    assert number in held(page) or number in found.inner_text()
    page.keyboard.press("x")
    expect(page.locator("input.check[name=selected]:checked")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("input.check[name=selected]:checked")).to_have_count(0)
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/INC-*")
    ready(page)
    here = page.url

    # take it, answer it, note on it
    page.keyboard.press("i")
    expect(page.locator(".acts")).to_contain_text("Amira")
    held(page)
    page.keyboard.press("r")
    expect(page.locator("#composer-body")).to_be_focused()
    held(page)
    page.keyboard.type("Which letters? jknix?")
    assert page.url == here
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.public").filter(has_text="Which letters? jknix?")).to_be_visible()
    expect(page.locator("#composer-body")).to_have_value("")
    held(page)
    page.keyboard.press("Escape")
    page.locator("h1").evaluate("one => { one.tabIndex = -1; one.focus(); }")
    page.keyboard.press("n")
    expect(page.locator("#composer-note")).to_be_focused()
    page.keyboard.type("Crumbs, I bet")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.note")).to_contain_text("Crumbs, I bet")
    held(page)

    assert watched.nothing()


def test_the_queue_beside_a_ticket(window: Window, numbers: list[str]) -> None:
    page = window("amira").new_page()
    page.goto(f"/incidents/{numbers[0]}?q=keyboard&sort=number")
    ready(page)
    page.keyboard.press("j")
    held(page)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: numbers[0] not in address)
    expect(page.locator("main h1")).to_be_visible()
    held(page)
    assert page.locator("#queue [aria-current=true]").count() == 1
    page.keyboard.press("k")
    page.keyboard.press("o")
    expect(page.locator("main .record-head .mono").first).to_have_text(numbers[0])
    held(page)


def test_menus_and_dialogs_give_the_focus_back(window: Window, numbers: list[str]) -> None:
    page = window("amira").new_page()
    page.goto(f"/incidents/{numbers[1]}")
    ready(page)
    page.keyboard.press("s")
    expect(page.locator("#states")).to_be_visible()
    page.keyboard.press("ArrowDown")
    held(page)
    page.keyboard.press("Escape")
    expect(page.locator("#states")).to_be_hidden()
    assert 'data-key="s"' in held(page)
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name=f"Assign {numbers[1]}")
    expect(dialog).to_be_visible()
    expect(dialog.locator("input:not([type=hidden]), select").first).to_be_focused()
    held(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert 'data-key="a"' in held(page)


def test_the_sheet_tells_the_keys_and_typing_is_typing(window: Window, numbers: list[str]) -> None:
    page = window("amira").new_page()
    page.goto(f"/incidents/{numbers[2]}")
    ready(page)
    page.keyboard.press("?")
    sheet = page.locator("#shortcuts")
    expect(sheet).to_be_visible()
    for words in ("Reply", "Internal note", "Assign", "Change the state"):
        expect(sheet.locator("[data-shortcuts-here]")).to_contain_text(words)
    held(page)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#finder-field")).to_be_focused()
    held(page)
    page.keyboard.type("rnas?jk")
    expect(page.locator("#finder-field")).to_have_value("rnas?jk")
    expect(sheet).to_be_hidden()
    expect(page.locator("#states")).to_be_hidden()


def test_the_palette_finds_goes_and_does_by_keyboard(window: Window, numbers: list[str]) -> None:
    page = window("amira").new_page()
    page.goto(f"/incidents/{numbers[2]}")
    ready(page)
    field, chosen = page.locator("#finder-field"), page.locator("#finder-list [aria-selected=true]")
    page.keyboard.press("Control+k")
    page.keyboard.type(numbers[0].lstrip("INC-0"))
    expect(chosen).to_contain_text(numbers[0])
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/incidents/{numbers[0]}")
    ready(page)

    page.keyboard.press("Control+k")
    expect(page.locator("#finder-list [role=group]").first).to_contain_text(numbers[2])
    page.keyboard.type(">resol")
    expect(chosen).to_contain_text("Resolve")
    page.keyboard.press("Enter")
    expect(page.locator("#finder")).to_be_hidden()
    expect(page.locator("#verb")).to_contain_text(f"Resolve {numbers[0]}")
    page.keyboard.press("Escape")

    page.keyboard.press("Control+k")
    page.keyboard.type("inbox")
    expect(chosen).to_contain_text("Inbox")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox")


def test_every_stop_on_the_way_through_a_page_can_be_seen(window: Window, numbers: list[str]) -> None:
    page = window("amira").new_page()
    for path in (f"/incidents/{numbers[0]}", HERE):
        page.goto(path)
        page.keyboard.press("Tab")
        assert "skip" in held(page)
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            held(page)


def test_a_call_is_logged_over_any_page_without_the_mouse(window: Window, numbers: list[str], house: House) -> None:
    page = window("amira").new_page()
    page.goto("/incidents/?state=open")
    ready(page)
    page.keyboard.press("c")
    caller = page.locator("#call [name=requester]")
    expect(caller).to_be_focused()
    page.keyboard.type("clai")
    expect(page.locator("#caller-list [aria-selected=true]")).to_contain_text("Claire")
    page.keyboard.press("Tab")
    expect(caller).to_have_value("claire@gungun.example")
    expect(page.locator("#call [name=title]")).to_be_focused()
    page.keyboard.type("The keyboard misses its cable")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#call")).to_be_hidden()
    expect(page.locator("#toasts")).to_contain_text("is logged")
    expect(page.locator("#parked")).to_be_hidden()
    assert page.url.endswith("/incidents/?state=open")


def test_a_parked_call_waits_while_another_is_taken(window: Window, numbers: list[str]) -> None:
    page = window("amira").new_page()
    page.goto("/")
    ready(page)
    page.keyboard.press("c")
    expect(page.locator("#call [name=requester]")).to_be_focused()
    page.keyboard.type("claire@gungun.example")
    page.keyboard.press("Tab")
    page.keyboard.type("First caller")
    page.locator("[data-park]").click()
    expect(page.locator("#parked")).to_contain_text("claire")
    page.keyboard.press("c")
    expect(page.locator("#call [name=title]")).to_have_value("")
    page.keyboard.press("Escape")
    page.reload()
    ready(page)
    page.locator("[data-resume]").click()
    expect(page.locator("#call [name=title]")).to_have_value("First caller")
