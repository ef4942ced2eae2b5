"""Tasks 2 and 8 of ux.md 5: log a call while the caller speaks, and write down what helped. All by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quell.kernel.records.models import Record
from quell.practices.incidents import facade as incidents
from quell.practices.incidents.models import Incident
from tests.journey.conftest import House, ready

from .conftest import Window
from .counting import task

pytestmark = pytest.mark.browser
#: With the four letters of the caller's name, 45 characters.
SAYS = "The label printer in hall two stays silent"[:41]
HELPED = "New drum, and the driver of last November"[:40]


def test_2_log_a_call_from_a_known_person(house: House, window: Window) -> None:
    """C, four letters of the name, Tab, the words, Ctrl+Enter."""
    context = window("amira")
    page = context.new_page()
    page.goto("/incidents/?state=open")
    ready(page)
    with task(context, 2, "Log a call from a known person", clicks=0, keys=53):
        page.keyboard.press("c")
        expect(page.locator("#call [name=requester]")).to_be_focused()
        page.keyboard.type("clai")
        expect(page.locator("#caller-list [aria-selected=true]")).to_contain_text("Claire")
        page.keyboard.press("Tab")
        page.keyboard.type(SAYS)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#toasts")).to_contain_text("is logged")
    made = Record.objects.latest("pk")
    assert (made.title, made.requester_id, made.channel) == (SAYS, house.people.claire.pk, "phone")


def test_8_write_down_what_helped(house: House, window: Window) -> None:
    """E, Tab past the way it was solved, the words, Ctrl+Enter: what an article is made from is in the resolution."""
    people = house.people
    number = incidents.report(people.actor("claire"), {"title": "Stripes on every page"})
    incidents.act(people.actor("amira"), "assign", number, {"assignee": people.amira.email})
    context = window("amira")
    page = context.new_page()
    page.goto(f"/incidents/{number}")
    ready(page)
    with task(context, 8, "Write down what helped, no article", clicks=0, keys=44):
        page.keyboard.press("e")
        expect(page.locator("#verb [name=resolution_code]")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#verb [name=resolution]")).to_be_focused()
        page.keyboard.type(HELPED)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#record-head")).to_contain_text("Resolved")
    found = Incident.objects.get(record__number=number)
    assert (found.resolution, found.resolution_code) == (HELPED, "fixed")
