"""The clocks of a record as the API tells them (contract.md): everything to those who see its inside, and to others
what was promised to them, without names and without what we wait for among ourselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from quell.engines.clock.state import Instance, Segment
from quell.kernel.config import sql
from quell.practices.agreements import facade as agreements

from .explain import Explained, explain, seconds, segment_json
from .holders import holders

#: What requesters may read of the reasons for waiting: what waits for them.
THEIRS = frozenset({"requester", "scheduled"})
_PEOPLE = "SELECT id, email, name FROM people_person WHERE id = ANY(%s)"


def told(record_id: int, now: datetime, *, internal: bool) -> dict[str, Any]:
    """`items`: every instance of every clock; `holders`: who had it for how long, empty for outsiders."""
    found = explain(record_id, now)
    if not internal:
        return {"items": [_outside(one) for one in found if one.kind == "sla"], "holders": []}
    people = {key: email for key, (email, _name) in people_in(found).items()}
    return {
        "items": [_inside(one, people) for one in found],
        "holders": [_held(one) for one in holders(record_id, now)],
    }


def people_in(found: Iterable[Explained]) -> dict[str, tuple[str, str]]:
    """(e-mail, name) of everybody who moved one of these clocks, by id as text."""
    ids = {int(segment.by) for one in found for segment in one.instance.segments if segment.by}
    return {str(row[0]): (row[1], row[2]) for row in sql.rows(_PEOPLE, [sorted(ids)])} if ids else {}


def _inside(one: Explained, people: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_common(one),
        "holder": one.holder or None,
        "supplier": one.supplier or None,
        "warnings": [
            {"percent": warning.percent, "at": warning.at, "told": one.told >= warning.percent}
            for warning in one.instance.warnings
        ],
        "segments": [segment_json(segment, people) for segment in one.instance.segments],
        "breach_cause": one.breach_cause or None,
        "excluded_because": one.excluded_because or None,
        "exclusion": one.exclusion or None,
        "exclusion_because": one.proposed_because or None,
        "judged_at": one.judged_at,
    }


def _outside(one: Explained) -> dict[str, Any]:
    return {
        **_common(one),
        "id": None,
        "reasons": [reason for reason in one.instance.reasons if reason in THEIRS],
        "holder": None,
        "supplier": None,
        "warnings": [],
        "segments": [_segment_outside(segment) for segment in one.instance.segments],
        "breach_cause": None,
        "excluded_because": None,
        "exclusion": None,
        "exclusion_because": None,
        "judged_at": None,
    }


def _segment_outside(segment: Segment) -> dict[str, Any]:
    told = segment_json(segment, {})
    return {**told, "entry": None, "reasons": [reason for reason in segment.reasons if reason in THEIRS]}


def _common(one: Explained) -> dict[str, Any]:
    instance: Instance = one.instance
    return {
        "id": one.id,
        "metric": one.metric,
        "metric_name": agreements.metric_name(one.metric, one.metric_name),
        "kind": one.kind,
        "agreement": {"code": one.agreement, "name": one.agreement_name, "version": one.version},
        "calendar": one.calendar,
        "number": one.number,
        "current": one.current,
        "state": instance.state,
        "outcome": instance.outcome or None,
        "target_seconds": seconds(instance.target),
        "started_at": instance.started_at,
        "stopped_at": instance.stopped_at,
        "elapsed_seconds": seconds(instance.elapsed),
        "remaining_seconds": seconds(instance.remaining),
        "paused_seconds": seconds(instance.paused),
        "percent": round(instance.percent, 1),
        "due_at": instance.due_at,
        "breached": instance.breached,
        "breaches_at": instance.breaches_at,
        "reasons": list(instance.reasons),
        "paused_until": instance.paused_until,
        "late_recorded": instance.late_recorded,
        "informational": instance.informational,
    }


def _held(one: Any) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "key": one.key or None,
        "name": one.name or None,
        "seconds": seconds(one.time),
        "open_seconds": None if one.open is None else seconds(one.open),
        "current": one.current,
    }
