"""Tasks 3 and 4 of ux.md 5: what is due soon, and twenty incidents into other hands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from quell.kernel.records.models import Record
from quell.practices.incidents import facade as incidents
from quell.practices.servicedesk import facade as servicedesk
from tests.journey.conftest import House

from .conftest import Window
from .counting import task

pytestmark = pytest.mark.browser


def test_3_find_what_is_due_within_two_hours(house: House, window: Window) -> None:
    """On the home page without any doing; as a list by two keys."""
    mia, amira = house.people.actor("mia"), house.people.actor("amira")
    soon = datetime.now(UTC) + timedelta(hours=1)
    due = incidents.report(mia, {"title": "Due within the hour"})
    later = incidents.report(mia, {"title": "Due next week"})
    for number, when in ((due, soon), (later, soon + timedelta(days=7))):
        incidents.act(mia, "assign", number, {"assignee": house.people.amira.email})
        incidents.act(mia, "hold", number, {"hold_reason": "supplier", "resume_at": when.isoformat()})
    key = servicedesk.create_view(amira, {"name": "Due in 2 h", "query": "is:waiting resume<+2h"})
    servicedesk.arrange(amira, "home", [key, "unassigned"])
    context = window("amira")
    page = context.new_page()
    page.goto("/")
    with task(context, 3, "Find what is due within 2 h, on the home page", clicks=0, keys=0):
        card = page.get_by_role("region", name="Due in 2 h")
        expect(card.get_by_role("link", name="Due within the hour")).to_be_visible()
        expect(card.get_by_role("link", name="Due next week")).to_have_count(0)
    page.wait_for_function("() => document.querySelector('[data-key=\"v 1\"]') && window.quell")
    with task(context, 3, "Find what is due within 2 h, as a list", clicks=0, keys=2):
        page.keyboard.press("v")
        page.keyboard.press("1")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Due in 2 h")
        expect(page.locator("tbody tr")).to_have_count(1)


def test_4_assign_twenty_to_one_colleague(house: House, window: Window) -> None:
    """First box, last box with Shift, A, three letters of the name, Enter."""
    mia, raj = house.people.actor("mia"), house.people.raj
    for n in range(25):
        incidents.report(mia, {"title": f"Zebra scanner {n}"})
    context = window("amira")
    page = context.new_page()
    page.goto("/incidents/?query=zebra+is:unassigned&sort=number")
    boxes = page.locator("tbody input.check")
    expect(boxes).to_have_count(25)
    page.wait_for_selector("button[value=assign][data-htmx-powered]", state="attached")
    with task(context, 4, "Assign 20 incidents to one colleague", clicks=2, keys=6):
        boxes.nth(0).click()
        boxes.nth(19).click(modifiers=["Shift"])
        page.keyboard.press("a")
        expect(page.locator("#pick-agent")).to_be_focused()
        page.keyboard.type("raj")
        expect(page.get_by_text("Assign 20 to Raj.")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="20 incidents done")).to_be_visible()
    assert Record.objects.filter(title__startswith="Zebra", assignee_id=raj.pk).count() == 20
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_role("heading", name="20 incidents taken back")).to_be_visible()
    assert Record.objects.filter(title__startswith="Zebra", assignee_id=raj.pk).count() == 0
