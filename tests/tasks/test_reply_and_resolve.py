"""Task 10 of ux.md 5: reply with a template and resolve, without the mouse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from quell.kernel.actions import outbox
from quell.kernel.records.models import Outgoing, Record, Reply
from quell.practices.incidents import facade as incidents
from quell.practices.servicedesk import facade as servicedesk
from tests.journey.conftest import House, ready

from .conftest import Window
from .counting import task

pytestmark = pytest.mark.browser


def test_10_reply_with_a_template_and_resolve(house: House, window: Window) -> None:
    """R, slash, three letters, Enter, Ctrl+Shift+Enter: nine keys, and ten seconds to think again."""
    people = house.people
    text = {"en": "Dear {{ requester.first_name }}, your password is reset.", "da": "Kære {{ requester.first_name }}"}
    servicedesk.create_canned(people.actor("amira"), {"name": "Password reset", "texts": text})
    servicedesk.create_canned(people.actor("amira"), {"name": "Which service", "texts": {"en": "Which service?"}})
    number = incidents.report(people.actor("claire"), {"title": "Cannot sign in"})
    outbox.UNDO_SECONDS.put(10)
    try:
        context = window("amira")
        page = context.new_page()
        page.goto(f"/incidents/{number}")
        ready(page)
        with task(context, 10, "Reply with a template and resolve", clicks=0, keys=9):
            page.keyboard.press("r")
            page.keyboard.type("/pas")
            page.keyboard.press("Enter")
            page.keyboard.press("Control+Shift+Enter")
            expect(page.locator(".message.outgoing")).to_contain_text("Dear Claire, your password is reset.")
        undo = page.locator("[data-toast] form[action*='/undo'] button")
        expect(undo).to_contain_text("Undo")
        expect(undo.locator("[data-countdown]")).to_contain_text("s")
        message = Outgoing.objects.get(record__number=number)
        assert not Reply.objects.filter(record__number=number).exists()
        outbox.send_due(message.pk, datetime.now(UTC) + timedelta(minutes=1))
        assert Record.objects.get(number=number).state == "resolved"
    finally:
        outbox.UNDO_SECONDS.put(0)


def test_undo_brings_the_text_back(house: House, window: Window) -> None:
    """One key while the toast stands: nothing was sent, and the words are in the composer."""
    number = incidents.report(house.people.actor("claire"), {"title": "Cannot print"})
    outbox.UNDO_SECONDS.put(10)
    try:
        page = window("amira").new_page()
        page.goto(f"/incidents/{number}")
        ready(page)
        page.keyboard.press("r")
        page.keyboard.type("Is it switched on?")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#composer-body")).to_have_value("")
        page.locator("h1").first.click()
        page.keyboard.press("u")
        expect(page.locator("#composer-body")).to_have_value("Is it switched on?")
        expect(page.locator(".message.outgoing")).to_have_count(0)
        assert not Reply.objects.filter(record__number=number).exists()
    finally:
        outbox.UNDO_SECONDS.put(0)
