"""Who may decide about leaving a broken promise out, and what has been proposed and decided (capability SL14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.access.capabilities import AGREEMENTS_MANAGE, RECORDS_LEAD
from quell.kernel.config import sql
from quell.kernel.records.visibility import internal_sql

from ..permissions import may_judge
from .asking import reader
from .naming import targets

#: As `permissions.may_judge` says it of one person.
_DECIDERS = """
SELECT DISTINCT g.person_id FROM people_rolegrant g JOIN people_role r ON r.id = g.role_id
JOIN people_person p ON p.id = g.person_id AND p.is_active
WHERE r.capabilities && %(capabilities)s
  AND (g.organisation_id IS NULL
    OR g.organisation_id IN (SELECT unnest(path) FROM people_organisation WHERE id = %(organisation)s))
  AND (g.team_id IS NULL OR g.team_id = %(team)s) ORDER BY 1
"""
#: The longest list of what has been decided.
MOST = 200


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A broken promise somebody proposed to leave out. `state` is `proposed`, `accepted` or `rejected`; `rule` says by
    which rule it was accepted at once, `may_decide` whether the reader decides about it."""

    id: int
    number: str
    title: str
    record_kind: str
    target: str
    agreement: str
    state: str
    because: str
    proposed_by: str
    proposed_at: datetime
    word: str
    decided_by: str
    decided_at: datetime | None
    rule: str
    may_decide: bool
    own: bool


def deciders(organisation_id: int, team_id: int | None) -> list[int]:
    """Ids of everybody who may judge broken promises of records of this organisation and team."""
    capabilities = [RECORDS_LEAD, AGREEMENTS_MANAGE]
    values = {"capabilities": capabilities, "organisation": organisation_id, "team": team_id}
    return [row[0] for row in sql.rows(_DECIDERS, values)]


_EXCLUSIONS = """
SELECT c.id, r.number, r.title, r.kind AS record_kind, c.target_id, c.exclusion AS state,
  c.exclusion_because AS because, coalesce(p.name, '') AS proposed_by, c.exclusion_at AS proposed_at,
  coalesce(c.exclusion_word, '') AS word, coalesce(d.name, '') AS decided_by, c.exclusion_decided_at AS decided_at,
  coalesce(c.exclusion_rule, '') AS rule, c.exclusion_by_id AS by, r.organisation_id, r.team_id
FROM clocks_clock c JOIN records_record r ON r.id = c.record_id
LEFT JOIN people_person p ON p.id = c.exclusion_by_id LEFT JOIN people_person d ON d.id = c.exclusion_decided_by_id
WHERE {states} AND {seen}
ORDER BY (c.exclusion = 'proposed') DESC, coalesce(c.exclusion_decided_at, c.exclusion_at) DESC, c.id DESC
LIMIT %(limit)s OFFSET %(after)s
"""
_STATES = "c.exclusion = ANY(%(states)s)"


def exclusions(
    actor: Actor, states: tuple[str, ...] = ("proposed", "accepted", "rejected"), *, limit: int = MOST, after: int = 0
) -> list[Exclusion]:
    """What was proposed on records whose inside the reader sees: what waits first, then the latest; raises
    Forbidden."""
    reader(actor)
    seen, values = internal_sql(actor)
    rows = sql.dicts(
        _EXCLUSIONS.format(states=_STATES, seen=seen),
        {**values, "states": list(states), "limit": limit, "after": after},
        prepare=False,
    )
    known = targets({str(row["target_id"]) for row in rows})
    return [_told(actor, row, known) for row in rows]


def waiting(actor: Actor) -> int:
    """How many the reader is to decide about, as far as a list of them goes."""
    return sum(one.may_decide for one in exclusions(actor, ("proposed",)))


def _told(actor: Actor, row: dict[str, Any], known: Any) -> Exclusion:
    named = known[str(row["target_id"])]
    own = row["by"] == actor.person_id
    judges = not actor.read_only and may_judge(actor, row["organisation_id"], row["team_id"])
    same = {name: row[name] for name in Exclusion.__slots__ if name in row}  # type: ignore[attr-defined]
    return Exclusion(
        **same,
        target=named.name,
        agreement=named.detail,
        may_decide=row["state"] == "proposed" and judges and not own,
        own=own,
    )
