"""The closed lists of incident management (domain.md 4.2): reasons for waiting, ways of resolving, causes, channels."""

from __future__ import annotations

#: What waits for a `task` goes on by itself when its last open task is over (domain.md 4.2); `approval` waits for
#: somebody's decision.
HOLD_REASONS = ("requester", "supplier", "problem", "change", "part", "scheduled", "task", "approval")

RESOLUTION_CODES = (
    "fixed",
    "workaround",
    "restart",
    "replaced",
    "user_instructed",
    "no_fault_found",
    "supplier_fixed",
    "caused_by_change",
    "not_reproducible",
    "duplicate",
)

CAUSE_CODES = (
    "hardware",
    "software",
    "configuration",
    "change",
    "network",
    "capacity",
    "power",
    "human_error",
    "supplier",
    "security",
    "unknown",
)

CHANNELS = (
    "portal",
    "phone",
    "email",
    "chat",
    "walk_in",
    "monitoring",
    "api",
    "scheduled",
    "import",
    "web",
)

ESCALATION_KINDS = ("functional", "hierarchical")


def as_code(text: str) -> str:
    """The code people mean when they write "User instructed" or "no-fault-found"."""
    return "_".join(text.strip().lower().replace("-", " ").split())
