"""Kinds of links between records, each with its other direction (domain.md 3.3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkKind:
    """`code` reads from source to target; `inverse` is the same link seen from the target. What is not `by_hand` is
    left by a verb of its own and cannot be made or taken away otherwise."""

    code: str
    inverse: str
    by_hand: bool = True


_kinds: dict[str, LinkKind] = {}


#: The source has become a part of the target, which shows its public conversation.
MERGED = "merged_into"
#: The source was taken out of the target.
SPLIT = "split_from"


def register(code: str, inverse: str, *, by_hand: bool = True) -> None:
    """Make a kind of link known."""
    _kinds[code] = LinkKind(code, inverse, by_hand)


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
register(MERGED, "merged_from", by_hand=False)
register(SPLIT, "split_into", by_hand=False)


def direction(name: str) -> tuple[LinkKind, bool] | None:
    """The kind that people mean, and whether they said it from the other end; None for an unknown name."""
    if name in _kinds:
        return _kinds[name], False
    for kind in _kinds.values():
        if kind.inverse == name:
            return kind, True
    return None


def names() -> tuple[str, ...]:
    """Every name of a link that people make themselves, in both directions."""
    known = [kind for kind in _kinds.values() if kind.by_hand]
    return tuple(dict.fromkeys(name for kind in known for name in (kind.code, kind.inverse)))
