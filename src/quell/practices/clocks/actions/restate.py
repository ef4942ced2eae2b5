"""A change of mind: clocks counted again by a corrected calendar or a new version of an agreement (domain.md 5.9).

Open clocks move, with a line in the history of each record that says what moved, from when to when, why and by whose
act. What is closed stays as it was told, unless a restatement is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from quell.kernel.access.actor import HOUSE, Actor, actor_for_person
from quell.kernel.config import sql
from quell.kernel.jobs.app import enqueue
from quell.kernel.journal.write import Line, write_all
from quell.kernel.live import hints
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars

from ..queries.material import Material, Revisions, material
from ..queries.shelf import Shelf, shelf
from ..rules.choosing import Identity
from .moving import Moved, by_agreement, by_calendar, hanging, moved, open_under, targets_in
from .recount import Kept, counted, keep

#: So many records are done at once, within the transaction of the change; the rest follows in jobs.
AT_ONCE = 1000
RESTATED, TERMS = "clock_restated", "clock_terms"


@dataclass(frozen=True, slots=True)
class Cause:
    """What was changed: calendars (with the revision they count from), or a version of an agreement."""

    codes: tuple[str, ...] = ()
    revision: int = 0
    agreement_id: int = 0
    version: int = 0
    reason: str = ""
    person_id: int | None = None
    closed_too: bool = False

    def said(self) -> dict[str, Any]:
        """For the line of history."""
        if self.codes:
            return {"calendars": list(self.codes), "reason": self.reason}
        return {"agreement": self.agreement_id, "version": self.version, "reason": self.reason}


def calendars_applied(applied: calendars.Applied) -> None:
    """Calendars were changed: move what hangs on them, inside their transaction as far as it is soon done."""
    actor = applied.actor
    cause = Cause(
        codes=applied.codes, revision=applied.revision, reason=applied.reason, person_id=actor.person_id,
        closed_too=applied.closed_too,
    )  # fmt: skip
    _go(cause, actor, applied.at)


def version_activated(activated: agreements.Activated) -> None:
    """A version begins to hold; the clocks that run go over to it, if it says so."""
    if not activated.apply_to_open:
        return
    found = next((one for one in agreements.book().promised if one.version_id == activated.version_id), None)
    number = found.terms.version if found else 0
    cause = Cause(
        agreement_id=activated.agreement_id, version=number, reason=activated.reason,
        person_id=activated.actor.person_id,
    )  # fmt: skip
    _go(cause, activated.actor, activated.at)


def _go(cause: Cause, actor: Actor, at: datetime) -> None:
    after = done = 0
    while ids := _next(cause, after):
        after, done = ids[-1], done + len(ids)
        restate(ids, cause, actor, at)
        if done >= AT_ONCE:
            enqueue("clocks.restate", cause=_as_plain(cause), after=after, at=at.isoformat())
            return


def _next(cause: Cause, after: int) -> list[int]:
    if cause.codes:
        return hanging(targets_in(cause.codes), closed_too=cause.closed_too, after=after)
    return open_under(cause.agreement_id, agreements.book(), after)


def _as_plain(cause: Cause) -> dict[str, Any]:
    return {name: getattr(cause, name) for name in Cause.__slots__}


def go_on(cause: Mapping[str, Any], after: int, at: str) -> int | None:
    """The next batch of a change that was too large for its own transaction; the id to go on from, None when done."""
    meant = Cause(**{**cause, "codes": tuple(cause["codes"])})
    ids = _next(meant, after)
    if not ids:
        return None
    actor = actor_for_person(meant.person_id, channel="rule") if meant.person_id else None
    with transaction.atomic():
        restate(ids, meant, actor or HOUSE, datetime.fromisoformat(at))
    return ids[-1]


def restate(ids: Sequence[int], cause: Cause, actor: Actor, at: datetime) -> int:
    """Count these records again, in the caller's transaction; returns how many had a clock that moved."""
    sql.execute("SELECT id FROM records_record WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [list(ids)])
    found, revisions = material(ids)
    present = shelf(revisions.promises)
    if cause.codes:
        return _restate_calendars(found, revisions, cause, actor, at)
    return _restate_agreement(found, revisions, present, cause, actor, at)


def _restate_calendars(
    found: Sequence[Material], revisions: Revisions, cause: Cause, actor: Actor, at: datetime
) -> int:
    kept: list[Kept] = []
    lines: list[Line] = []
    for one in found:
        after = by_calendar(one, revisions, cause.codes, cause.revision, closed=cause.closed_too)
        changes = moved(counted(one, revisions), after, at)
        kept.append(_healed(after, changes))
        if changes:
            lines.append(_line(one, RESTATED, {**cause.said(), "clocks": [_as_json(change) for change in changes]}))
    keep(kept)
    _write(lines, actor, at)
    return len(lines)


def _restate_agreement(
    found: Sequence[Material], revisions: Revisions, present: Shelf, cause: Cause, actor: Actor, at: datetime
) -> int:
    """The line comes first: what is chosen is chosen at it."""
    trial = [(one, by_agreement(one, revisions, present, cause.agreement_id, 0, at)) for one in found]
    going = [one for one, kept in trial if kept is not None]
    lines = []
    for one, after in trial:
        if after is not None:
            changes = moved(counted(one, revisions), after, at)
            lines.append(_line(one, TERMS, {**cause.said(), "clocks": [_as_json(change) for change in changes]}))
    entries = _write(lines, actor, at)
    if not entries:
        return 0
    written = dict(zip([one.subject.record_id for one in going], entries, strict=True))
    again, revisions = material(list(written))
    kept = []
    for one in again:
        after = by_agreement(one, revisions, present, cause.agreement_id, written[one.subject.record_id], at)
        if after is not None:
            kept.append(after)
    keep(kept)
    return len(kept)


def _healed(kept: Kept, changes: Sequence[Moved]) -> Kept:
    """Whose breach was a mistake of the calendar may be told of a real one later."""
    healed = {change.identity for change in changes if change.outcome == "healed"}
    for row in kept.rows:
        if row["breach_told"] and Identity(row["kind"], row["metric"], row["holder"]) in healed:
            row["breach_told"] = False
            row["next_look_at"] = row["breaches_at"]
    return replace(kept, healed=True) if healed else kept


def _as_json(change: Moved) -> dict[str, Any]:
    return {
        "kind": change.identity.kind,
        "metric": change.identity.metric,
        "holder": change.identity.holder,
        "due_before": change.due_before,
        "due_after": change.due_after,
        "outcome": change.outcome,
    }


def _line(one: Material, verb: str, data: Mapping[str, Any]) -> Line:
    return Line(one.subject.record_id, one.organisation_id, verb, data, one.version)


def _write(lines: Sequence[Line], actor: Actor, at: datetime) -> list[int]:
    written = write_all(lines, actor, at)
    if written:
        hints.changed()
    return written
