"""In a browser: questions that follow the words, “me too” inside the form, drafts of answers, and no network."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quell.kernel.records.models import Record
from quell.practices.communications import facade as communications
from quell.practices.incidents.models import Category
from quell.practices.intake import facade as intake

from .conftest import House, Window, ready

pytestmark = pytest.mark.browser


def test_questions_come_and_go_with_the_words_and_answers_stay(house: House, window: Window) -> None:
    ann = house.people.actor("ann")
    place = house.people.gungun
    category = Category.objects.create(organisation=place, code="printers", path="printers", name="Printers")
    questions = [
        {"question": "Which printer?", "required": True},
        {"question": "What happens?", "kind": "choice", "choices": ["Nothing", "Paper jam"]},
    ]
    intake.ask(ann, category.pk, {"words": ["printer"], "questions": questions})
    page = window("claire", 390).new_page()
    page.goto("/portal/report")
    ready(page)
    title = page.get_by_label("What is wrong?")
    title.press_sequentially("The printer")
    which = page.get_by_label("Which printer?")
    which.fill("P7 in hall two")
    page.get_by_label("Paper jam").check()
    expect(page.locator("#asked .error")).to_have_count(0)  # nobody is blamed while writing
    title.press_sequentially(" is silent")
    page.wait_for_timeout(700)
    expect(which).to_have_value("P7 in hall two")
    expect(page.get_by_label("Paper jam")).to_be_checked()
    expect(page.locator("[data-draft-state]").first).to_contain_text("Draft saved")
    page.reload()
    ready(page)
    expect(which).to_have_value("P7 in hall two")
    expect(page.get_by_label("Paper jam")).to_be_checked()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="We have your report")).to_be_visible()
    assert Record.objects.latest("pk").description == "Which printer? P7 in hall two\nWhat happens? Paper jam"


def test_me_too_inside_the_form_leaves_the_form_as_it_is(house: House, window: Window) -> None:
    outage = {"title": "Forklift terminals are offline", "severity": "outage", "publish": True}
    made = communications.create(house.people.actor("mia"), outage)
    page = window("claire", 390).new_page()
    page.goto("/portal/report")
    ready(page)
    page.get_by_label("What is wrong?").press_sequentially("forklift")
    page.get_by_role("button", name="This is it – me too").click()
    expect(page.get_by_text("We count you in.")).to_be_visible()
    expect(page.get_by_label("What is wrong?")).to_have_value("forklift")
    assert communications.announcement(house.people.actor("mia"), made)["me_too_count"] == 1
    communications.end(house.people.actor("mia"), made)


def test_without_a_network_the_offline_page_keeps_a_line_for_the_form(house: House, window: Window) -> None:
    context = window("claire", 390)
    page = context.new_page()
    page.goto("/portal/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys()))))"
        ".then((all) => all.flat().map((request) => new URL(request.url).pathname))"
    )
    assert "/offline" in kept and [one for one in kept if not one.startswith(("/static/", "/offline"))] == []
    context.set_offline(True)
    page.goto("/portal/requests")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.get_by_label("What is wrong?").fill("The dock is dark")
    expect(page.get_by_role("status")).to_have_text("Kept on this device")
    page.reload()
    expect(page.get_by_label("What is wrong?")).to_have_value("The dock is dark")
    context.set_offline(False)
    page.goto("/portal/report")
    expect(page.get_by_label("What is wrong?")).to_have_value("The dock is dark")
    page.goto("/portal/requests")
    expect(page.get_by_role("heading", name="My requests")).to_be_visible()
