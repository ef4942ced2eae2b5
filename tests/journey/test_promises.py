"""A promise is broken by a calendar's mistake: it explains itself, the calendar is corrected with a look before, the
clock moves, and the journal says who and why."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from quell.kernel.people.tokens import issue
from quell.practices.calendars import facade as calendars
from quell.practices.clocks import facade as clocks
from quell.practices.incidents.actions.report import Report, report
from tests.clocks.conftest import HOUR, WEEK, agreement

from .conftest import House, Watched, Window, sign_in

pytestmark = pytest.mark.browser
REASON = "Company outing: the office was closed"


def told(house: House, path: str) -> Any:
    """An answer of the API, as Mia's programs read it."""
    _token, secret = issue(house.people.mia, "story")
    asked = urllib.request.Request(f"{house.address}/api/v1{path}", headers={"Authorization": f"Bearer {secret}"})
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)


def resolution(house: House, number: str) -> Any:
    """The clock that the story is about, beside those of other promises to everybody."""
    found = told(house, f"/incidents/{number}/clocks")["items"]
    return next(one for one in found if one["metric"] == "resolution" and one["current"])


def test_a_broken_promise_is_explained_corrected_and_accounted_for(house: House, window: Window) -> None:
    people, watched, now = house.people, Watched(), datetime.now(UTC)
    always = {"zone": "UTC", "weekly": {day: [["00:00", "24:00"]] for day in WEEK}}
    calendars.create(
        people.actor("ann"), {"code": "story-hours", "name": "Story hours", "organisation": "gungun", **always}
    )
    agreement(people, "story-sla", "sla", [
        {"metric": "resolution", "amount": HOUR, "calendar": "story-hours", "services": [people.mail.pk]},
    ], customer=people.gungun)  # fmt: skip
    number = report(
        people.actor("claire"), Report(title="Mail stands still", service="mail"), now=now - timedelta(hours=3)
    ).number
    clocks.sweep(now)

    # Mia sees that it is overdue, and why
    desk = window("").new_page()
    watched.watch(desk)
    desk.goto(f"/incidents/{number}")
    sign_in(desk, people.mia)
    clock = desk.locator("#card-clocks a", has_text="Resolution")
    expect(clock).to_contain_text("Overdue")
    clock.click()
    opened = desk.locator("#verb-body details[open]", has_text="How it ran").first
    expect(opened).to_contain_text("Story hours")
    expect(opened).to_contain_text("Broken")
    before = resolution(house, number)
    assert before["breached"] and before["elapsed_seconds"] >= 3 * HOUR

    # Ann closes the days in the calendar, after a look at what it would do
    office = window("").new_page()
    watched.watch(office)
    office.goto("/admin/calendars/story-hours")
    sign_in(office, people.ann)
    for place, day in enumerate((now - timedelta(days=1), now), 1):
        office.get_by_label(f"Date {place}", exact=True).fill(day.date().isoformat())
        office.get_by_label(f"What date {place} is").select_option(label="Closed")
    office.get_by_role("button", name="See what it would do").click()
    seen = office.locator("#seen")
    expect(seen).to_contain_text(number)
    expect(seen).to_contain_text("Kept after all")
    assert resolution(house, number)["breached"]  # a look changes nothing
    office.get_by_label("Why").last.fill(REASON)
    office.get_by_role("button", name="Store").click()
    expect(office.get_by_text("Stored.").first).to_be_visible()

    # The clock has moved, and the ticket says by whom and why
    desk.goto(f"/incidents/{number}?show=events")
    expect(clock).not_to_contain_text("Overdue")
    expect(desk.locator(".timeline")).to_contain_text(REASON)
    after = resolution(house, number)
    assert not after["breached"] and after["due_at"] > before["due_at"]
    line = next(one for one in told(house, f"/incidents/{number}/timeline")["items"] if one["verb"] == "clock_restated")
    assert (line["actor"], line["reason"]) == (people.ann.email, REASON)
    assert clocks.verify().differences == []
    assert watched.faults == []
