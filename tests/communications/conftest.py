"""The cast, and announcements as Mia writes them: she leads Gungun's desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from quell.kernel.testing.cast import Cast, cast
from quell.practices.communications import facade

Announce = Callable[..., int]


@pytest.fixture
def people(db: None) -> Cast:
    """Everybody, in their places."""
    return cast()


@pytest.fixture
def announce(people: Cast) -> Announce:
    """An outage that shows at once, unless said otherwise; returns its id."""

    def write(by: str = "mia", **facts: Any) -> int:
        given = {"title": "VPN is unstable", "severity": "outage", "publish": True, **facts}
        return facade.create(people.actor(by), given)

    return write
