"""The answer to "may they?": yes, or no with the sentence that greys out the button and fills the refusal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allowed or not; `reason` is a translated sentence when not. `status` 403 (not allowed) or 409 (not now)."""

    allowed: bool
    reason: str = ""
    status: int = 403

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)


def no(reason: str) -> Verdict:
    """Not allowed for this person."""
    return Verdict(False, str(reason), 403)


def not_now(reason: str) -> Verdict:
    """Allowed in principle, but not in the record's present state."""
    return Verdict(False, str(reason), 409)
