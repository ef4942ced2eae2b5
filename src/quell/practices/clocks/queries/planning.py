"""What each clock of a record is counted by: its metric, its terms from entry to entry, its calendars."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from quell.engines.clock.state import Row

from ..rules import happenings
from ..rules.choosing import Identity
from ..rules.counting import Plan
from .material import Chosen, Stored
from .shelf import rule_of, start_rule_of, terms_of, with_elsewhere

#: By which revision of the calendars a clock is counted.
AsOf = Callable[[Identity], int]


def plans(choices: Sequence[Chosen]) -> list[Plan]:
    """What each clock is counted by, from everything that was chosen for a record."""
    grouped: dict[Identity, list[Chosen]] = {}
    for one in choices:
        grouped.setdefault(one.identity, []).append(one)
    return [_plan(identity, found) for identity, found in grouped.items() if any(one.target_id for one in found)]


def _plan(identity: Identity, choices: Sequence[Chosen]) -> Plan:
    targets = [one.target_id for one in choices if one.target_id is not None]
    metric = rule_of(targets[-1])
    chosen = {
        one.entry: happenings.Chosen(
            None if one.target_id is None else with_elsewhere(terms_of(one.target_id), metric.per_holder),
            one.policy,
            one.correction,
            "reported" if one.target_id is None else start_rule_of(one.target_id),
        )
        for one in choices
    }
    return Plan(identity, metric, chosen)


def as_stored(stored: Sequence[Stored], present: int) -> AsOf:
    """The revision each clock was counted by so far; new ones by the present calendars."""
    known = {one.identity: one.as_of for one in stored}
    return lambda identity: known.get(identity, present)


def targets_of(choices: Sequence[Chosen]) -> dict[Identity, list[tuple[int, int | None]]]:
    """What was chosen for each clock, in order: (entry, target)."""
    found: dict[Identity, list[tuple[int, int | None]]] = {}
    for one in choices:
        found.setdefault(one.identity, []).append((one.entry, one.target_id))
    return found


def target_at(targets: Sequence[tuple[int, int | None]], plan: Plan, row: Row) -> int:
    """The target an instance runs by: that whose terms began it, told apart by what they promise."""
    usable = [target for _entry, target in targets if target is not None]
    if len(usable) == 1:
        return usable[0]
    terms = row.terms
    for target in reversed(usable):
        if with_elsewhere(terms_of(target), plan.rule.per_holder) == terms:
            return target
    return usable[-1]
