"""People who take work, with everything the choice needs to know, in one statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from quell.engines.assignment import WAITING_SHARE, WEIGHTS, Candidate
from quell.engines.presence import ABSENT, INACTIVE, OFF_HOURS, SWITCHED_OFF, Week, on_duty
from quell.kernel.config import sql


@dataclass(frozen=True, slots=True)
class Staff:
    """One person as the workforce knows them. `capacity` is in force, `own_capacity` None follows the setting;
    `absent_until` with `substitute` while an absence runs."""

    id: int
    email: str
    name: str
    organisation_id: int
    active: bool
    zone: str
    hours: Week
    own_capacity: int | None
    capacity: float
    taking_work: bool
    back_at: datetime | None
    absent_until: datetime | None
    absence_kind: str
    substitute: int | None
    load: float
    open_records: int
    skills: Mapping[str, int] = field(default_factory=dict)
    last_given: datetime | None = None
    last_with_caller: datetime | None = None
    teams: str = ""

    def away(self, now: datetime) -> str:
        """What keeps them from taking work now, as a code of `engines.presence`; "" when nothing does."""
        if not self.active:
            return INACTIVE
        if self.absent_until is not None:
            return ABSENT
        if not self.taking_work and (self.back_at is None or self.back_at > now):
            return SWITCHED_OFF
        return "" if on_duty(self.hours, ZoneInfo(self.zone or "UTC"), now) else OFF_HOURS

    def candidate(self, now: datetime) -> Candidate:
        """For the engine."""
        return Candidate(
            self.id, self.load, self.capacity, self.away(now), self.skills, self.last_given, self.last_with_caller
        )


_WEIGHT = "CASE r.priority " + " ".join(f"WHEN {p} THEN {w}" for p, w in WEIGHTS.items()) + " ELSE 1 END"
_STAFF = f"""
SELECT p.id, p.email, p.name, p.organisation_id, p.is_active,
  coalesce(nullif(a.zone, ''), nullif(p.timezone, ''), 'UTC') AS zone, coalesce(a.hours, '{{}}'::jsonb) AS hours,
  a.capacity, coalesce(a.taking_work, TRUE) AS taking_work, a.back_at,
  off.ends_at AS absent_until, coalesce(off.kind, '') AS absence_kind, off.substitute_id,
  coalesce(w.load, 0)::float AS load, coalesce(w.open_records, 0) AS open_records,
  coalesce((SELECT jsonb_object_agg(s.code, c.level) FROM workforce_competence c JOIN workforce_skill s
    ON s.id = c.skill_id WHERE c.person_id = p.id AND s.active), '{{}}'::jsonb) AS skills,
  t.given_at,
  (SELECT max(r.opened_at) FROM records_record r
    WHERE r.requester_id = %(caller)s::bigint AND r.assignee_id = p.id) AS last_with_caller,
  coalesce((SELECT string_agg(m.name, ', ' ORDER BY m.name) FROM people_team m JOIN people_membership mm
    ON mm.team_id = m.id WHERE mm.person_id = p.id AND m.active), '') AS teams
FROM people_person p
LEFT JOIN workforce_availability a ON a.person_id = p.id
LEFT JOIN workforce_turn t ON t.person_id = p.id
LEFT JOIN LATERAL (
  SELECT ends_at, kind, substitute_id FROM workforce_absence x
  WHERE x.person_id = p.id AND x.ends_at > %(now)s AND x.starts_at <= %(now)s ORDER BY x.ends_at DESC LIMIT 1
) off ON TRUE
LEFT JOIN LATERAL (
  SELECT sum({_WEIGHT} * CASE WHEN r.state_category = 'waiting' THEN {WAITING_SHARE} ELSE 1 END) AS load,
    count(*) AS open_records
  FROM records_record r WHERE r.assignee_id = p.id AND r.state_category IN ('new', 'active', 'waiting')
) w ON TRUE
"""  # noqa: S608 - numbers of our own
#: Whose role lets them work on records of an organisation.
_WORKS = """EXISTS (
  SELECT 1 FROM people_rolegrant g JOIN people_role role ON role.id = g.role_id
  WHERE g.person_id = p.id AND 'records.work' = ANY(role.capabilities)
    AND (g.organisation_id IS NULL OR g.organisation_id IN (
      SELECT unnest(path) FROM people_organisation WHERE id = %(organisation)s)))"""

_OF_TEAM = f"""WHERE p.is_active AND EXISTS (
  SELECT 1 FROM people_membership k WHERE k.team_id = %(team)s AND k.person_id = p.id) AND {_WORKS} ORDER BY p.id"""  # noqa: S608


def of_team(team_id: int, organisation_id: int, capacity: int, now: datetime, caller: int | None = None) -> list[Staff]:
    """Members of a team who may work on records of an organisation, by id."""
    return _read(_OF_TEAM, {"team": team_id, "organisation": organisation_id}, capacity, now, caller)


def of_people(ids: Sequence[int], capacity: int, now: datetime, caller: int | None = None) -> list[Staff]:
    """These people, active or not, by name."""
    return _read("WHERE p.id = ANY(%(ids)s) ORDER BY p.name, p.id", {"ids": list(ids)}, capacity, now, caller)


def of_organisation(organisation_id: int, capacity: int, now: datetime) -> list[Staff]:
    """Everybody active whose role lets them work for an organisation, by name; at most 400."""
    where = f"WHERE p.is_active AND {_WORKS} ORDER BY p.name, p.id LIMIT 400"
    return _read(where, {"organisation": organisation_id}, capacity, now, None)


def _read(where: str, values: dict[str, Any], capacity: int, now: datetime, caller: int | None) -> list[Staff]:
    found = sql.rows(_STAFF + where, {**values, "now": now, "caller": caller})
    return [_staff(row, capacity) for row in found]


def _staff(row: Sequence[Any], capacity: int) -> Staff:
    (pk, email, name, place, active, zone, hours, own, taking, back_at, until, kind, substitute, *rest) = row
    load, open_records, skills, given, with_caller, teams = rest
    return Staff(
        pk, email, name, place, active, zone, hours, own, float(capacity if own is None else own), taking, back_at,
        until, kind, substitute, load, open_records, skills, given, with_caller, teams,
    )  # fmt: skip


def substitutes(now: datetime) -> dict[int, int | None]:
    """Who stands in for whom among those absent now."""
    found = sql.rows(
        "SELECT person_id, substitute_id FROM workforce_absence WHERE starts_at <= %(now)s AND ends_at > %(now)s",
        {"now": now},
    )
    return dict(found)


Here = Callable[[int], bool]


def present(now: datetime) -> Here:
    """A question about people: still with the company, and not absent now? Hours do not matter."""
    gone = sql.rows(
        "SELECT person_id FROM workforce_absence WHERE starts_at <= %(now)s AND ends_at > %(now)s"
        " UNION SELECT id FROM people_person WHERE NOT is_active",
        {"now": now},
    )
    away = {row[0] for row in gone}
    return lambda person: person not in away


def email_of(person_id: int) -> str:
    """Their address."""
    row = sql.row("SELECT email FROM people_person WHERE id = %s", [person_id])
    return str(row[0]) if row else ""


def moment(now: datetime | None) -> datetime:
    """Now, unless somebody says otherwise."""
    return now or datetime.now(UTC)
