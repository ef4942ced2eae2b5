"""An incident to work on, for the tests of tasks, checklists and time."""

from __future__ import annotations

import pytest

from quell.kernel.testing.cast import Cast, cast
from quell.practices.incidents import facade as incidents


@pytest.fixture
def people(db: None) -> Cast:
    """Gungun and the strangers."""
    return cast()


@pytest.fixture
def incident(people: Cast) -> str:
    """Claire's report, in nobody's hands yet."""
    return incidents.report(people.actor("claire"), {"title": "VPN drops every few minutes"})
