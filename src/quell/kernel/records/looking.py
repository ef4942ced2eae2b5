"""Which of some records lie open before an actor, and who looks at them: for the signs of presence on pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.live.presence import Place, board

from .visibility import internal_sql

#: So many records at once; a page shows fewer.
MOST = 100


@dataclass(frozen=True, slots=True)
class Looker:
    """A person on a record, and what they do there (`kernel.live.presence.DOING`)."""

    person_id: int
    name: str
    doing: str
    field: str


def places(actor: Actor, numbers: Iterable[str]) -> list[Place]:
    """Those of the records whose inside the actor may see; who only reports sees nobody looking."""
    wanted = list(dict.fromkeys(numbers))[:MOST]
    inside, values = internal_sql(actor)
    if not wanted or inside == "FALSE":
        return []
    found = sql.rows(
        f"""SELECT r.id, r.number, r.organisation_id, r.team_id, r.owner_id, r.assignee_id
        FROM records_record r WHERE r.number = ANY(%(numbers)s) AND {inside}""",  # noqa: S608
        {**values, "numbers": wanted},
    )
    return [Place(*row) for row in found]


def lookers(on: Sequence[Place]) -> dict[str, list[Looker]]:
    """Who is on each record now, by its number, those who write to the requester first."""
    seen = {place.number: board.on(place.record_id) for place in on}
    people = {one.person_id for ones in seen.values() for one in ones}
    names = dict(sql.rows("SELECT id, name FROM people_person WHERE id = ANY(%s)", [sorted(people)])) if people else {}
    return {
        number: [
            Looker(one.person_id, names[one.person_id], one.doing, one.field) for one in ones if one.person_id in names
        ]
        for number, ones in seen.items()
    }
