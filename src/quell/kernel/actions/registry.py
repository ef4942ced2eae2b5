"""The registry of actions: the only ways the state of a record changes (architecture.md 4).

From here come the REST verbs, bulk, the buttons and why they are grey, and later automation, the palette and the
command line. An action is one small function in a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from quell.engines.lifecycle import Lifecycle
from quell.kernel.access.actor import Actor
from quell.kernel.access.verdict import Verdict
from quell.kernel.records.models import Record


class Inputs(BaseModel):
    """What an action takes. Unknown fields are errors, texts are trimmed and free of NUL."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class NoInputs(Inputs):
    """For verbs that need nothing."""


@dataclass
class Context:
    """What an action's function works with. It changes `record` and `detail`; the funnel writes what changed."""

    actor: Actor
    record: Record
    detail: Any
    inputs: Any
    now: datetime
    data: dict[str, Any] = field(default_factory=dict)
    public: bool | None = None
    after: list[Callable[[Any], None]] = field(default_factory=list)
    index_public: list[str] = field(default_factory=list)
    index_internal: list[str] = field(default_factory=list)
    reindex: bool = False
    entry_verb: str | None = None


#: From a record's number and an action's checked inputs to the ids of further records it will touch.
Alongside = Callable[[str, Any], Iterable[int]]


@dataclass(frozen=True)
class Action:
    """One verb of one kind of record."""

    name: str
    kind: str
    verb: str
    inputs: type[Inputs]
    allowed: Callable[[Actor, Record], Verdict]
    function: Callable[[Context], None]
    detail: Callable[[int], Any]
    lifecycle: Lifecycle | None
    summary: str
    public: bool
    tracked: tuple[str, ...]
    moves: bool
    alongside: Alongside | None = None


_actions: dict[str, Action] = {}


def action(
    name: str,
    *,
    allowed: Callable[[Actor, Record], Verdict],
    detail: Callable[[int], Any],
    inputs: type[Inputs] = NoInputs,
    lifecycle: Lifecycle | None = None,
    public: bool = False,
    tracked: tuple[str, ...] = (),
    moves: bool = True,
    alongside: Alongside | None = None,
) -> Callable[[Callable[[Context], None]], Callable[[Context], None]]:
    """Register a function as the action `kind.verb`.

    `allowed` answers whether this person may, here; `lifecycle` guards the state and, with `moves`, gives the state
    after; `public` entries are shown to the requester; `tracked` names the fields of `detail` whose changes are
    journalled and saved; `detail` locks and fetches the practice's own row by record id; `alongside` names further
    records that the action changes too, so that all are locked in the order of their keys and no two actions wait for
    each other.
    """

    def enter(function: Callable[[Context], None]) -> Callable[[Context], None]:
        kind, verb = name.split(".")
        if name in _actions:
            raise ValueError(f"action {name} is registered twice")
        _actions[name] = Action(
            name=name,
            kind=kind.removesuffix("s"),
            verb=verb,
            inputs=inputs,
            allowed=allowed,
            function=function,
            detail=detail,
            lifecycle=lifecycle,
            summary=(function.__doc__ or "").strip().splitlines()[0] if function.__doc__ else verb,
            public=public,
            tracked=tracked,
            moves=moves,
            alongside=alongside,
        )
        return function

    return enter


def get(name: str) -> Action:
    """An action by its name, `incidents.resolve`; raises KeyError."""
    return _actions[name]


def of_kind(kind: str) -> list[Action]:
    """All verbs of a kind of record."""
    return [known for known in _actions.values() if known.kind == kind]


def all_actions() -> list[Action]:
    """Every action, by name."""
    return [_actions[name] for name in sorted(_actions)]
