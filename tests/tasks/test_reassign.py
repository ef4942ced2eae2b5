"""Task 11 of ux.md 5: reassign and re-prioritise while reading, without the mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quell.kernel.records.models import Record
from quell.practices.incidents import facade as incidents
from tests.journey.conftest import House, ready

from .conftest import Window
from .counting import task

pytestmark = pytest.mark.browser


def test_11_reassign_and_reprioritise_while_reading(house: House, window: Window) -> None:
    """A, two letters, Enter; P and a number: six keys, and what was being written is still there."""
    people = house.people
    number = incidents.report(people.actor("claire"), {"title": "Till two prints nothing", "impact": 2, "urgency": 3})
    page = window("amira").new_page()
    page.goto(f"/incidents/{number}")
    ready(page)
    page.locator("#reply-body, quell-composer textarea[name=body]").first.fill("Half a sentence")
    page.locator("h1").click()
    with task(page.context, 11, "Reassign and re-prioritise while reading", clicks=0, keys=7):
        page.keyboard.press("a")
        expect(page.locator("#find-agent")).to_be_focused()
        page.keyboard.type("ra")
        page.keyboard.press("Enter")
        expect(page.locator("#record-head")).to_contain_text("Raj")
        expect(page.locator("#verb")).not_to_be_visible()
        page.keyboard.press("p")
        page.keyboard.press("1")
        expect(page.locator("#record-head .priority")).to_have_text("P1")
    after = Record.objects.get(number=number)
    assert (after.assignee, after.priority) == (people.raj, 1)
    expect(page.locator("quell-composer textarea[name=body]").first).to_have_value("Half a sentence")
