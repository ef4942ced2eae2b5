"""Who wants to know when a version begins to hold, and what activating one would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quell.kernel.access.actor import Actor

from ..queries.book import Book


@dataclass(frozen=True, slots=True)
class Activated:
    """A version has begun to hold. `apply_to_open`: clocks that run are to go over to it."""

    agreement_id: int
    version_id: int
    apply_to_open: bool
    actor: Actor
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Prospect:
    """What would be if a version held from `since` on: the book as it is, and as it would be."""

    agreement_id: int
    version_id: int
    code: str
    number: int
    since: datetime
    before: Book
    after: Book


_listeners: list[Callable[[Activated], None]] = []
_seers: list[Callable[[Prospect, Actor], Any]] = []


def when_activated(function: Callable[[Activated], None]) -> None:
    """Have a function called inside the transaction in which a version becomes active."""
    if function not in _listeners:
        _listeners.append(function)


def foresee(function: Callable[[Prospect, Actor], Any]) -> None:
    """Have a function asked what activating a version with "apply to open" would move."""
    if function not in _seers:
        _seers.append(function)


def tell(activated: Activated) -> None:
    """Say to all who asked that a version holds."""
    for function in _listeners:
        function(activated)


def foreseen(prospect: Prospect, actor: Actor) -> list[Any]:
    """What everybody who registered foresees, in the order of registering."""
    return [function(prospect, actor) for function in _seers]
