"""Task 12 of ux.md 5: merging three duplicates."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quell.practices.incidents import facade as incidents
from tests.journey.conftest import House

from .conftest import Window
from .counting import task

pytestmark = pytest.mark.browser


def test_12_merge_three_duplicates(house: House, window: Window) -> None:
    """Shift+M on one of them shows the other two; tick both, read what will be, merge. Undo gives them back."""
    claire, paul, amira = (house.people.actor(name) for name in ("claire", "paul", "amira"))
    first = incidents.report(claire, {"title": "Walrus terminal frozen in the warehouse"})
    others = [
        incidents.report(paul, {"title": "Walrus terminal is frozen, warehouse"}),
        incidents.report(paul, {"title": "Frozen walrus terminal"}),
    ]
    page = window("amira").new_page()
    page.goto(f"/incidents/{first}")
    page.wait_for_selector("[data-key='Shift+m'][data-htmx-powered]", state="attached")
    with task(page.context, 12, "Merge 3 duplicates", clicks=3, keys=2):
        page.keyboard.press("Shift+M")
        dialog = page.get_by_role("dialog")
        for number in others:
            dialog.locator(f"input[value='{number}']").click()
        expect(dialog.get_by_text("It can be undone for 24 hours.")).to_be_visible()
        expect(dialog.get_by_text("2 incidents close as duplicates")).to_be_visible()
        dialog.get_by_role("button", name="Merge").click()
        expect(page.get_by_text(f"2 are merged into {first}.").first).to_be_visible()
    assert {incidents.ticket(amira, number)["merged_into"] for number in others} == {first}
    expect(page.locator("#conversation").get_by_text("Walrus terminal is frozen, warehouse")).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("The merge is undone.").first).to_be_visible()
    assert {incidents.ticket(amira, number)["state"] for number in others} == {"new"}
