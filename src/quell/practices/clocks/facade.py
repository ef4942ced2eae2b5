"""The front door of the clocks: what runs on a record, why, and what became of it."""

from __future__ import annotations

from .actions.history import apply_to_history, give_history
from .actions.sweep import sweep
from .actions.verify import Difference, Verified, as_json, verify
from .queries.explain import Explained, explain, segment_json
from .queries.material import register_facts

__all__ = [
    "Difference", "Explained", "Verified", "apply_to_history", "as_json", "explain", "give_history", "register_facts",
    "segment_json", "sweep", "verify",
]  # fmt: skip
