"""Absences, skills and rules as pages and the API list them, within what the reader may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.actions.directory import places
from quell.kernel.config import sql

from ..models import Rule, Skill
from ..permissions import leads
from .staff import Staff

Row = dict[str, Any]
#: One person who knows it well enough to do the work alone.
CAPABLE = 3


_ABSENCES = """
SELECT x.id, p.email AS person, p.name, p.id AS person_id, p.organisation_id, x.starts_at, x.ends_at, x.kind,
  s.email AS substitute, s.name AS substitute_name, x.hands_over, x.note, x.settled_at
FROM workforce_absence x JOIN people_person p ON p.id = x.person_id LEFT JOIN people_person s ON s.id = x.substitute_id
WHERE (%(all)s OR p.organisation_id = ANY(%(reach)s) OR p.id = %(me)s)
  AND x.ends_at > %(after)s AND x.starts_at < %(before)s AND (%(person)s = '' OR p.email = %(person)s)
  AND x.id > %(cursor)s
ORDER BY x.id LIMIT %(limit)s
"""


def absences(
    actor: Actor, after: datetime, before: datetime, *, person: str = "", cursor: int = 0, limit: int = 200
) -> list[Row]:
    """Absences that touch a time, by id. Why somebody is away is for themselves and their leads alone."""
    near = places.reach(actor)
    values = {
        "all": near is None,
        "reach": sorted(near or ()),
        "me": actor.person_id,
        "after": after,
        "before": before,
        "person": person.strip().lower(),
        "cursor": cursor,
        "limit": limit,
    }
    return [_discreet(actor, row) for row in sql.dicts(_ABSENCES, values)]


def _discreet(actor: Actor, row: Row) -> Row:
    row["may_change"] = not actor.read_only and (
        row["person_id"] == actor.person_id or leads(actor, row["organisation_id"])
    )
    if not row["may_change"]:
        row["kind"], row["note"] = "", ""
    return row


def skills(actor: Actor) -> list[Skill]:
    """Active skills the actor may use, by name."""
    near = places.surroundings(actor)
    return [
        skill
        for skill in Skill.objects.filter(active=True).select_related("organisation").order_by("name", "pk")
        if near is None or skill.organisation_id is None or skill.organisation_id in near
    ]


@dataclass(frozen=True, slots=True)
class SkillLine:
    """One skill across people: how many can do it alone, whether it hangs on one person (`alone`), and what the rules
    ask for at most."""

    code: str
    name: str
    levels: Mapping[str, int]
    capable: int
    alone: str
    needed: int
    certified: Mapping[str, str] = field(default_factory=dict)


def matrix(known: Sequence[Skill], staff: Sequence[Staff], needs: Mapping[str, int]) -> list[SkillLine]:
    """The skills matrix with its bus factor (domain.md 4.21): who knows what how well, and where one person holds it
    all. `needs` is the highest level the rules ask for."""
    lines = []
    for skill in known:
        levels = {one.email: one.skills[skill.code] for one in staff if skill.code in one.skills}
        needed = needs.get(skill.code, 0)
        able = [email for email, level in levels.items() if level >= max(needed, CAPABLE)]
        names = {one.email: one.name for one in staff}
        lines.append(
            SkillLine(skill.code, skill.name, levels, len(able), names[able[0]] if len(able) == 1 else "", needed)
        )
    return lines


def rules(organisation_id: int) -> list[Rule]:
    """The rules of one organisation, switched-off ones too, in their order."""
    return list(Rule.objects.filter(organisation_id=organisation_id).select_related("team", "person", "organisation"))


def highest_needs(organisation_id: int) -> dict[str, int]:
    """Code of skill → the highest level a rule of the organisation asks for."""
    found: dict[str, int] = {}
    for rule in rules(organisation_id):
        for code, level in rule.needs.items():
            found[code] = max(found.get(code, 0), int(level))
    return found
