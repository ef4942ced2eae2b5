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
NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def launched() -> Iterator[Browser]:
    """`QUELL_CHROMIUM`, else the installed Chromium, else Playwright's own; the test is skipped when there is none."""
    path = os.environ.get("QUELL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error as fault:
            if path:
                raise
            pytest.skip(f"no Chromium here (apt install chromium): {str(fault).splitlines()[0]}")
        yield browser
        browser.close()
