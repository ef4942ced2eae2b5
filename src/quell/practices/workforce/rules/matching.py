"""Which rule of assignment holds for a report (domain.md 4.1). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

#: The facts a rule can ask for, in the order they are shown. `vip` is a yes or no; all others are lists of values.
FACTS = ("category", "service", "organisation", "language", "vip", "channel", "impact")


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a report when it is given out. `organisations` are the codes from the root down to its own;
    `priority` weighs it."""

    number: str
    organisation_id: int
    organisations: tuple[str, ...]
    requester_id: int
    priority: int
    impact: int
    category: str = ""
    service: str = ""
    language: str = ""
    channel: str = ""
    vip: bool = False


def fails(conditions: Mapping[str, Any], case: Case) -> str:
    """The first fact that does not hold, or "" when the rule holds. No conditions hold for everything."""
    for fact in FACTS:
        if fact in conditions and not _holds(fact, conditions[fact], case):
            return fact
    return ""


def _holds(fact: str, wanted: Any, case: Case) -> bool:
    if fact == "vip":
        return bool(wanted) is case.vip
    if fact == "category":
        return any(case.category == path or case.category.startswith(f"{path}/") for path in wanted)
    if fact == "organisation":
        return any(code in case.organisations for code in wanted)
    return getattr(case, fact) in wanted


def overlapping(spans: Sequence[tuple[Any, Any]]) -> bool:
    """Do any two of these (start, end) overlap? Ends do not count."""
    ordered = sorted(spans)
    return any(one[1] > after[0] for one, after in pairwise(ordered))
