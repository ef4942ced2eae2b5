"""The steps of the escalation matrix: those that were set, or those the house ships."""

from __future__ import annotations

from quell.kernel.config import sql

from ..rules.escalating import SHIPPED, Step

_STEPS = """
SELECT id, percent, organisation_id, agreement_kinds, metrics, priorities, audiences, verb, inputs
FROM clocks_escalationstep WHERE active ORDER BY percent, id
"""
_ANY: frozenset[str] = frozenset()


def shipped() -> list[Step]:
    """What holds wherever nobody has set anything."""
    return [
        Step(-place, percent, None, _ANY, _ANY, frozenset(), audiences, "", {})
        for place, (percent, audiences) in enumerate(SHIPPED, 1)
    ]


def all_steps() -> list[Step]:
    """Every active step; for the instance as a whole the shipped ones, unless it has its own."""
    found = [
        Step(
            pk, percent, organisation, frozenset(kinds), frozenset(metrics), frozenset(priorities), tuple(audiences),
            verb, inputs,
        )
        for pk, percent, organisation, kinds, metrics, priorities, audiences, verb, inputs in sql.rows(_STEPS)
    ]  # fmt: skip
    return found if any(step.organisation is None for step in found) else [*found, *shipped()]
