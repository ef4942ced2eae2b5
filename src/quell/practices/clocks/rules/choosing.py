"""Which clocks a record has, and by which target each runs (domain.md 4.9, 5.5). Pure.

A clock is known by the kind of its agreement, its metric and, where a metric is kept for each holder, who holds the
record. For each of them the most specific promise applies (engines/targets.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from quell.engines.targets import Applied, Case, Promise, applies


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """One clock of a record: `kind` is `sla`, `ola` or `uc`."""

    kind: str
    metric: str
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """The promises there are for one kind of agreement and one metric; `kinds` of record it measures (none: any)."""

    kind: str
    metric: str
    per_holder: bool
    kinds: frozenset[str]
    promises: Sequence[Promise]


def choose(case: Case, offers: Iterable[Offer], at: datetime) -> Mapping[Identity, Applied]:
    """For every clock that this record may have now, which promise applies and why."""
    found: dict[Identity, Applied] = {}
    for offer in offers:
        if offer.kinds and case.kind not in offer.kinds:
            continue
        if offer.per_holder and not case.holder:
            continue
        identity = Identity(offer.kind, offer.metric, case.holder if offer.per_holder else "")
        asked = case if offer.per_holder or offer.kind == "ola" else replace(case, holder="")
        found[identity] = applies(offer.metric, asked, offer.promises, at)
    return found


def moved(
    before: Mapping[Identity, int | None], now: Mapping[Identity, int | None], holder: str
) -> dict[Identity, int | None]:
    """What is chosen otherwise than before. The clock of a team that no longer holds the record keeps its target."""
    changed = {identity: target for identity, target in now.items() if before.get(identity) != target}
    for identity, target in before.items():
        gone = identity not in now and target is not None
        if gone and (not identity.holder or identity.holder == holder):
            changed[identity] = None
    return changed
