"""The book of promises: every target that holds, held or will hold soon, ready for the choice (domain.md 5.5).

It is read whole and kept in the process until its revision changes. What the revision counts, and why it is never given
twice, stands at `models.Revision`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from quell.engines.clock.terms import Target, Terms
from quell.engines.targets import Promise, Scope
from quell.kernel.config import sql

#: How long a version that has ended stays in the book: late events of last month are still chosen for.
LINGERS = timedelta(days=62)
#: What stands for "from now on" while a draft is tried, before it has been agreed.
NOT_YET = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MetricRule:
    """One version of a metric; the conditions are texts of `engines.conditions`."""

    id: int
    code: str
    name: str
    kinds: tuple[str, ...]
    start: str
    stop: str
    pauses: Mapping[str, str]
    reset: str
    cancel: str
    recurring: bool
    per_holder: str
    version: int
    active: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """One target with whose it is. A target for several services is promised once for each, with the same key."""

    promise: Promise
    terms: Terms
    kind: str
    agreement_id: int
    version_id: int
    target_id: int
    metric_id: int
    agreement_name: str
    goal_percent: Decimal
    start_rule: str
    supplier: str
    provider_team_id: int | None


@dataclass(frozen=True, slots=True)
class Book:
    """Everything a choice looks at, at one revision. `metrics` has the newest of each code."""

    revision: int
    promised: tuple[Promised, ...]
    metrics: Mapping[str, MetricRule]
    by_metric_id: Mapping[int, MetricRule]


REVISION = "coalesce((SELECT number FROM agreements_revision WHERE id = 1), 0)"
_METRICS = """
SELECT id, code, name, kinds, start, stop, pauses, reset, cancel, recurring, per_holder, version, active
FROM agreements_metric ORDER BY code, version
"""
_PROMISED = """
SELECT t.id AS target_id, t.metric_id, m.code AS metric, t.target_kind, t.amount, t.calendar, t.services, t.priorities,
  t.kinds, t.criticalities, t.pauses_on, t.on_change, t.on_reopen, t.breach_rule, t.keep_breach, t.warn_at,
  t.goal_percent, t.start_rule, v.id AS version_id, v.number, v.services AS covered, v.in_force_from, v.in_force_until,
  a.id AS agreement_id, a.code, a.name AS agreement_name, a.kind, a.supplier, a.provider_team_id,
  coalesce(a.customer_id, a.organisation_id) AS customer_id
FROM agreements_target t JOIN agreements_version v ON v.id = t.version_id
JOIN agreements_agreement a ON a.id = v.agreement_id JOIN agreements_metric m ON m.id = t.metric_id
"""
_IN_FORCE = (
    _PROMISED
    + "WHERE v.in_force_from IS NOT NULL AND (v.in_force_until IS NULL OR v.in_force_until > %s) ORDER BY v.id, t.id"
)
_OWNERS = "SELECT id, owner_id FROM agreements_agreement WHERE id = ANY(%s)"
_OF_TARGET = _PROMISED + "WHERE t.id = %s"
_OF_VERSION = _PROMISED + "WHERE v.id = %s ORDER BY t.id"

_kept: dict[int, Book] = {}
_known_targets: dict[int, Promised] = {}
_MOST_TARGETS = 20_000


def revision() -> int:
    """The number of the present state; it grows with everything that could alter a choice. 0: nothing has changed
    since Quell was installed."""
    found = sql.row(f"SELECT {REVISION}")
    return int(found[0]) if found else 0


def book(at_revision: int | None = None) -> Book:
    """The book at its present revision. Who has just asked for the revision gives it, and saves the statement."""
    number = revision() if at_revision is None else at_revision
    known = _kept.get(number)
    if known is None:
        known = _read(number)
        _kept.clear()
        _known_targets.clear()  # an agreement may have another name now
        _kept[number] = known
    return known


def with_version(version_id: int, since: datetime) -> Book:
    """The present book as it would be if this version held from `since` on, in place of what its agreement has."""
    present = book()
    drafted = [_promised(row, service, since) for row in sql.dicts(_OF_VERSION, [version_id]) for service in _of(row)]
    agreement_id = next((one.agreement_id for one in drafted), 0)
    others = [one for one in present.promised if one.agreement_id != agreement_id]
    return Book(present.revision, (*others, *drafted), present.metrics, present.by_metric_id)


def metric(metric_id: int) -> MetricRule:
    """One version of a metric; raises KeyError."""
    found = book().by_metric_id.get(metric_id)
    if found is None:
        raise KeyError(metric_id)
    return found


def promised(target_id: int) -> Promised | None:
    """A target of any version that was ever agreed; None for one that is not there. A target for several services is
    given for the first of them."""
    known = _known_targets.get(target_id)
    if known is not None:
        return known
    row = next(iter(sql.dicts(_OF_TARGET, [target_id])), None)
    if row is None:
        return None
    found = _promised(row, _of(row)[0], row["in_force_from"] or NOT_YET)
    if row["in_force_from"] is not None:
        # What has been agreed does not change, but for the moment it ends; who asks here asks for its terms.
        if len(_known_targets) >= _MOST_TARGETS:
            _known_targets.clear()
        _known_targets[target_id] = found
    return found


def owners(agreement_ids: Collection[int]) -> dict[int, int]:
    """Who answers for each of these agreements, where somebody does."""
    found = sql.rows(_OWNERS, [list(agreement_ids)])
    return {agreement: owner for agreement, owner in found if owner is not None}


def _read(number: int) -> Book:
    rules = [_rule(row) for row in sql.dicts(_METRICS)]
    rows = sql.dicts(_IN_FORCE, [datetime.now(UTC) - LINGERS], prepare=False)
    found = tuple(_promised(row, service, row["in_force_from"]) for row in rows for service in _of(row))
    return Book(number, found, {rule.code: rule for rule in rules}, {rule.id: rule for rule in rules})


def _rule(row: Mapping[str, Any]) -> MetricRule:
    return MetricRule(**{**row, "kinds": tuple(row["kinds"]), "pauses": dict(row["pauses"])})


def _of(row: Mapping[str, Any]) -> list[int | None]:
    """The services a target is for: its own, else those of the version; one None for any."""
    return list(row["services"] or row["covered"]) or [None]


def _promised(row: Mapping[str, Any], service: int | None, since: datetime) -> Promised:
    scope = Scope(
        service="" if service is None else str(service),
        # Without a customer it is for everybody of the organisation that keeps it, and for nobody of another house.
        customer=str(row["customer_id"]),
        holder="" if row["provider_team_id"] is None else str(row["provider_team_id"]),
        priorities=frozenset(row["priorities"]),
        kinds=frozenset(row["kinds"]),
        criticalities=frozenset(row["criticalities"]),
    )
    until = row["in_force_until"] if since == row["in_force_from"] else None
    terms = Terms(
        row["metric"],
        Target(row["target_kind"], row["amount"]),
        row["calendar"],
        row["code"],
        row["number"],
        frozenset(row["pauses_on"]),
        row["on_change"],
        row["on_reopen"],
        row["breach_rule"],
        row["keep_breach"],
        tuple(row["warn_at"]),
    )
    return Promised(
        Promise(str(row["target_id"]), row["metric"], scope, since, until),
        terms,
        row["kind"],
        row["agreement_id"],
        row["version_id"],
        row["target_id"],
        row["metric_id"],
        row["agreement_name"],
        row["goal_percent"],
        row["start_rule"],
        row["supplier"],
        row["provider_team_id"],
    )


def forget() -> None:
    """Let go of everything kept; for a process that turns to another database."""
    _kept.clear()
    _known_targets.clear()
