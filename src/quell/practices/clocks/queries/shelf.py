"""The book of promises as clocks use it: offers to choose from, metrics ready to be asked, terms by target. Kept by
each process until the book's revision changes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from quell.engines.clock.terms import Terms
from quell.engines.conditions import Several, fields_of
from quell.engines.targets import Case
from quell.kernel.config import sql
from quell.practices.agreements import facade as agreements

from ..rules.choosing import Identity, Offer, choose
from ..rules.happenings import ELSEWHERE, Rule, rule

#: What no record has: the value of a name in a condition that nobody bears.
NOBODY = -1
#: How many kinds of cases a process remembers the choice for.
MOST_KNOWN = 5000
_LOOKUPS = {
    "team": "SELECT id FROM people_team WHERE code = %s",
    "assignee": "SELECT id FROM people_person WHERE email = lower(%s)",
    "owner": "SELECT id FROM people_person WHERE email = lower(%s)",
    "requester": "SELECT id FROM people_person WHERE email = lower(%s)",
    "service": "SELECT id FROM items_item WHERE code = %s",
}
#: Facts that only the practice of a record knows.
PRACTICE_FACTS = frozenset({"impact", "urgency", "category", "major"})


_meanings: dict[str, Callable[[str], Several]] = {}


def register_meaning(field: str, meaning: Callable[[str], Several]) -> None:
    """Have a practice say what a word written in a condition on one of its facts means."""
    _meanings[field] = meaning


@dataclass(frozen=True, slots=True)
class Shelf:
    """The book at one revision. `offers` are by kind of agreement and metric; `detailed` says whether any metric asks
    for facts that only a practice knows."""

    revision: int
    offers: tuple[Offer, ...]
    kinds: frozenset[str]
    any_kind: bool
    detailed: bool
    fields: frozenset[str]
    turns: tuple[datetime, ...]
    known: dict[tuple[Case, int], Mapping[Identity, int | None]]

    def choose(self, case: Case, at: datetime) -> Mapping[Identity, int | None]:
        """For every clock such a record may have, the target that applies at a moment. Most records are alike, and
        between two turns, the moments at which some promise begins or ends, the choice is the same."""
        key = (case if self.by_record else replace(case, record=""), self.turn(at))
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            found = self.known[key] = {
                identity: None if applied.promise is None else target_of(applied.promise.key)
                for identity, applied in choose(case, self.offers, at).items()
            }
        return found

    def turn(self, at: datetime) -> int:
        """Between which two turns a moment lies."""
        return bisect_right(self.turns, at)

    @property
    def by_record(self) -> bool:
        """Is anything promised for single records?"""
        return any(promise.scope.record for offer in self.offers for promise in offer.promises)

    def measures(self, kind: str) -> bool:
        """Is anything promised for this kind of record?"""
        return bool(self.offers) and (self.any_kind or kind in self.kinds)


_shelf: list[Shelf] = []
_rules: dict[int, Rule] = {}


def shelf(revision: int) -> Shelf:
    """The shelf at a revision that the caller has just asked for."""
    if _shelf and _shelf[0].revision == revision:
        return _shelf[0]
    found = made(agreements.book(revision))
    _shelf[:] = [found]
    return found


def asked() -> frozenset[str] | None:
    """What the metrics last seen by this process ask about; None before it has seen any. A metric that has come since
    is known from the next line on that matters to others."""
    return _shelf[0].fields if _shelf else None


def terms_of(target_id: int) -> Terms:
    """What a target promises; raises KeyError for one that was never agreed. A metric for each holder also stands
    still while another has the record."""
    found = agreements.promised(target_id)
    if found is None:
        raise KeyError(target_id)
    return found.terms


def start_rule_of(target_id: int) -> str:
    """From when the target counts: `reported` or `detected`."""
    found = agreements.promised(target_id)
    return found.start_rule if found else "reported"


def rule_of(target_id: int) -> Rule:
    """The metric a target measures, its conditions ready to be asked."""
    found = agreements.promised(target_id)
    if found is None:
        raise KeyError(target_id)
    known = _rules.get(found.metric_id)
    if known is None:
        # A version of a metric never changes.
        known = _rules[found.metric_id] = compiled(agreements.metric(found.metric_id))
    return known


def compiled(metric: agreements.MetricRule) -> Rule:
    """A metric with its conditions compiled; names in them are looked up."""
    return rule(
        metric.code,
        start=metric.start,
        stop=metric.stop,
        pauses=metric.pauses,
        reset=metric.reset,
        cancel=metric.cancel,
        recurring=metric.recurring,
        per_holder=bool(metric.per_holder),
        resolve=_resolve,
    )


def _resolve(field: str, text: str) -> Any:
    if field in _meanings:
        return _meanings[field](text)
    found = sql.row(_LOOKUPS[field], [text])
    return found[0] if found else NOBODY


def made(book: agreements.Book) -> Shelf:
    """A book put on the shelf: grouped into offers, with what its metrics ask about."""
    grouped: dict[tuple[str, str], list[agreements.Promised]] = {}
    for one in book.promised:
        grouped.setdefault((one.kind, one.terms.metric), []).append(one)
    offers = []
    fields: set[str] = set()
    for (kind, code), promised in grouped.items():
        metric = book.metrics[code]
        offers.append(
            Offer(kind, code, bool(metric.per_holder), frozenset(metric.kinds), [one.promise for one in promised])
        )
        for metric_id in {one.metric_id for one in promised}:
            old = book.by_metric_id[metric_id]
            fields |= fields_of(old.start, old.stop, old.reset, old.cancel, *old.pauses.values())
    return Shelf(
        book.revision,
        tuple(offers),
        frozenset(kind for offer in offers for kind in offer.kinds),
        any(not offer.kinds for offer in offers),
        bool(fields & PRACTICE_FACTS),
        frozenset(fields),
        tuple(sorted({turn for one in book.promised for turn in (one.promise.since, one.promise.until) if turn})),
        {},
    )


def target_of(key: str) -> int:
    """The target a promise's key names."""
    found = re.match(r"\d+", key)
    assert found is not None  # agreements key promises by the id of their target
    return int(found[0])


def with_elsewhere(terms: Terms, per_holder: bool) -> Terms:
    """Terms of a clock kept for each holder: it stands still while another has the record."""
    if not per_holder or ELSEWHERE in terms.pauses_on:
        return terms
    return replace(terms, pauses_on=terms.pauses_on | {ELSEWHERE})


def forget() -> None:
    """Let go of everything kept; for a process that turns to another database."""
    _shelf.clear()
    _rules.clear()
