"""Why each clock of a record has the target it has, and why no other (domain.md 4.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from quell.practices.agreements import facade as agreements

from .material import material

Key = tuple[str, str, str]


def why(record_id: int) -> Mapping[Key, agreements.Choice]:
    """The choice as it is for the record as it stands, by kind of agreement, metric and holder; by the promises that
    held when it was opened."""
    found, revisions = material([record_id])
    if not found:
        return {}
    one = found[0]
    book = agreements.book(revisions.promises)
    chosen: dict[Key, agreements.Choice] = {}
    for identity in dict.fromkeys(choice.identity for choice in one.choices):
        of_kind = replace(book, promised=tuple(each for each in book.promised if each.kind == identity.kind))
        case = replace(one.case, holder=identity.holder) if identity.holder else one.case
        key = (identity.kind, identity.metric, identity.holder)
        chosen[key] = agreements.choose(of_kind, identity.metric, case, one.subject.opened_at)
    return chosen
