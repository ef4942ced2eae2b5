"""The cast, and incidents among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from quell.kernel.live.presence import board
from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade

Report = Callable[..., str]


@pytest.fixture(autouse=True)
def nobody_looks() -> None:
    """The board of the process belongs to one test at a time."""
    board.clear()


@pytest.fixture
def people(db: None) -> Cast:
    """Everybody, in their places."""
    return cast()


@pytest.fixture
def report(people: Cast) -> Report:
    """Report an incident, as Claire unless said otherwise."""

    def opened(by: str = "claire", **facts: Any) -> str:
        return facade.report(people.actor(by), {"title": "VPN drops", **facts})

    return opened
