"""Variables in texts people prepare: `{{ requester.first_name }}`. A closed list and a replacer of one rule: what
stands between double braces is a name from the list, or a fault that says where it stands. Nothing is evaluated.

A value that is missing becomes a visible gap, `⟦service⟧`, which a person fills in before the text is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Every variable there is, in the order in which they are offered.
NAMES = (
    "requester.first_name",
    "requester.name",
    "requester.email",
    "requester.phone",
    "agent.first_name",
    "agent.name",
    "agent.email",
    "agent.phone",
    "number",
    "title",
    "service",
    "team",
    "organisation",
    "priority",
    "opened_on",
    "today",
    "url",
)
#: No brace inside: a text of nothing but braces is read once, not once from each of them.
_USED = re.compile(r"\{\{([^{}]*)\}\}")
_GAP = re.compile(r"⟦([a-z_.]{1,40})⟧")
_BRACES = re.compile(r"\{\{|\}\}")
#: So many faults are told; whoever mends them sees the next.
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is no variable: what stands there, and where (line and column from 1)."""

    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables replaced, and the names of those whose value was missing."""

    text: str
    gaps: tuple[str, ...]


def faults(text: str) -> list[Fault]:
    """What is wrong with the variables of a text, in reading order: unknown names, and braces without their match; the
    first `MOST_FAULTS` of it."""
    found = [(m.start(), m.group(1).strip()) for m in _USED.finditer(text) if m.group(1).strip() not in NAMES]
    rest = _USED.sub(lambda m: " " * len(m.group()), text)
    found += [(m.start(), m.group()) for m in _BRACES.finditer(rest)]
    return [Fault(_short(name), *_place(text, at)) for at, name in sorted(found)[:MOST_FAULTS]]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Replace each known variable by its value, or by a gap where there is none; what is not known stays as it is.

    Values are put in as they are: a value that looks like a variable is not replaced again.
    """
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        name = match.group(1).strip()
        if name not in NAMES:
            return match.group()
        known = values.get(name, "").strip()
        if not known:
            missing.append(name)
        return known or f"⟦{name}⟧"

    return Filled(_USED.sub(value, text), tuple(dict.fromkeys(missing)))


def gaps(text: str) -> tuple[str, ...]:
    """Names of the gaps that nobody has filled yet."""
    return tuple(dict.fromkeys(name for name in _GAP.findall(text) if name in NAMES))


def first_name(name: str) -> str:
    """The first word of a name; a name without a space, such as a Chinese one, stays whole."""
    return name.split()[0] if name.split() else ""


def _short(name: str) -> str:
    return name if len(name) <= 40 else name[:39] + "…"


def _place(text: str, at: int) -> tuple[int, int]:
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
