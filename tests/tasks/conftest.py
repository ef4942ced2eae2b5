"""The house of the journeys and its browser, and the table of what tasks cost at the end of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.journey.conftest import House, chromium, house, opened

from . import counting

__all__ = ["chromium", "house"]
Window = Callable[..., BrowserContext]


@pytest.fixture
def window(chromium: Browser, house: House) -> Iterator[Window]:
    """Opens a window in which somebody is signed in and every click and key is counted."""
    contexts: list[BrowserContext] = []

    def open_one(person: str, width: int = 1440, **extra: Any) -> BrowserContext:
        context = opened(chromium, house, person, width, **extra)
        counting.listen(context)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table when tasks have been measured."""
    if counting.measured:
        terminalreporter.section("tasks")
        for line in counting.table():
            terminalreporter.line(line)
