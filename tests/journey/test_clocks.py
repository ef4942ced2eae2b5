"""Clocks count on by themselves while one looks, and open where they stand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import House, Known, Window, ready

pytestmark = pytest.mark.browser


def test_a_clock_counts_on_and_opens_into_its_course(window: Window, house: House, known: Known) -> None:
    page = window("mia").new_page()
    page.clock.install()
    page.goto("/incidents/?state=new&sort=-due_at")
    chip = page.locator("[data-left]").first
    expect(chip).to_have_text(re.compile(r"^1:5\d left$"))
    page.clock.fast_forward("01:30:00")
    expect(chip).to_have_text(re.compile(r"^0:2\d left$"))
    page.clock.fast_forward("00:45:00")
    expect(chip).to_have_text(re.compile(r"^Overdue 0:1\d$"))
    page.clock.resume()
    page.locator("[data-open-row]").first.click()
    ready(page)
    row = page.locator("#card-clocks a", has_text="Resolution")
    row.focus()
    page.keyboard.press("Enter")
    told = page.get_by_role("dialog").locator("details[open]", has_text="How it ran")
    expect(told).to_contain_text("The clock began")
    expect(told).to_contain_text("8 h · always")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row).to_be_focused()
