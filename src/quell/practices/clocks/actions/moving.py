"""What would move if calendars, or an agreement, were others: the same records counted by them (domain.md 5.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quell.kernel.config import sql
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars

from ..queries.material import Chosen, Material, Revisions
from ..queries.shelf import Shelf
from ..rules.choosing import Identity
from .recount import Kept, chosen_now, counted

BATCH = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """One clock before and after."""

    identity: Identity
    due_before: datetime | None
    due_after: datetime | None
    broken_before: bool
    broken_after: bool
    #: Does anything come of it? Not when only the version changes that promises the same.
    matters: bool = True

    @property
    def outcome(self) -> str:
        """Would it be broken now, or be kept after all?"""
        if self.broken_before == self.broken_after:
            return ""
        return "would_breach" if self.broken_after else "healed"


_TARGETS = "SELECT DISTINCT target_id FROM clocks_clock"
_HANGING = """
SELECT DISTINCT k.record_id FROM clocks_clock k WHERE k.target_id = ANY(%(targets)s) AND k.record_id > %(after)s
  AND (%(closed)s OR EXISTS (SELECT 1 FROM clocks_clock o WHERE o.record_id = k.record_id AND o.stopped_at IS NULL
    AND (o.kind, o.metric, o.holder) = (k.kind, k.metric, k.holder)))
ORDER BY k.record_id LIMIT %(limit)s
"""


def targets_in(codes: Sequence[str]) -> list[int]:
    """The targets in use that are counted in one of these calendars."""
    used = [row[0] for row in sql.rows(_TARGETS)]
    return [one for one in used if (found := agreements.promised(one)) and found.terms.calendar in codes]


def hanging(targets: Sequence[int], *, closed_too: bool, after: int = 0, limit: int = BATCH) -> list[int]:
    """Records with an open clock (or any) that has, or had, one of these targets."""
    values = {"targets": list(targets), "closed": closed_too, "after": after, "limit": limit}
    return [row[0] for row in sql.rows(_HANGING, values, prepare=False)] if targets else []


_OPEN = """
SELECT r.id FROM records_record r JOIN people_organisation o ON o.id = r.organisation_id
WHERE r.state_category IN ('new', 'active', 'waiting') AND o.path && %(organisations)s::bigint[] AND r.id > %(after)s
ORDER BY r.id LIMIT %(limit)s
"""


def open_under(agreement_id: int, book: agreements.Book, after: int = 0, limit: int = BATCH) -> list[int]:
    """Open records of those whom an agreement promises something."""
    customers = {int(one.promise.scope.customer) for one in book.promised if one.agreement_id == agreement_id}
    values = {"organisations": sorted(customers), "after": after, "limit": limit}
    return [row[0] for row in sql.rows(_OPEN, values, prepare=False)] if customers else []


def by_calendar(
    one: Material,
    revisions: Revisions,
    codes: Sequence[str],
    revision: int,
    tables: Any = None,
    *,
    closed: bool = False,
) -> Kept:
    """A record counted with the clocks that hang on these calendars at another revision. `tables`: timetables that
    stand in for it, to try a change that is not kept yet."""
    open_ = {one.identity for one in one.stored if one.open}
    known = {stored.identity: stored.as_of for stored in one.stored}
    moving = {
        identity
        for identity in known
        if (closed or identity in open_) and any(_counted_in(chosen, codes, identity) for chosen in one.choices)
    }
    return counted(
        one,
        revisions,
        as_of=lambda identity: revision if identity in moving else known.get(identity, revisions.calendars),
        tables=(lambda by: tables if by == revision else calendars.timetables(by)) if tables is not None else None,
    )


def _counted_in(chosen: Chosen, codes: Sequence[str], identity: Identity) -> bool:
    if chosen.identity != identity or chosen.target_id is None:
        return False
    found = agreements.promised(chosen.target_id)
    return found is not None and found.terms.calendar in codes


def by_agreement(
    one: Material, revisions: Revisions, present: Shelf, agreement_id: int, entry: int, at: datetime
) -> Kept | None:
    """A record with the targets of an agreement chosen anew at an entry; None when that changes nothing."""
    fresh = [
        chosen
        for chosen in chosen_now(one, present, entry, at)
        if _of_agreement(chosen.target_id, agreement_id) or _of_agreement(_target_before(one, chosen), agreement_id)
    ]
    return counted(one, revisions, fresh) if fresh else None


def _of_agreement(target_id: int | None, agreement_id: int) -> bool:
    found = None if target_id is None else agreements.promised(target_id)
    return found is not None and found.agreement_id == agreement_id


def _target_before(one: Material, chosen: Chosen) -> int | None:
    return next((old.target_id for old in reversed(one.choices) if old.identity == chosen.identity), None)


def moved(before: Kept, after: Kept, now: datetime) -> list[Moved]:
    """Every open clock whose course is not the same any more."""
    old, new = _newest(before), _newest(after)
    found = []
    for identity in sorted(old.keys() | new.keys()):
        was, is_ = old.get(identity), new.get(identity)
        open_ = (was is not None and was["stopped_at"] is None) or (is_ is not None and is_["stopped_at"] is None)
        if not open_ or (_told(was) == _told(is_) and _broken(was, now) == _broken(is_, now)):
            continue
        broken = _broken(was, now), _broken(is_, now)
        matters = _course(was) != _course(is_) or broken[0] != broken[1]
        found.append(Moved(identity, _due(was), _due(is_), *broken, matters))
    return found


def _newest(kept: Kept) -> dict[Identity, Mapping[str, Any]]:
    return {Identity(row["kind"], row["metric"], row["holder"]): row for row in kept.rows}


def _told(row: Mapping[str, Any] | None) -> tuple[Any, ...]:
    return () if row is None else tuple(row[name] for name in ("due_at", "spent", "length", "target_id"))


def _course(row: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """What people would notice: when it is due, and while it is paused, how much is left."""
    if row is None:
        return ()
    return (row["due_at"], None if row["due_at"] else row["length"] - row["spent"])


def _due(row: Mapping[str, Any] | None) -> datetime | None:
    return None if row is None else row["due_at"]


def _broken(row: Mapping[str, Any] | None, now: datetime) -> bool:
    return row is not None and row["breaches_at"] is not None and row["breaches_at"] <= now


Walk = Callable[[int], list[int]]


def batches(walk: Walk, most: int) -> Iterator[list[int]]:
    """Ids in batches, at most so many."""
    after = seen = 0
    while seen < most and (ids := walk(after)):
        yield ids
        after, seen = ids[-1], seen + len(ids)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
