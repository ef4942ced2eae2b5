"""The cast, browsers in which somebody of it is signed in, and no demonstration."""

from __future__ import annotations

import pytest

from quell.kernel.actions import demonstration
from tests.signed_in import Door, as_, folk

__all__ = ["Door", "as_", "folk"]


@pytest.fixture(autouse=True)
def no_demonstration(monkeypatch: pytest.MonkeyPatch) -> list[demonstration.Demonstration]:
    """The cast's company has the code of the demonstration's; here it is somebody's own. Returns what was known."""
    known = [*demonstration._known]
    monkeypatch.setattr(demonstration, "_known", [])
    return known
