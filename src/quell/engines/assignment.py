"""Choosing who gets a piece of work (domain.md 4.1). Pure, deterministic, and able to say why.

Whatever the policy, nobody gets work who is not here, lacks a needed skill or has their hands full: then nobody is
chosen, the work stays with its team, and the alarm for unassigned work sees to it that it is not forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: Everybody in turn; the one with most room; the one with most room of those who know enough; who handled this caller
#: last; one named person; nobody, the team's people take it themselves.
ROUND_ROBIN, LEAST_LOADED, SKILL, STICKY, FIXED, PULL = (
    "round_robin",
    "least_loaded",
    "skill",
    "sticky",
    "fixed",
    "pull",
)
POLICIES = (ROUND_ROBIN, LEAST_LOADED, SKILL, STICKY, FIXED, PULL)

#: How much of a person's day a piece of work takes, by its priority 1–5; what waits for others weighs half.
WEIGHTS: Mapping[int, float] = {1: 4.0, 2: 3.0, 3: 2.0, 4: 1.0, 5: 1.0}
WAITING_SHARE = 0.5

#: Reasons for passing somebody over, beside those of presence.
UNSKILLED, FULL, NOT_MEANT = "unskilled", "full", "not_meant"


def weight(priority: int, *, waiting: bool = False) -> float:
    """What one open piece of work weighs."""
    return WEIGHTS[priority] * (WAITING_SHARE if waiting else 1.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could get it. `load` is the weighted work they hold, `capacity` what they can hold; `away` says why
    they cannot take anything now ("" when they can); `last_given` when a rule gave them something, `last_with_caller`
    when they last handled this caller."""

    person: int
    load: float = 0.0
    capacity: float = 20.0
    away: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)
    last_given: datetime | None = None
    last_with_caller: datetime | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How to choose. `needs` are skills with the level (1–5) that is enough; `person` for the fixed policy."""

    kind: str
    needs: tuple[tuple[str, int], ...] = ()
    person: int | None = None
    sticky_days: int = 30


@dataclass(frozen=True, slots=True)
class Because:
    """One reason, as a code with its values; the words belong to whoever shows it."""

    code: str
    values: Mapping[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen (None: nobody), why, and why each of the others was not."""

    person: int | None
    because: Because
    passed_over: tuple[tuple[int, Because], ...] = ()


def choose(policy: Policy, candidates: Sequence[Candidate], now: datetime, *, new_weight: float = 2.0) -> Choice:
    """Choose one of the candidates for work weighing `new_weight`. Equal in everything, the lower id gets it.
    Raises ValueError for an unknown policy."""
    if policy.kind not in POLICIES:
        raise ValueError(f"no policy is called {policy.kind!r}")
    if policy.kind == PULL:
        return Choice(None, Because(PULL))
    able, passed = [], []
    for one in sorted(candidates, key=lambda c: c.person):
        obstacle = _obstacle(policy, one, new_weight)
        if obstacle is None:
            able.append(one)
        else:
            passed.append((one.person, obstacle))
    if not able:
        return Choice(None, Because("nobody"), tuple(passed))
    chosen, because = _PICKS[policy.kind](policy, able, now)
    return Choice(chosen.person, because, tuple(passed))


def _obstacle(policy: Policy, one: Candidate, new_weight: float) -> Because | None:
    """Why this one cannot have it."""
    if policy.kind == FIXED and one.person != policy.person:
        return Because(NOT_MEANT)
    if one.away:
        return Because(one.away)
    for skill, level in policy.needs:
        has = one.skills.get(skill, 0)
        if has < level:
            return Because(UNSKILLED, {"skill": skill, "level": level, "has": has})
    if policy.kind != FIXED and one.load + new_weight > one.capacity:
        return Because(FULL, {"load": one.load, "capacity": one.capacity})
    return None


Pick = Callable[[Policy, Sequence[Candidate], datetime], tuple[Candidate, Because]]


def _in_turn(policy: Policy, able: Sequence[Candidate], now: datetime) -> tuple[Candidate, Because]:
    chosen = min(able, key=_turn)
    return chosen, Because(ROUND_ROBIN, {"of": len(able)})


def _turn(one: Candidate) -> tuple[float, int]:
    """Who has waited longest; who never had anything comes first."""
    return (one.last_given.timestamp() if one.last_given else float("-inf"), one.person)


def _share(one: Candidate) -> float:
    return one.load / one.capacity if one.capacity > 0 else float("inf")


def _least(policy: Policy, able: Sequence[Candidate], now: datetime) -> tuple[Candidate, Because]:
    least = min(_share(one) for one in able)
    chosen = min((one for one in able if _share(one) == least), key=_turn)
    values = {"load": chosen.load, "capacity": chosen.capacity, "of": len(able)}
    return chosen, Because(LEAST_LOADED, values)


def _skilled(policy: Policy, able: Sequence[Candidate], now: datetime) -> tuple[Candidate, Because]:
    chosen, because = _least(policy, able, now)
    return chosen, Because(SKILL, {**because.values, "needs": ", ".join(f"{s} {n}" for s, n in policy.needs)})


def _same_again(policy: Policy, able: Sequence[Candidate], now: datetime) -> tuple[Candidate, Because]:
    since = now - timedelta(days=policy.sticky_days)
    known = [(one.last_with_caller, -one.person, one) for one in able if one.last_with_caller is not None]
    recent = [entry for entry in known if entry[0] >= since]
    if not recent:
        return _least(policy, able, now)
    chosen = max(recent, key=lambda entry: entry[:2])[2]
    return chosen, Because(STICKY, {"days": policy.sticky_days})


def _named(policy: Policy, able: Sequence[Candidate], now: datetime) -> tuple[Candidate, Because]:
    return able[0], Because(FIXED)


_PICKS: Mapping[str, Pick] = {
    ROUND_ROBIN: _in_turn,
    LEAST_LOADED: _least,
    SKILL: _skilled,
    STICKY: _same_again,
    FIXED: _named,
}
