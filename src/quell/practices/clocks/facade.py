"""The front door of the clocks: what runs on a record, why, and what became of it."""

from __future__ import annotations

from .actions.history import apply_to_history, give_history
from .actions.judge import Judgement, judge
from .actions.sweep import sweep
from .actions.verify import Difference, Verified, as_json, verify
from .permissions import may_judge
from .queries.explain import Explained, explain, segment_json
from .queries.holders import Held, holders
from .queries.material import register_facts
from .queries.standing import standings
from .queries.telling import people_in, told
from .queries.why import why
from .rules.causes import CAUSES
from .rules.standing import Standing, next_due

__all__ = [
    "CAUSES", "Difference", "Explained", "Held", "Judgement", "Standing", "Verified", "apply_to_history", "as_json",
    "explain", "give_history", "holders", "judge", "may_judge", "next_due", "people_in", "register_facts",
    "segment_json", "standings", "sweep", "told", "verify",
    "why",
]  # fmt: skip
