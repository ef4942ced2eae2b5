"""What a change of mind would do, before it is made (capability SL07): the same counting, twice, and nothing kept."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from quell.kernel.access.actor import Actor
from quell.kernel.records.models import Record
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars

from ..queries.material import Material, Revisions, material
from ..queries.shelf import Shelf, made
from ..rules.lines import Line
from .moving import BATCH, Moved, batches, by_agreement, by_calendar, hanging, moved, now, open_under, targets_in
from .recount import Kept, counted

#: Records looked at for a preview; beyond that it would keep people waiting.
MOST_LOOKED_AT = 20_000
MOST_EXAMPLES = 100
#: Stands for the revision that a change not made yet would have.
NOT_YET = -1

Try = Callable[[Material, Revisions], Kept | None]


def of_calendars(proposal: calendars.Proposal, actor: Actor) -> calendars.Consequences:
    """What changed calendars would move."""
    targets = targets_in(proposal.codes)
    tables = ChainMap(dict(proposal.after), calendars.timetables())  # type: ignore[arg-type]

    def attempt(one: Material, revisions: Revisions) -> Kept:
        return by_calendar(one, revisions, proposal.codes, NOT_YET, tables)

    ids = batches(lambda after: hanging(targets, closed_too=False, after=after, limit=BATCH), MOST_LOOKED_AT)
    return _consequences(ids, attempt, actor, now())


def of_version(prospect: agreements.Prospect, actor: Actor) -> calendars.Consequences:
    """What a version that applies to what is open would move."""
    at, shelf = now(), made(prospect.after)

    def attempt(one: Material, revisions: Revisions) -> Kept | None:
        return _under(one, revisions, shelf, prospect.agreement_id, max(at, prospect.since))

    ids = batches(lambda after: open_under(prospect.agreement_id, prospect.after, after), MOST_LOOKED_AT)
    return _consequences(ids, attempt, actor, at)


def _under(one: Material, revisions: Revisions, shelf: Shelf, agreement_id: int, at: datetime) -> Kept | None:
    # At an entry of its own after all others, as the line of history will be.
    entry = max((line.entry for line in one.subject.lines), default=0) + 1
    return by_agreement(_with_line(one, entry, at), revisions, shelf, agreement_id, entry, at)


def _with_line(one: Material, entry: int, at: datetime) -> Material:
    subject = replace(one.subject, lines=[*one.subject.lines, Line(entry, at, "clock_terms")])
    return replace(one, subject=subject)


def _consequences(ids: Iterator[list[int]], attempt: Try, actor: Actor, at: datetime) -> calendars.Consequences:
    looked = changed = would_breach = healed = 0
    told: list[tuple[Material, Moved]] = []
    for batch in ids:
        found, revisions = material(batch)
        for one in found:
            before, after = counted(one, revisions), attempt(one, revisions)
            looked += sum(row["stopped_at"] is None for row in before.rows)
            for change in moved(before, after, at) if after is not None else ():
                if not change.matters:
                    continue
                changed += 1
                would_breach += change.outcome == "would_breach"
                healed += change.outcome == "healed"
                told.append((one, change))
        told = _first(told)
    return calendars.Consequences(looked, changed, would_breach, healed, _examples(told, actor))


def _first(told: Sequence[tuple[Material, Moved]]) -> list[tuple[Material, Moved]]:
    def weight(pair: tuple[Material, Moved]) -> tuple[bool, float, str]:
        return not pair[1].outcome, -abs(_seconds(pair[1]) or 0), pair[0].number

    return sorted(told, key=weight)[: 2 * MOST_EXAMPLES]


def _seconds(change: Moved) -> int | None:
    if change.due_before is None or change.due_after is None:
        return None
    return int((change.due_after - change.due_before).total_seconds())


def _examples(told: Sequence[tuple[Material, Moved]], actor: Actor) -> tuple[calendars.Consequence, ...]:
    """Only records that whoever asks may see are named."""
    ids = {one.subject.record_id for one, _change in told}
    titles = dict(Record.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "title"))
    return tuple(
        calendars.Consequence(
            number=one.number,
            title=titles[one.subject.record_id],
            metric=change.identity.metric,
            agreement=_agreement(one, change),
            due_before=change.due_before,
            due_after=change.due_after,
            moved_seconds=_seconds(change),
            outcome=change.outcome,  # type: ignore[arg-type]
        )
        for one, change in told
        if one.subject.record_id in titles
    )[:MOST_EXAMPLES]


def _agreement(one: Material, change: Moved) -> str:
    for chosen in reversed(one.choices):
        if chosen.identity == change.identity and chosen.target_id is not None:
            found = agreements.promised(chosen.target_id)
            return found.terms.agreement if found else ""
    return ""
