"""What a broken promise can come from (domain.md 4.9, breach analysis). Pure."""

from __future__ import annotations

CAUSES = (
    "late_assignment", "waiting_in_team", "waiting_supplier", "wrong_priority", "capacity", "unrealistic_target",
)  # fmt: skip
