"""How a verb is taken back: by other verbs, through the same funnel. Each practice says which, from its own wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from quell.kernel.journal.models import Entry

#: From a verb and the entry it wrote to the steps (verb, inputs) that take it back; none when nothing can.
Steps = list[tuple[str, dict[str, Any]]]
Inverse = Callable[[str, Mapping[str, Any]], Steps]

_inverses: dict[str, Inverse] = {}


def register(kind: str, inverse: Inverse) -> None:
    """Say how the verbs of a kind of record are taken back."""
    _inverses[kind] = inverse


def steps_back(kind: str, verb: str, entry: Entry | None) -> Steps | None:
    """The steps that take back what this entry tells; an empty list when nothing was changed, None when it cannot be
    taken back."""
    if entry is None:
        return []
    inverse = _inverses.get(kind)
    return (inverse(verb, entry.changes) if inverse else []) or None
