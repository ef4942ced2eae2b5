"""The escalation matrix as it is shown: the steps of a place, those that hold there, and who would hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import SETTINGS_MANAGE
from quell.kernel.actions.directory import places
from quell.kernel.config import sql
from quell.practices.agreements import facade as agreements

from ..rules.escalating import BREACH, Due, Step, comes_at, steps_for
from . import audiences
from .steps import all_steps

Row = dict[str, Any]
_STEPS = """
SELECT s.id, o.code AS organisation, s.organisation_id, s.percent, s.agreement_kinds, s.metrics, s.priorities,
  s.audiences, s.verb, s.inputs, s.active,
  coalesce((SELECT e.version FROM journal_entry e WHERE e.subject = 'escalation_step' AND e.subject_id = s.id
    AND e.version IS NOT NULL ORDER BY e.id DESC LIMIT 1), 1) AS version
FROM clocks_escalationstep s LEFT JOIN people_organisation o ON o.id = s.organisation_id
WHERE (%(near)s::bigint[] IS NULL OR s.organisation_id IS NULL OR s.organisation_id = ANY(%(near)s))
"""
_PAGE = """ AND (%(organisation)s::text IS NULL OR o.code = %(organisation)s) AND s.id > %(after)s
ORDER BY s.id LIMIT %(limit)s"""
_CLOCKS = """
SELECT c.kind, c.metric, c.target_id, c.priority, r.assignee_id, r.owner_id, r.team_id, r.service_id, o.path
FROM clocks_clock c JOIN records_record r ON r.id = c.record_id JOIN people_organisation o ON o.id = c.organisation_id
WHERE c.record_id = %s AND c.stopped_at IS NULL ORDER BY c.kind DESC, c.metric, c.id
"""
_NAMES = "SELECT id, name FROM people_person WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Hearing:
    """Of one promise on a record: who would hear that so much is used up, and the verbs done beside."""

    kind: str
    metric: str
    people: tuple[str, ...]
    verbs: tuple[str, ...]


def may_look(actor: Actor) -> bool:
    """May the actor look at the matrix of some place?"""
    scope = actor.scope(SETTINGS_MANAGE)
    return scope.everywhere or bool(scope.organisations)


def _near(actor: Actor) -> list[int] | None:
    scope = actor.scope(SETTINGS_MANAGE)
    return None if scope.everywhere else sorted(scope.organisations)


def page(actor: Actor, organisation: str | None, limit: int, after: int) -> list[Row]:
    """Steps by id, those of the whole instance too; one more than the limit when there are more."""
    if not may_look(actor):
        return []
    values = {"near": _near(actor), "organisation": organisation, "after": after, "limit": limit + 1}
    return sql.dicts(_STEPS + _PAGE, values, prepare=False)


def one(actor: Actor, step_id: int) -> Row:
    """One step; raises NotFound."""
    found = sql.dicts(_STEPS + " AND s.id = %(id)s", {"near": _near(actor), "id": step_id}) if may_look(actor) else []
    if not found:
        raise places.unknown(str(step_id))
    return found[0]


def of_place(organisation_id: int | None) -> list[Row]:
    """The steps set for a place itself, by percent."""
    own = "s.organisation_id IS NOT DISTINCT FROM %(place)s::bigint ORDER BY s.percent, s.id"
    return sql.dicts(f"{_STEPS} AND {own}", {"near": None, "place": organisation_id})


def holding(organisation_id: int | None) -> list[Step]:
    """The steps that hold in an organisation, or in the instance as a whole: its own, or those nearest above."""
    steps = all_steps()
    found = sql.row("SELECT path FROM people_organisation WHERE id = %s", [organisation_id or 0])
    path = found[0] if found else []
    for organisation in (*reversed(path), None):
        here = [step for step in steps if step.organisation == organisation]
        if here:
            return here
    return []


def warned(actor: Actor) -> list[int]:
    """The percents at which some promise that somebody may know of says that it runs out; the breach always does."""
    return sorted({BREACH, *(percent for one in agreements.promised_within(actor) for percent in one.terms.warn_at)})


def spoken_at(actor: Actor, percent: int, percents: list[int]) -> list[int]:
    """Where a step at this percent speaks, among the others of its place; empty: it never comes."""
    return comes_at(percent, percents, warned(actor))


def would_hear(record_id: int, percent: int) -> list[Hearing]:
    """Who would hear now that so much of each running promise on a record is used up."""
    rows = sql.dicts(_CLOCKS, [record_id])
    steps = all_steps()
    speaking = [
        steps_for(Due(percent, row["kind"], row["metric"], row["priority"], row["path"]), steps) for row in rows
    ]
    asked = [
        (row, [word for step in found for word in step.audiences]) for row, found in zip(rows, speaking, strict=True)
    ]
    people = audiences.people(asked)
    names = dict(sql.rows(_NAMES, [sorted({pk for found in people for pk in found})]))
    return [
        Hearing(
            row["kind"],
            row["metric"],
            tuple(names[pk] for pk in heard if pk in names),
            tuple(step.verb for step in found if step.verb),
        )
        for row, found, heard in zip(rows, speaking, people, strict=True)
    ]
