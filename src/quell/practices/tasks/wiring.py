"""Everything the room of tasks registers with the house."""

from __future__ import annotations

from . import actions  # noqa: F401 - importing registers the verbs and what tends tasks
