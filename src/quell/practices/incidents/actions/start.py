"""Beginning to work."""

from __future__ import annotations

from quell.kernel.actions.registry import Context

from ..permissions import can_work
from .frame import begin_work, incident_action


@incident_action("start", allowed=can_work, public=True)
def start(context: Context) -> None:
    """Begin work: somebody has it in hand now."""
    begin_work(context)
