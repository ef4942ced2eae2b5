"""Why an incident stands where it stands in the queue: the score's parts, in words (domain.md 4.2, 7.3). Pure."""

from __future__ import annotations

from quell.engines.matrix import Factor, score

#: Sentences by factor; translated where they are shown.
WHY = {
    "impact": "How much business is hurt",
    "urgency": "How soon the harm grows",
    "size": "How many people are affected",
    "services": "How many services are hit",
    "flag": "A VIP or a business deadline",
    "age": "How much of the promised time is used",
}


def reasons(impact: int, urgency: int, *, users: int, services: int, vip: bool) -> list[Factor]:
    """The factors that give points, in the order of their weight."""
    return [f for f in score(impact, urgency, users=users, services=services, flagged=vip) if f.points > 0]
