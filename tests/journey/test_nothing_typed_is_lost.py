"""No typed text is ever lost: at each place where people write, the session ends, the network goes, the tab closes or
the server restarts, and the words are there again (ux.md 0.3).

A tab that is closed is closed at once, without a pause in which a draft could have been saved by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route, expect

from quell.practices.incidents import facade as incidents
from quell.practices.servicedesk import facade as servicedesk

from .conftest import House, Window, ready

pytestmark = pytest.mark.browser
WORDS = "Half an hour of careful words"


@dataclass(frozen=True)
class Desk:
    """A place where people write: who, the page (with `{number}`, `{text}`, `{macro}`), the box, and the key
    that leads there where a page has several."""

    name: str
    person: str
    path: str
    box: str
    key: str = ""


PLACES = [
    Desk("reply", "amira", "/incidents/{number}", "#composer-body", key="r"),
    Desk("note", "amira", "/incidents/{number}", "#composer-note", key="n"),
    Desk("hold", "amira", "/incidents/{number}/do/hold", "[name=note]"),
    Desk("transfer", "amira", "/incidents/{number}/do/transfer", "[name=reason]"),
    Desk("snooze", "amira", "/incidents/{number}/snooze", "[name=text]"),
    Desk("canned reply", "amira", "/texts/{text}", "[name=text_en]"),
    Desk("macro", "amira", "/macros/{macro}", "[name=text_en]"),
    Desk("report", "claire", "/portal/report", "[name=detail]"),
    Desk("message", "claire", "/portal/requests/{number}", "textarea[name=body]"),
]


def session_ends(context: BrowserContext, page: Page, send: Callable[[], None]) -> None:
    """Everybody is signed out while one writes; sending asks to sign in, and one does."""
    Session.objects.all().delete()
    send()
    page.wait_for_timeout(300)


def network_goes(context: BrowserContext, page: Page, send: Callable[[], None]) -> None:
    """Nothing gets through any more."""
    context.set_offline(True)
    send()
    page.wait_for_timeout(300)
    context.set_offline(False)


def tab_closes(context: BrowserContext, page: Page, send: Callable[[], None]) -> None:
    """The tab is closed in the middle of a sentence."""
    page.close(run_before_unload=False)


def server_restarts(context: BrowserContext, page: Page, send: Callable[[], None]) -> None:
    """A proxy answers in its place while it is away."""

    def away(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=502, content_type="text/html", body="<!doctype html><h1>Bad gateway</h1>")
        else:
            route.continue_()

    context.route("**/*", away)
    send()
    page.wait_for_timeout(300)
    context.unroute("**/*")


@pytest.fixture(scope="module")
def things(house: House) -> dict[str, str]:
    """What the places are about."""
    amira = house.people.actor("amira")
    text = servicedesk.create_canned(amira, {"name": "Kept", "texts": {"en": "As it was"}})
    steps = [{"verb": "comment", "inputs": {"body": {"en": "As it was"}, "visibility": "internal"}}]
    macro = servicedesk.create_macro(amira, {"name": "Kept", "steps": steps})
    return {"text": str(text), "macro": str(macro)}


def enter(context: BrowserContext, house: House, person: str) -> None:
    """Sign in again, as the sign-in page would."""
    client = Client()
    client.force_login(getattr(house.people, person))
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": house.address} for name, morsel in client.cookies.items()]
    )


@pytest.mark.parametrize("interruption", [session_ends, network_goes, tab_closes, server_restarts])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_words_are_back(
    window: Window,
    house: House,
    things: dict[str, str],
    place: Desk,
    interruption: Callable[[BrowserContext, Page, Callable[[], None]], None],
) -> None:
    number = incidents.report(house.people.actor("claire"), {"title": f"{place.name} {interruption.__name__}"})
    incidents.act(house.people.actor("mia"), "assign", number, {"assignee": house.people.amira.email})
    path = place.path.format(number=number, **things)
    context = window(place.person)
    page = context.new_page()
    write(page, place, path)

    def send() -> None:
        form = page.locator("form").filter(has=page.locator(place.box))
        form.locator("button.primary").last.click(no_wait_after=True)

    interruption(context, page, send)
    enter(context, house, place.person)
    again = context.new_page()
    again.on("dialog", lambda dialog: dialog.accept())
    again.goto(path)
    box = again.locator(place.box)
    if place.key:
        ready(again)
        again.keyboard.press(place.key)
    expect(box).to_have_value(WORDS)


def write(page: Page, place: Desk, path: str) -> None:
    """Go there and type."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(path)
    page.wait_for_function("() => window.quell?.drafts")
    if place.key:
        ready(page)
        page.keyboard.press(place.key)
    box = page.locator(place.box)
    box.fill("")
    box.type(WORDS)
