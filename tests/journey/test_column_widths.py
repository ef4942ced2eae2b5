"""Columns drawn wider and narrower: by pointer, by keyboard, and back (ux.md 2.7; WCAG 2.5.7)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from quell.practices.incidents import facade

from .conftest import House, Watched, Window

pytestmark = pytest.mark.browser
HERE = "/incidents/?q=widths&sort=number"


def width(page: Page, column: str) -> float:
    place = page.locator(f".grip[data-of={column}]").locator("xpath=..").bounding_box()
    assert place is not None
    return place["width"]


def test_by_arrows_by_pointer_and_back(house: House, window: Window) -> None:
    facade.report(house.people.actor("claire"), {"title": "Widths of columns"})
    page, watched = window("amira").new_page(), Watched()
    watched.watch(page)
    page.goto(HERE)
    before, table = width(page, "requester"), page.locator("table[data-sized]")
    whole = table.bounding_box()
    grip = page.locator(".grip[data-of=requester]")
    grip.focus()
    for _time in range(3):
        page.keyboard.press("ArrowRight")
    expect(grip).to_have_attribute("aria-valuenow", str(round(before) + 48))
    assert abs(width(page, "requester") - before - 48) < 3
    assert whole is not None and table.bounding_box() == whole  # the subject gave way; nothing else moved

    page.reload()
    assert abs(width(page, "requester") - before - 48) < 3
    edge = page.locator(".grip[data-of=requester]").bounding_box()
    assert edge is not None
    page.mouse.move(edge["x"] + 4, edge["y"] + 8)
    page.mouse.down()
    page.mouse.move(edge["x"] - 36, edge["y"] + 8, steps=4)
    page.mouse.up()
    assert abs(width(page, "requester") - before - 8) < 3
    assert page.url.endswith(HERE)  # no column was sorted by it

    page.locator(".grip[data-of=requester]").dblclick()
    expect(table).not_to_have_class("table sized")
    page.reload()
    assert abs(width(page, "requester") - before) < 3
    assert watched.faults == []
