"""Each clock of a record as it stands now, stretch by stretch: what the ticket opens and the API answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quell.engines.clock.state import Instance, Segment
from quell.kernel.config import sql
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars

from ..rules.choosing import Identity
from ..rules.counting import shown
from ..rules.lines import moments
from .material import Chosen, Material, material
from .planning import as_stored, plans


@dataclass(frozen=True, slots=True)
class Explained:
    """One instance of a clock with what it was promised by. `holder` is the team whose clock it is, if it is one's."""

    id: int | None
    kind: str
    metric: str
    metric_name: str
    holder: str
    number: int
    current: bool
    agreement: str
    agreement_name: str
    version: int
    supplier: str
    calendar: str
    goal_percent: str
    instance: Instance
    breach_cause: str
    excluded_because: str
    #: The highest percent that was told, and who judged it when.
    told: int
    judged_by: str
    judged_at: datetime | None
    #: Was it proposed to leave it out (`proposed`, `accepted`, `rejected`), why and by whom.
    exclusion: str = ""
    proposed_because: str = ""
    proposed_by_id: int | None = None


def explain(record_id: int, now: datetime) -> list[Explained]:
    """All clocks of a record at `now`, every instance of each, the most pressing kinds first."""
    found, revisions = material([record_id])
    if not found:
        return []
    one = found[0]
    made = plans(one.choices)
    by = as_stored(one.stored, revisions.calendars)
    kept = _kept(record_id)
    explained: list[Explained] = []
    course = list(moments(one.subject))
    for plan in made:
        clock = shown(one.subject, course, plan, calendars.timetables(by(plan.identity)), now)
        for number, instance in enumerate(clock.instances, 1):
            last = number == len(clock.instances)
            explained.append(_explained(one, plan.identity, number, instance, last=last, kept=kept))
    return sorted(explained, key=_order)


_KINDS = ("sla", "ola", "uc")
_METRICS = ("response", "assignment", "update", "resolution", "fulfilment", "approval", "handling", "acceptance")


def _order(one: Explained) -> tuple[int, int, str, str, int]:
    place = _METRICS.index(one.metric) if one.metric in _METRICS else len(_METRICS)
    return _KINDS.index(one.kind), place, one.metric, one.holder, one.number


_KEPT = """
SELECT k.kind, k.metric, k.holder, k.number, k.id, k.breach_cause, k.excluded_because, k.told, coalesce(p.name, ''),
  k.judged_at, coalesce(k.exclusion, ''), coalesce(k.exclusion_because, ''), k.exclusion_by_id
FROM clocks_clock k LEFT JOIN people_person p ON p.id = k.judged_by_id WHERE k.record_id = %s
"""
_NOT_KEPT = (None, "", "", 0, "", None, "", "", None)


def _kept(record_id: int) -> Mapping[tuple[Any, ...], tuple[Any, ...]]:
    return {tuple(row[:4]): tuple(row[4:]) for row in sql.rows(_KEPT, [record_id])}


def _explained(
    one: Material, identity: Identity, number: int, instance: Instance, *, last: bool, kept: Mapping[Any, Any]
) -> Explained:
    target = _promised(one.choices, identity, instance)
    pk, cause, excluded, told, judged_by, judged_at, exclusion, proposed, proposer = kept.get(
        (identity.kind, identity.metric, identity.holder, number), _NOT_KEPT
    )
    book = agreements.metric(target.metric_id) if target else None
    return Explained(
        id=pk,
        kind=identity.kind,
        metric=identity.metric,
        metric_name=book.name if book else identity.metric,
        holder=identity.holder,
        number=number,
        current=last,
        agreement=instance.terms.agreement,
        agreement_name=target.agreement_name if target else instance.terms.agreement,
        version=instance.terms.version,
        supplier=target.supplier if target else "",
        calendar=instance.terms.calendar,
        goal_percent=str(target.goal_percent) if target else "",
        instance=instance,
        breach_cause=cause,
        excluded_because=excluded,
        told=told,
        judged_by=judged_by,
        judged_at=judged_at,
        exclusion=exclusion,
        proposed_because=proposed,
        proposed_by_id=proposer,
    )


def _promised(choices: Sequence[Chosen], identity: Identity, instance: Instance) -> agreements.Promised | None:
    """The target whose terms an instance runs by."""
    for chosen in reversed(choices):
        if chosen.identity == identity and chosen.target_id is not None:
            found = agreements.promised(chosen.target_id)
            if found and (found.terms.agreement, found.terms.version) == (
                instance.terms.agreement,
                instance.terms.version,
            ):
                return found
    return None


def seconds(amount: timedelta) -> int:
    """Whole seconds, what is less than one left out; negative amounts towards the smaller."""
    return amount // timedelta(seconds=1)


def segment_json(segment: Segment, people: Mapping[str, str]) -> dict[str, Any]:
    """A stretch as the API tells it."""
    return {
        "kind": segment.kind,
        "from": segment.begin,
        "to": None if segment.ongoing else segment.end,
        "reasons": list(segment.reasons),
        "cause": segment.cause,
        "by": people.get(segment.by) if segment.by else None,
        "entry": segment.entry or None,
        "calendar": segment.calendar,
        "agreement": segment.agreement,
        "version": segment.version,
        "open_seconds": seconds(segment.open),
        "counted_seconds": seconds(segment.counted),
        "total_seconds": seconds(segment.total),
    }
