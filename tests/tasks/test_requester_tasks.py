"""Tasks 1 and 13 of ux.md 5, and the ones beside them: reporting, “me too”, and seeing where a request stands. On a
telephone, where most requesters are."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quell.kernel.records.models import Record
from quell.practices.communications import facade as communications
from quell.practices.incidents import facade as incidents
from tests.journey.conftest import House

from .conftest import Window
from .counting import task

pytestmark = pytest.mark.browser
SIXTY = "The label printer in hall two feeds paper but prints nothing"


@pytest.mark.parametrize("width", [390, 1440])
def test_1_report_an_incident_from_the_start_page(house: House, window: Window, width: int) -> None:
    """One press to the form, the words, one press to send."""
    assert len(SIXTY) == 60
    before = Record.objects.count()
    context = window("claire", width)
    page = context.new_page()
    page.goto("/portal/")
    where = "telephone" if width == 390 else "desk"
    with task(context, 1, f"Report an incident from the start page, {where}", clicks=2, keys=60):
        page.get_by_role("link", name="Something is broken").click()
        expect(page.get_by_label("What is wrong?")).to_be_focused()
        page.keyboard.type(SIXTY)
        page.get_by_role("button", name="Send report").click()
        expect(page.get_by_role("heading", name="We have your report")).to_be_visible()
    assert Record.objects.count() == before + 1
    assert Record.objects.latest("pk").title == SIXTY


def test_1_say_me_too_instead_of_reporting(house: House, window: Window) -> None:
    """A known outage costs one press and no form."""
    outage = {"title": "Label printers are down", "severity": "outage", "publish": True}
    made = communications.create(house.people.actor("mia"), outage)
    context = window("paul", 390)
    page = context.new_page()
    page.goto("/portal/")
    with task(context, 1, "Say “me too” to a known outage", clicks=1, keys=0):
        page.get_by_role("button", name="Me too: Label printers are down").click()
        expect(page.get_by_text("We count you in.").first).to_be_visible()
    assert communications.announcement(house.people.actor("mia"), made)["me_too_count"] == 1
    communications.end(house.people.actor("mia"), made)


@pytest.mark.parametrize("width", [390, 1440])
def test_13_see_where_a_request_stands(house: House, window: Window, width: int) -> None:
    """It stands on the start page: stage and name, without a press."""
    claire, amira = house.people.actor("claire"), house.people.actor("amira")
    number = incidents.report(claire, {"title": "Scanner at gate four is silent"})
    incidents.act(amira, "start", number)
    context = window("claire", width)
    page = context.new_page()
    where = "telephone" if width == 390 else "desk"
    with task(context, 13, f"See where a request stands, {where}", clicks=0, keys=0):
        page.goto("/portal/")
        row = page.get_by_role("article").filter(has_text="Scanner at gate four is silent").first
        expect(row).to_contain_text("Amira is working on it")
        expect(row.get_by_role("listitem").filter(has_text="In progress")).to_have_attribute("aria-current", "step")
