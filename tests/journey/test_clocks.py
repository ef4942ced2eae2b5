"""Clocks count on by themselves while one looks, and open where they stand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from quell.practices.incidents import facade

from .conftest import House, Known, Window, ready

pytestmark = pytest.mark.browser


def test_a_clock_counts_on_and_opens_into_its_course(window: Window, house: House, known: Known) -> None:
    facade.report(house.people.actor("claire"), {"title": "A clock to look at"})
    page = window("mia").new_page()
    page.clock.install()
    page.goto("/incidents/?state=new&sort=-opened_at")
    line = page.locator("[data-row]", has_text="A clock to look at")
    chip = line.locator("[data-left]")
    expect(chip).to_have_text(re.compile(r"^1:5\d left$"))
    page.clock.fast_forward("01:30:00")
    expect(chip).to_have_text(re.compile(r"^0:2\d left$"))
    page.clock.fast_forward("00:45:00")
    expect(chip).to_have_text(re.compile(r"^Overdue 0:1\d$"))
    page.clock.resume()
    line.locator("[data-open-row]").click()
    ready(page)
    row = page.locator("#card-clocks a", has_text="Resolution")
    row.focus()
    page.keyboard.press("Enter")
    told = page.get_by_role("dialog").locator("details[open]", has_text="How it ran")
    expect(told).to_contain_text("The clock began")
    expect(told).to_contain_text("8 h · Round the clock")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row).to_be_focused()
