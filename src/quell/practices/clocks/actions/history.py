"""Clocks for history that came in from elsewhere: what would have been promised is chosen line by line, as if the
agreements had held, and counted by replay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from quell.engines.targets import Case
from quell.kernel.config import sql
from quell.kernel.config.refusal import NotFound
from quell.practices.agreements import facade as agreements

from ..queries.material import Chosen, Material, Revisions, material
from ..queries.shelf import Shelf, shelf
from ..rules.choosing import Identity, moved
from ..rules.lines import Moment, moments
from .recount import Kept, counted, keep

BATCH = 1000
Progress = Callable[[int, int], None]

_IDS = """
SELECT r.id FROM records_record r JOIN people_organisation o ON o.id = r.organisation_id
WHERE (SELECT id FROM people_organisation WHERE code = %(code)s) = ANY(o.path) AND r.id > %(after)s
  AND NOT EXISTS (SELECT 1 FROM clocks_choice c WHERE c.record_id = r.id)
ORDER BY r.id LIMIT %(limit)s
"""
_COUNT = """
SELECT (SELECT id FROM people_organisation WHERE code = %(code)s), (SELECT count(*) FROM records_record r
  JOIN people_organisation o ON o.id = r.organisation_id
  WHERE (SELECT id FROM people_organisation WHERE code = %(code)s) = ANY(o.path))
"""


def apply_to_history(organisation: str, progress: Progress) -> tuple[int, int]:
    """Clocks for every record of an organisation and below that has none: (records, clocks made). What was told long
    ago, or would have been, is told no more: only what is still ahead is looked at. Raises NotFound."""
    row = sql.row(_COUNT, {"code": organisation})
    if row is None or row[0] is None:
        raise NotFound(_("There is no organisation with the code “%(code)s”.") % {"code": organisation})
    records = clocks = done = after = 0
    while ids := [one[0] for one in sql.rows(_IDS, {"code": organisation, "after": after, "limit": BATCH})]:
        with transaction.atomic():
            sql.execute("SELECT id FROM records_record WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids])
            of_these = give_history(ids)
        records, clocks = records + of_these[0], clocks + of_these[1]
        after, done = ids[-1], done + len(ids)
        progress(done, max(row[1], done))
    if clocks:
        for table in ("clocks_clock", "clocks_choice", "records_record"):
            sql.execute(f"ANALYZE {table}")
    return records, clocks


def give_history(ids: Sequence[int]) -> tuple[int, int]:
    """Clocks for records that have none and whose history is written, in the caller's transaction: (records, clocks
    made)."""
    if not shelf(agreements.book().revision).offers:
        return 0, 0  # nothing is promised to anybody, so nobody's history is read
    kept = _batch(ids)
    keep(kept)
    return sum(bool(one.rows) for one in kept), sum(len(one.rows) for one in kept)


def _batch(ids: Sequence[int]) -> list[Kept]:
    found, revisions = material(ids)
    present = shelf(revisions.promises)
    return [_silent(one, revisions, present) for one in found if present.measures(one.subject.kind)]


def _silent(one: Material, revisions: Revisions, present: Shelf) -> Kept:
    course = list(moments(one.subject))
    kept = counted(one, revisions, chosen_over_time(one, course, present), course=course)
    over = one.subject.facts["state"] in ("resolved", "closed", "cancelled")
    for row in kept.rows:
        if over or row["breaches_at"] is not None:
            row["next_look_at"] = None
    return kept


def chosen_over_time(one: Material, course: Sequence[Moment], present: Shelf) -> list[Chosen]:
    """What is chosen at each line of a history, as the record was then."""
    chosen: list[Chosen] = []
    before: dict[Identity, int | None] = {}
    seen: tuple[object, ...] | None = None
    for moment in course:
        facts = moment.facts
        here = (facts.get("priority"), facts.get("team"), facts.get("service"))
        if here == seen:
            continue
        seen = here
        now = present.choose(_case(one, facts), one.subject.opened_at)
        changed = moved(before, now, str(facts.get("team") or ""))
        changed = {identity: target for identity, target in changed.items() if target is not None or identity in before}
        chosen += [Chosen(identity, moment.line.entry, target, "", False) for identity, target in changed.items()]
        before |= changed
    return chosen


def _case(one: Material, facts: Mapping[str, Any]) -> Case:
    """The record as it was: its priority and its team then. What its service hangs on is as it is now."""
    case = one.case
    service = facts.get("service")
    services = case.services if service == one.subject.facts["service"] else (str(service),) if service else ()
    team = facts.get("team")
    return replace(case, priority=facts.get("priority"), holder="" if team is None else str(team), services=services)
