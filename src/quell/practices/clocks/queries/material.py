"""What clocks are counted from, read in one statement for any number of records: the record, its journal, what was
chosen, and the rows there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from quell.engines.targets import Case
from quell.kernel.actions.registry import of_kind
from quell.kernel.config import sql
from quell.practices.agreements import facade as agreements
from quell.practices.calendars import facade as calendars

from ..rules.choosing import Identity
from ..rules.lines import Line, Subject
from .shelf import shelf

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Words that clocks do not read and that may be long.
_UNREAD = "'{description,title,resolution,resolution_code,cause_code,parent}'::text[]"
_MICROS = "(extract(epoch FROM {})*1000000)::bigint"


@dataclass(frozen=True, slots=True)
class Stored:
    """A row that is there: which instance, what was told of it, and by which calendars it was counted."""

    identity: Identity
    number: int
    told: int
    breach_told: bool
    as_of: int
    open: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice as it is kept."""

    identity: Identity
    entry: int
    target_id: int | None
    policy: str
    correction: bool


@dataclass(frozen=True, slots=True)
class Material:
    """All there is of one record. `case` is what targets are chosen for."""

    number: str
    organisation_id: int
    subject: Subject
    case: Case
    choices: Sequence[Chosen]
    stored: Sequence[Stored]
    due_at: datetime | None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Revisions:
    """The present book of promises and the present calendars."""

    promises: int
    calendars: int


#: From a kind of record to a function that gives the facts only its practice knows, by record id.
Facts = Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]]
_facts: dict[str, Facts] = {}


def register_facts(kind: str, facts: Facts) -> None:
    """Have a practice say impact, urgency, category and major of its records, for metrics whose conditions ask."""
    _facts[kind] = facts


#: What decides which promises a record begins with: both revisions, the organisations above it, what is known of its
#: service. Expressions of columns, for statements that do something else as well.
ABOUT = (
    agreements.REVISION,
    calendars.LATEST,
    "(SELECT path FROM people_organisation WHERE id = %(about_organisation)s)",
    "(SELECT criticality FROM items_item WHERE id = %(about_service)s::bigint)",
    """ARRAY(SELECT target_id FROM items_edge WHERE source_id = %(about_service)s::bigint AND kind = 'part_of'
      ORDER BY target_id)""",
)


@dataclass(frozen=True, slots=True)
class About:
    """The surroundings of a record about to be opened, as `ABOUT` gives them."""

    revisions: Revisions
    path: tuple[int, ...]
    criticality: int | None
    above: tuple[int, ...]

    @classmethod
    def of(cls, row: Sequence[Any]) -> About:
        """From a row of `ABOUT`."""
        promises, latest, path, criticality, above = row
        return cls(Revisions(promises, latest), tuple(path), criticality, tuple(above))

    def case(self, kind: str, spine: Mapping[str, Any]) -> Case:
        """The case of a record with this spine."""
        services = (spine["service_id"], *self.above)
        return _case("", kind, self.path, services, spine["team_id"], spine["priority"], self.criticality)


def asked_about(spine: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of `ABOUT`."""
    return {"about_organisation": spine["organisation_id"], "about_service": spine["service_id"]}


def about(spine: Mapping[str, Any]) -> About:
    """The surroundings of a record about to be opened with this spine."""
    row = sql.row(f"SELECT {', '.join(ABOUT)}", asked_about(spine))
    assert row is not None
    return About.of(row)


def _case(
    record: str,
    kind: str,
    path: Sequence[int],
    services: Iterable[int | None],
    team: int | None,
    priority: int | None,
    criticality: int | None,
) -> Case:
    return Case(
        record=record,
        services=tuple(str(one) for one in services if one is not None),
        customers=tuple(str(one) for one in reversed(path)),
        holder="" if team is None else str(team),
        priority=priority,
        kind=kind,
        criticality=criticality,
    )


_MATERIAL = f"""
SELECT r.id, r.number, r.kind, r.organisation_id, r.opened_at, r.responded_at, r.requester_id, r.state, r.priority,
  r.owner_id, r.assignee_id, r.team_id, r.service_id, r.channel, r.due_at, r.version, o.path, i.criticality,
  ARRAY(SELECT target_id FROM items_edge WHERE source_id = r.service_id AND kind = 'part_of' ORDER BY target_id),
  (SELECT jsonb_agg(jsonb_build_array(e.id, {_MICROS.format("e.at")}, e.verb, e.actor_id, e.changes - {_UNREAD},
      CASE WHEN e.verb = 'open' THEN e.data END) ORDER BY e.at, e.id)
    FROM journal_entry e WHERE e.record_id = r.id),
  (SELECT jsonb_agg(jsonb_build_array(c.kind, c.metric, c.holder, c.entry_id, c.target_id, c.policy, c.correction)
      ORDER BY c.id) FROM clocks_choice c WHERE c.record_id = r.id),
  (SELECT jsonb_agg(jsonb_build_array(k.kind, k.metric, k.holder, k.number, k.told, k.breach_told, k.calendars_as_of,
      k.stopped_at IS NULL)) FROM clocks_clock k WHERE k.record_id = r.id),
  {agreements.REVISION}, {calendars.LATEST}
FROM records_record r JOIN people_organisation o ON o.id = r.organisation_id
LEFT JOIN items_item i ON i.id = r.service_id
WHERE r.id = ANY(%s) ORDER BY r.id
"""  # noqa: S608 - expressions of our own and of the rooms that own those tables


def material(record_ids: Sequence[int]) -> tuple[list[Material], Revisions]:
    """Everything about these records; with what only their practices know, where any metric asks for it."""
    rows = sql.rows(_MATERIAL, [list(record_ids)])
    if not rows:
        return [], Revisions(0, 0)
    revisions = Revisions(*rows[0][-2:])
    more = _details(rows) if shelf(revisions.promises).detailed else {}
    return [_material(row, more.get(row[0], {})) for row in rows], revisions


def _details(rows: Sequence[tuple[Any, ...]]) -> dict[int, Mapping[str, Any]]:
    found: dict[int, Mapping[str, Any]] = {}
    for kind, facts in _facts.items():
        found |= facts([row[0] for row in rows if row[2] == kind])
    return found


def _material(row: tuple[Any, ...], more: Mapping[str, Any]) -> Material:
    (
        pk, number, kind, organisation, opened_at, responded_at, requester, state, priority, owner, assignee, team,
        service, channel, due_at, version, path, criticality, above, lines, choices, stored, _promises, _calendars,
    ) = row  # fmt: skip
    facts = {
        "state": state, "priority": priority, "owner": owner, "assignee": assignee, "team": team, "service": service,
        "requester": requester, "channel": channel, **more,
    }  # fmt: skip
    subject = Subject(
        pk, kind, opened_at, responded_at, str(requester), facts, [_line(one) for one in lines or ()], categories(kind)
    )
    case = _case(str(pk), kind, path, (service, *above), team, priority, criticality)
    return Material(
        number,
        organisation,
        subject,
        case,
        [Chosen(Identity(*one[:3]), *one[3:]) for one in choices or ()],
        [Stored(Identity(*one[:3]), *one[3:]) for one in stored or ()],
        due_at,
        version,
    )


def _line(one: Sequence[Any]) -> Line:
    entry, micros, verb, actor, changes, data = one
    return Line(
        entry, EPOCH + timedelta(microseconds=micros), verb, "" if actor is None else str(actor), changes, data or {}
    )


_categories: dict[str, Mapping[str, str]] = {}


def categories(kind: str) -> Mapping[str, str]:
    """The category of each state of a kind of record, as its lifecycle says."""
    known = _categories.get(kind)
    if known is None:
        lifecycle = next((one.lifecycle for one in of_kind(kind) if one.lifecycle is not None), None)
        known = {} if lifecycle is None else {code: state.category for code, state in lifecycle.states.items()}
        _categories[kind] = known
    return known
