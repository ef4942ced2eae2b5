"""What a change of calendars would do, asked of whoever counts by them, and told to them when it is done (domain.md
5.9). This room stands below agreements and clocks: they register here from their wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from quell.engines.businesstime.timetable import Timetable
from quell.kernel.access.actor import Actor

#: Examples told with a preview.
MOST_EXAMPLES = 100

Outcome: TypeAlias = Literal["", "would_breach", "healed"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Calendars as they are and as they would be: those that change and all combinations built on them, by code."""

    codes: tuple[str, ...]
    before: Mapping[str, Timetable]
    after: Mapping[str, Timetable]


@dataclass(frozen=True, slots=True)
class Consequence:
    """One promise that moves: of which record, by how many seconds (None where it has no due moment before or after),
    and whether it would be broken, or be kept after all."""

    number: str
    title: str
    metric: str
    agreement: str
    due_before: datetime | None
    due_after: datetime | None
    moved_seconds: int | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Consequences:
    """How many open promises hang on the calendars, how many of them move, and what comes of it. `examples` are at most
    a hundred: those whose outcome changes first, then those that move most."""

    looked_at: int
    moved: int
    would_breach: int
    healed: int
    examples: tuple[Consequence, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """Calendars that changed (with all combinations built on them), the revision from which on they do, by whom and
    why. `closed_too`: what is over is to be counted anew as well."""

    codes: tuple[str, ...]
    revision: int
    actor: Actor
    reason: str
    at: datetime
    closed_too: bool


Foresees: TypeAlias = Callable[[Proposal, Actor], Consequences]
Follows: TypeAlias = Callable[[Applied], None]

NOTHING = Consequences(0, 0, 0, 0, ())
_foreseeing: list[Foresees] = []
_following: list[Follows] = []


def foresee(function: Foresees) -> Foresees:
    """Register whoever can say what would come of a change; usable as a decorator."""
    if function not in _foreseeing:
        _foreseeing.append(function)
    return function


def when_applied(function: Follows) -> Follows:
    """Register whoever has to follow a change, inside its transaction; usable as a decorator."""
    if function not in _following:
        _following.append(function)
    return function


def foreseen(proposal: Proposal, actor: Actor) -> Consequences:
    """Everybody's answer, put together."""
    if not proposal.codes:
        return NOTHING
    told = [function(proposal, actor) for function in _foreseeing]
    examples = sorted((one for answer in told for one in answer.examples), key=_first)
    return Consequences(
        sum(one.looked_at for one in told),
        sum(one.moved for one in told),
        sum(one.would_breach for one in told),
        sum(one.healed for one in told),
        tuple(examples[:MOST_EXAMPLES]),
    )


def tell(applied: Applied) -> None:
    """Let everybody follow who has to."""
    for function in _following:
        function(applied)


def _first(one: Consequence) -> tuple[bool, timedelta]:
    return not one.outcome, -timedelta(seconds=abs(one.moved_seconds or 0))
