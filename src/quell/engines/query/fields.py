"""Which fields a query may name, and which values they take."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What values look like. What must be looked up (people, teams, codes) is judged by the caller."""

    CHOICE = "choice"
    NUMBER = "number"
    MOMENT = "moment"
    FLAG = "flag"
    LOOKUP = "lookup"
    TEXT = "text"


#: Operators that set one thing above another.
COMPARING = ("<", "<=", ">", ">=")
FLAGS = ("true", "false")


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its canonical name. `choices` are the words it takes beside those looked up (`@me`, `none`);
    `low` and `high` bound numbers, both inclusive."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    low: int = 0
    high: int = 1_000_000

    def operators(self) -> tuple[str, ...]:
        """What may stand between the field and its value."""
        compares = self.kind in (Kind.NUMBER, Kind.MOMENT)
        return (":", "!=", *COMPARING) if compares else (":", "!=")


@dataclass(frozen=True, slots=True)
class Fields:
    """All fields of one kind of list, and the orders it can be shown in (with a minus sign: downwards)."""

    known: tuple[Field, ...]
    sorts: tuple[str, ...] = ()

    def find(self, name: str) -> Field | None:
        """A field by its name or another name of it, in any case."""
        return self._by_name().get(name.lower())

    def nearest(self, name: str) -> str:
        """The name most like this one; an empty string when none is."""
        return nearest(name.lower(), [*self._by_name(), "sort"])

    def _by_name(self) -> Mapping[str, Field]:
        return {name: one for one in self.known for name in (one.name, *one.aliases)}


def nearest(word: str, known: Iterable[str]) -> str:
    """What was probably meant; an empty string when nothing is near."""
    choices = list(known)
    begins = [one for one in choices if len(word) >= 2 and one.startswith(word)]
    found = begins[:1] or difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    return found[0] if found else ""
