"""One installed Chromium for every test that looks at pages, kept to this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A page that asks any other host for anything fails its test instead of passing where there is a network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
#: Starts in half the time and draws with less, and can nearly all that people's browsers can.
LIGHT = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome")


def _installed(*names: str) -> str | None:
    return os.environ.get("QUELL_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """`QUELL_CHROMIUM`, else the installed Chromium, else Playwright's own; the test is skipped when there is none."""
    path = _installed(LIGHT, *WHOLE)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error as fault:
            if path:
                raise
            pytest.skip(f"no Chromium here (apt install chromium): {str(fault).splitlines()[0]}")
        yield browser
        browser.close()


@contextmanager
def whole(browser: Browser) -> Iterator[Browser]:
    """Beside a launched one: a Chromium that wakes a service worker when the connection is back, for the light one
    does not."""
    path = _installed(*WHOLE)
    if path is None and shutil.which(LIGHT):
        pytest.skip("no whole Chromium here (apt install chromium)")
    with browser.browser_type.launch(executable_path=path, args=FLAGS) as other:
        yield other
