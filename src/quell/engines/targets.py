"""Which promise applies to a record: the most specific one wins, and the choice says why (domain.md 4.9, 5.5). Pure.

    record > service and customer > service > customer > default

Among promises of one rank the nearer service wins, then the nearer customer, then the one that says more about the
record (its priority, its kind, the service's criticality), then the one that holds since later. A promise to be kept by
one team or supplier (OLA, UC) applies only while it holds the record.

ISO/IEC 20000-1:2018 8.3.3: agreed targets per service; 8.3.4: with suppliers; which one was applied can be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

#: How specific a promise is, least first.
DEFAULT, CUSTOMER, SERVICE, SERVICE_AND_CUSTOMER, RECORD = (
    "default",
    "customer",
    "service",
    "service_and_customer",
    "record",
)
RANKS = (DEFAULT, CUSTOMER, SERVICE, SERVICE_AND_CUSTOMER, RECORD)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a promise is for; what is left empty is for any. `priorities`, `kinds` and `criticalities` list what it is
    for; `holder` is the team or supplier that gave it."""

    record: str = ""
    service: str = ""
    customer: str = ""
    holder: str = ""
    priorities: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    criticalities: frozenset[int] = frozenset()

    @property
    def rank(self) -> str:
        """How specific it is."""
        if self.record:
            return RECORD
        if self.service:
            return SERVICE_AND_CUSTOMER if self.customer else SERVICE
        return CUSTOMER if self.customer else DEFAULT


@dataclass(frozen=True, slots=True)
class Promise:
    """One target of one version of an agreement, by the caller's `key`. It holds in `[since, until)`."""

    key: str
    metric: str
    scope: Scope
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """The record to choose for. `services` and `customers` are nearest first: the service and those it is part of, the
    customer's organisation and those above it."""

    record: str = ""
    services: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    holder: str = ""
    priority: int | None = None
    kind: str = ""
    criticality: int | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """One reason, as a code with its values; the words belong to whoever shows it."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Applied:
    """The promise that applies (None: none does), why, and why each other of the same metric does not."""

    promise: Promise | None
    because: Because
    passed_over: tuple[tuple[Promise, Because], ...] = ()


def applies(metric: str, case: Case, promises: Iterable[Promise], at: datetime) -> Applied:
    """Choose the promise for a metric of a record at a moment. Equal in everything, the lower key wins."""
    fitting: list[tuple[tuple[int, ...], Promise]] = []
    passed: list[tuple[Promise, Because]] = []
    for promise in sorted((one for one in promises if one.metric == metric), key=lambda one: one.key):
        obstacle = _obstacle(promise, case, at)
        if obstacle is None:
            fitting.append((_weight(promise, case), promise))
        else:
            passed.append((promise, obstacle))
    if not fitting:
        return Applied(None, Because("none"), tuple(passed))
    chosen = max(fitting, key=lambda pair: (pair[0], pair[1].since))[1]
    for _, promise in fitting:
        if promise is not chosen:
            passed.append((promise, _less(promise, chosen)))
    return Applied(chosen, _why(chosen), tuple(passed))


def _obstacle(promise: Promise, case: Case, at: datetime) -> Because | None:
    """Why a promise does not fit the record at all."""
    scope = promise.scope
    if at < promise.since:
        return Because("not_yet", {"since": promise.since.isoformat()})
    if promise.until is not None and at >= promise.until:
        return Because("over", {"until": promise.until.isoformat()})
    named = (
        ("other_record", scope.record, (case.record,)),
        ("other_service", scope.service, case.services),
        ("other_customer", scope.customer, case.customers),
        ("other_holder", scope.holder, (case.holder,)),
    )
    for code, wanted, found in named:
        if wanted and wanted not in found:
            return Because(code, {"wanted": wanted})
    if scope.priorities and case.priority not in scope.priorities:
        return Because("other_priority", {"wanted": ", ".join(map(str, sorted(scope.priorities)))})
    if scope.kinds and case.kind not in scope.kinds:
        return Because("other_kind", {"wanted": ", ".join(sorted(scope.kinds))})
    if scope.criticalities and case.criticality not in scope.criticalities:
        return Because("other_criticality", {"wanted": ", ".join(map(str, sorted(scope.criticalities)))})
    return None


def _weight(promise: Promise, case: Case) -> tuple[int, ...]:
    """Rank, nearness of service and of customer, what it says of the record."""
    scope = promise.scope
    return (
        RANKS.index(scope.rank),
        -case.services.index(scope.service) if scope.service else 0,
        -case.customers.index(scope.customer) if scope.customer else 0,
        bool(scope.priorities) + bool(scope.kinds) + bool(scope.criticalities) + bool(scope.holder),
    )


def _less(promise: Promise, chosen: Promise) -> Because:
    """Why a promise that fits stands back behind the one that applies."""
    if promise.scope.rank != chosen.scope.rank:
        return Because("less_specific", {"rank": promise.scope.rank, "behind": chosen.scope.rank})
    if (promise.scope.service, promise.scope.customer) != (chosen.scope.service, chosen.scope.customer):
        return Because("further_away", {"behind": chosen.key})
    return Because("says_less" if promise.scope != chosen.scope else "older", {"behind": chosen.key})


def _why(chosen: Promise) -> Because:
    scope = chosen.scope
    named = {"record": scope.record, "service": scope.service, "customer": scope.customer, "holder": scope.holder}
    return Because(scope.rank, {name: value for name, value in named.items() if value})
