"""The style guide over HTTP without a database, and a Chromium to look at it with."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Browser

from tests.chromium import launched

# Nothing is collected while testing, so files are served under their own names.
PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_message(self, format: str, *args: object) -> None:
        return


class Server(ThreadingMixIn, WSGIServer):
    """One thread a request, so that a page's files load beside each other."""

    daemon_threads = True


RINGS = [
    "quell.kernel.ui.middleware.Pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "quell.kernel.ui.middleware.Persona",
]


@pytest.fixture(scope="package", autouse=True)
def alone() -> Iterator[None]:
    """Only the design system is installed at addresses, so that no other room's fault shows here."""
    with override_settings(STORAGES=PLAIN_FILES, MIDDLEWARE=RINGS, ROOT_URLCONF="tests.ui.addresses"):
        yield


@pytest.fixture(scope="package")
def site(alone: None) -> Iterator[str]:
    """Address of a server with the style guide; it asks no database."""
    application = StaticFilesHandler(get_wsgi_application())
    server = make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser of the module. It is closed with it, for its event loop forbids the database."""
    with launched() as browser:
        yield browser
