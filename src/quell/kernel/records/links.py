"""Kinds of links between records, each with its other direction (domain.md 3.3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkKind:
    """`code` reads from source to target; `inverse` is the same link seen from the target."""

    code: str
    inverse: str


_kinds: dict[str, LinkKind] = {}


def register(code: str, inverse: str) -> None:
    """Make a kind of link known."""
    _kinds[code] = LinkKind(code, inverse)


for _code, _inverse in (
    ("related_to", "related_to"),
    ("similar_to", "similar_to"),
    ("child_of", "parent_of"),
    ("duplicate_of", "has_duplicate"),
    ("recurrence_of", "recurred_as"),
    ("caused_by", "caused"),
    ("resolved_by", "resolves"),
    ("depends_on", "precedes"),
):
    register(_code, _inverse)


def direction(name: str) -> tuple[LinkKind, bool] | None:
    """The kind that people mean, and whether they said it from the other end; None for an unknown name."""
    if name in _kinds:
        return _kinds[name], False
    for kind in _kinds.values():
        if kind.inverse == name:
            return kind, True
    return None


def names() -> tuple[str, ...]:
    """Every name of a link, in both directions."""
    return tuple(dict.fromkeys(name for kind in _kinds.values() for name in (kind.code, kind.inverse)))
