"""Reading time worked: sums of a record, one's own week, a team's week for its lead, one entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.records.visibility import visible_sql

from ..permissions import leads
from ..rules.week import Week

Row = dict[str, Any]

_COLUMNS = """
SELECT e.id, e.version, r.number AS record, r.kind AS record_kind, p.email AS person, p.name AS person_name,
  e.started_at, e.seconds, e.work_type, e.billable, e.note, e.source, e.created_at,
  e.corrected_at IS NOT NULL AS corrected, e.removed_at IS NOT NULL AS removed, e.person_id,
  CASE WHEN {visible} THEN r.title ELSE '' END AS title
FROM worklog_timeentry e
JOIN records_record r ON r.id = e.record_id JOIN people_person p ON p.id = e.person_id
"""


@dataclass(frozen=True, slots=True)
class Sum:
    """What was worked on a record: all of it, the billable part, and the reader's own part, in seconds."""

    total: int
    billable: int
    mine: int


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that is running, as its person sees it."""

    number: str
    kind: str
    title: str
    started_at: datetime
    work_type: str
    billable: bool
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One record in a week: seconds by day, Monday first."""

    number: str
    kind: str
    title: str
    days: tuple[int, ...]

    @property
    def total(self) -> int:
        """Seconds of the whole week."""
        return sum(self.days)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Somebody's week."""

    week: Week
    person_id: int
    lines: list[SheetLine]
    entries: list[Row] = field(default_factory=list)

    @property
    def days(self) -> tuple[int, ...]:
        """Seconds by day, Monday first."""
        return tuple(sum(line.days[day] for line in self.lines) for day in range(7))

    @property
    def total(self) -> int:
        """Seconds of the whole week."""
        return sum(self.days)

    @property
    def billable(self) -> int:
        """Seconds that are charged."""
        return sum(row["seconds"] for row in self.entries if row["billable"])


@dataclass(frozen=True, slots=True)
class Member:
    """One colleague's week for their lead, in seconds by day."""

    email: str
    name: str
    days: tuple[int, ...]

    @property
    def total(self) -> int:
        """Seconds of the whole week."""
        return sum(self.days)


def sums(record_id: int, person_id: int | None) -> Sum:
    """What was worked on a record whose inside is known to be the reader's to see."""
    row = sql.row(
        """SELECT coalesce(sum(seconds), 0), coalesce(sum(seconds) FILTER (WHERE billable), 0),
          coalesce(sum(seconds) FILTER (WHERE person_id = %(me)s), 0)
        FROM worklog_timeentry WHERE record_id = %(record)s AND removed_at IS NULL""",
        {"record": record_id, "me": person_id},
    )
    return Sum(*row) if row else Sum(0, 0, 0)


def running(person_id: int) -> Running | None:
    """The clock of a person, if one is running."""
    row = sql.row(
        """SELECT r.number, r.kind, r.title, t.started_at, t.work_type, t.billable, t.note, t.source
        FROM worklog_timer t JOIN records_record r ON r.id = t.record_id WHERE t.person_id = %s""",
        [person_id],
    )
    return Running(*row) if row else None


def chip(record_id: int, person_id: int | None) -> tuple[int, Running | None]:
    """(seconds worked on a record, the clock of the person if it runs)."""
    row = sql.row(
        """SELECT (SELECT coalesce(sum(seconds), 0) FROM worklog_timeentry
            WHERE record_id = %(record)s AND removed_at IS NULL),
          r.number, r.kind, r.title, t.started_at, t.work_type, t.billable, t.note, t.source
        FROM (SELECT 1) AS one LEFT JOIN worklog_timer t ON t.person_id = %(me)s
        LEFT JOIN records_record r ON r.id = t.record_id""",
        {"record": record_id, "me": person_id},
    )
    assert row is not None
    return row[0], Running(*row[1:]) if row[1] else None


def of_record(actor: Actor, record_id: int, everybody: bool) -> list[Row]:
    """Entries of a record, newest first: one's own, or, for a lead, `everybody`'s."""
    return _dicts(
        actor,
        "WHERE e.record_id = %(record)s AND e.removed_at IS NULL AND (%(all)s OR e.person_id = %(me)s)"
        " ORDER BY e.id DESC LIMIT 200",
        {"record": record_id, "all": everybody, "me": actor.person_id},
    )


def one(actor: Actor, entry_id: int) -> Row | None:
    """One entry with its corrections; None for anybody but its person and their lead."""
    found = _dicts(actor, "WHERE e.id = %(id)s", {"id": entry_id})
    if not found or not (found[0]["person_id"] == actor.person_id or leads(actor, found[0]["person_id"])):
        return None
    made = sql.dicts(
        """SELECT c.at, p.email AS by, c.reason, c.changes FROM worklog_correction c
        LEFT JOIN people_person p ON p.id = c.by_id WHERE c.entry_id = %s ORDER BY c.id""",
        [entry_id],
    )
    return {**found[0], "corrections": made}


def page(
    actor: Actor, person_id: int, *, record: str = "", since: datetime | None, until: datetime | None, limit: int,
    after: int,
) -> list[Row]:  # fmt: skip
    """A person's entries by id, one more than the limit when there are more. The caller has asked who may look."""
    return _dicts(
        actor,
        "WHERE e.person_id = %(person)s AND e.removed_at IS NULL AND e.id > %(after)s"
        " AND (%(record)s = '' OR r.number = %(record)s)"
        " AND (%(since)s::timestamptz IS NULL OR e.started_at >= %(since)s)"
        " AND (%(until)s::timestamptz IS NULL OR e.started_at < %(until)s) ORDER BY e.id LIMIT %(limit)s",
        {"person": person_id, "record": record, "since": since, "until": until, "after": after, "limit": limit + 1},
    )


def sheet(actor: Actor, person_id: int, week: Week, zone: Any) -> Sheet:
    """A person's week, by record and day of their own zone. The caller has asked who may look."""
    start, end = week.span(zone)
    rows = _dicts(
        actor,
        "WHERE e.person_id = %(person)s AND e.removed_at IS NULL AND e.started_at >= %(start)s"
        " AND e.started_at < %(end)s ORDER BY e.started_at, e.id LIMIT 2000",
        {"person": person_id, "start": start, "end": end},
    )
    by_record: dict[str, list[int]] = {}
    about: dict[str, Row] = {}
    for row in rows:
        days = by_record.setdefault(row["record"], [0] * 7)
        about[row["record"]] = row
        days[_day(row["started_at"], week.monday, zone)] += row["seconds"]
    lines = [
        SheetLine(number, about[number]["record_kind"], about[number]["title"], tuple(days))
        for number, days in by_record.items()
    ]
    return Sheet(week, person_id, lines, rows)


def _day(moment: datetime, monday: date, zone: Any) -> int:
    return min(max((moment.astimezone(zone).date() - monday).days, 0), 6)


def team(actor: Actor, week: Week, zone: Any) -> list[Member]:
    """The week of everybody the actor leads, by name: those who work in their organisations and teams."""
    scope = actor.scope("records.lead")
    if not scope:
        return []
    start, end = week.span(zone)
    found = sql.rows(
        """SELECT p.email, p.name, e.started_at, e.seconds FROM people_person p
        LEFT JOIN worklog_timeentry e ON e.person_id = p.id AND e.removed_at IS NULL
          AND e.started_at >= %(start)s AND e.started_at < %(end)s
        WHERE p.is_active AND p.id IN (
          SELECT m.person_id FROM people_membership m JOIN people_team t ON t.id = m.team_id
          WHERE %(everywhere)s OR t.organisation_id = ANY(%(places)s) OR t.id = ANY(%(teams)s))
        ORDER BY p.name, p.id LIMIT 20000""",
        {
            "start": start,
            "end": end,
            "everywhere": scope.everywhere,
            "places": sorted(scope.organisations),
            "teams": sorted(scope.teams),
        },
        prepare=False,
    )
    members: dict[tuple[str, str], list[int]] = {}
    for email, name, moment, seconds in found:
        days = members.setdefault((email, name), [0] * 7)
        if moment is not None:
            days[_day(moment, week.monday, zone)] += seconds
    return [Member(email, name, tuple(days)) for (email, name), days in members.items()]


def _dicts(actor: Actor, rest: str, values: dict[str, Any]) -> list[Row]:
    """Entries with the titles of those records only that the reader may see."""
    visible, seen = visible_sql(actor)
    return sql.dicts(_COLUMNS.format(visible=visible) + rest, {**seen, **values}, prepare=False)
