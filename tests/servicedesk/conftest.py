"""The cast, and an incident of Claire's."""

from __future__ import annotations

import pytest

from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade as incidents


@pytest.fixture
def people(db: None) -> Cast:
    """Everybody, in their places."""
    return cast()


@pytest.fixture
def number(people: Cast) -> str:
    """An incident Claire reported."""
    return incidents.report(people.actor("claire"), {"title": "VPN drops", "service": "mail"})
