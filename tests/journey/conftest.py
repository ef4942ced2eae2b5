"""The real product in a thread, and people in front of browsers.

Requests pass the whole chain of production (settings, middleware, collected and packed static files); only the
server is Django's threaded one instead of ours, which has tests of its own. The rows that the stories commit stand
in a database of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client, override_settings
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, expect
from pytest_django.plugin import DjangoDbBlocker

from quell.kernel.actions.outbox import UNDO_SECONDS
from quell.kernel.people.models import Person
from quell.kernel.testing.cast import Cast, cast
from quell.kernel.ui.tours import SHOW_ROUND
from quell.project.testing_database import another_copy
from quell.workspaces.desk import listing, nav
from tests.chromium import launched
from tests.prepared import static_files_into

from . import places

PASSWORD = "correct horse battery"
PATIENCE_MS = 15_000
HEIGHTS = {1440: 900, 390: 844, 320: 640}


class _Server(ThreadedWSGIServer):
    """Each request in a thread of its own, which gives its database connection back."""

    request_queue_size = 50

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle is nobody's fault."""


@dataclass
class House:
    """Where the product answers, and who lives there."""

    address: str
    people: Cast


@dataclass
class Watched:
    """What a window complained of: scripts that threw, words on the console, requests that failed."""

    faults: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("pageerror", lambda fault: self.faults.append(f"script: {fault}"))
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _said(self, kind: str, text: str) -> None:
        # What the server refused is in _answered already, with its address.
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.faults.append(f"console: {text}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends what it was still asking for.
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.faults.append(f"{request.failure}: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.faults.append(f"{response.status}: {response.url}")

    def nothing(self) -> bool:
        """Did nothing go wrong?"""
        assert self.faults == []
        return True


@pytest.fixture(scope="package")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """The product with the cast in it; everybody has the same password."""
    changed = {
        "STORAGES": {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "quell.project.static_storage.CollectedStaticFiles"},
        },
        "EMAIL_HOST": "localhost",  # so that "Forgot password" is offered; nothing is sent without a worker
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    }
    # Playwright keeps an event loop in this thread. The database is asked between its steps, never from within.
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        another_copy("journey"),
        override_settings(**changed),
    ):
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        nav._kept.clear()
        listing._names.clear()
        static_files_into(settings.STATIC_ROOT)
        people = cast()
        SHOW_ROUND.put(False)  # these people know their way; who wants the notes asks for them
        UNDO_SECONDS.put(0)  # there is no worker here: replies go out at once
        for person in vars(people).values():
            if isinstance(person, Person):
                person.set_password(PASSWORD)
                person.save(update_fields=["password"])
        server = _Server(("127.0.0.1", 0), QuietWSGIRequestHandler)
        server.set_app(get_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield House(f"http://127.0.0.1:{server.server_port}", people)
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="package")
def chromium(house: House) -> Iterator[Browser]:
    """One browser for the whole directory, closed before the house is."""
    expect.set_options(timeout=PATIENCE_MS)
    with launched() as browser:
        yield browser
        # While Playwright's event loop runs, Django keeps connections of its own for this thread. They lead to the
        # copy that is dropped next, and would be found dead when the house is built again.
        connections.close_all()


def opened(chromium: Browser, house: House, person: str = "", width: int = 1440, **extra: Any) -> BrowserContext:
    """A window of that width, in which `person` is signed in (empty: nobody)."""
    size: Any = {"width": width, "height": HEIGHTS[width]}
    context = chromium.new_context(base_url=house.address, viewport=size, reduced_motion="reduce", **extra)
    context.set_default_timeout(PATIENCE_MS)
    if person:
        client = Client()
        client.force_login(getattr(house.people, person))
        context.add_cookies(
            [{"name": name, "value": morsel.value, "url": house.address} for name, morsel in client.cookies.items()]
        )
    return context


Window = Callable[..., BrowserContext]
Known = dict[str, list[str]]


@pytest.fixture(scope="package")
def known(house: House) -> Known:
    """A lively house, and examples for the parameters of addresses."""
    return places.known(house.people)


@pytest.fixture
def window(chromium: Browser, house: House) -> Iterator[Window]:
    """Opens windows (`opened`) that are closed after the test."""
    contexts: list[BrowserContext] = []

    def make(person: str = "", width: int = 1440, **extra: Any) -> BrowserContext:
        contexts.append(opened(chromium, house, person, width, **extra))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


def sign_in(page: Page, person: Person) -> None:
    """Through the sign-in page, as people do."""
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def ready(page: Page) -> None:
    """Wait until scripts have taken the page over, a moment after it is there; before that, links are plain links."""
    page.locator("[data-htmx-powered]").first.wait_for(state="attached")
