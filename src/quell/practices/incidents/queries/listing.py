"""Lists of incidents: filters, orders, pages by keyset. The same for API, queue and export (contract.md, HTTP)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.utils.translation import gettext as _

from quell.kernel.access.actor import Actor
from quell.kernel.config.refusal import Invalid
from quell.kernel.config.sql import dicts, rows
from quell.kernel.records.visibility import visible_sql

from ..rules.lifecycle import INCIDENT
from .asking import IS_OPEN, Asked
from .incident import Row, in_order
from .words import matching

#: Offered orders: the column, and how to read its value back from a cursor.
SORTS: dict[str, tuple[str, str]] = {
    "opened_at": ("r.opened_at", "timestamptz"),
    "updated_at": ("r.updated_at", "timestamptz"),
    "priority": ("r.priority", "smallint"),
    "due_at": ("coalesce(r.due_at, 'infinity'::timestamptz)", "timestamptz"),
    "number": ("r.id", "bigint"),
}
#: What stands for the moment of what is never due, by whether the order goes downwards.
_NEVER = ("infinity", "-infinity")
MOST = 200
#: Counts beyond this are shown as "1,000+": nobody reads them, and counting costs a walk.
COUNTED = 1000
_OPEN = frozenset({"new", "active", "waiting"})
_GLANCE = """r.id, r.number, r.title, r.priority, r.state, r.state_category, r.opened_at, r.updated_at,
  r.due_at, (SELECT p.name FROM people_person p WHERE p.id = r.requester_id) AS requester_name,
  (SELECT p.name FROM people_person p WHERE p.id = r.assignee_id) AS assignee_name"""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to. Every field holds ids or codes already checked; empty means any."""

    states: tuple[str, ...] = ()
    categories_of_state: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    organisation_ids: tuple[int, ...] = ()
    team_ids: tuple[int, ...] = ()
    no_team: bool = False
    assignee_ids: tuple[int, ...] = ()
    no_assignee: bool = False
    requester_ids: tuple[int, ...] = ()
    owner_ids: tuple[int, ...] = ()
    service_ids: tuple[int, ...] = ()
    category_paths: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    hold_reasons: tuple[str, ...] = ()
    parent_id: int | None = None
    major: bool | None = None
    q: str = ""
    opened_after: datetime | None = None
    opened_before: datetime | None = None
    updated_after: datetime | None = None
    due_before: datetime | None = None
    #: Only what the actor requested, opened or watches: "my requests".
    mine: bool = False
    #: Only these of it: which of some incidents stand in the list.
    numbers: tuple[str, ...] = ()
    #: Not these, by id: what somebody has put out of their own sight.
    without: tuple[int, ...] = ()
    #: What a query in words asks beside all this (queries/asking.py).
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A column of SORTS, downwards or upwards; the record's id decides between equals, in the same direction."""

    name: str = "opened_at"
    descending: bool = True

    @classmethod
    def parse(cls, text: str) -> Order:
        """`-opened_at`, `priority` …; raises Invalid."""
        name = text.removeprefix("-")
        if name not in SORTS:
            choices = ", ".join(f"{s}, -{s}" for s in SORTS)
            raise Invalid.field("sort", _("Choose one of: %(choices)s.") % {"choices": choices})
        return cls(name, text.startswith("-"))

    @property
    def column(self) -> tuple[str, str]:
        """The column, and how to read its value back. What nothing is promised about comes last, either way."""
        column, cast = SORTS[self.name]
        return (column.replace("'infinity'", "'-infinity'") if self.descending else column), cast

    @property
    def text(self) -> str:
        """As it is written in an address."""
        return f"-{self.name}" if self.descending else self.name


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list and where the next begin."""

    rows: list[Row]
    next_cursor: str | None = None
    previous_cursor: str | None = None


@dataclass
class _Where:
    parts: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    detail: bool = False

    def add(self, sql: str, **values: Any) -> None:
        self.parts.append(sql)
        self.values |= values


def page(actor: Actor, wanted: Filter, order: Order, *, limit: int = 50, cursor: str | None = None) -> Page:
    """One page of the list, at most `limit` (1–200) rows after `cursor`."""
    # Which ids: planned for these very values. What they look like: the same statement for every list.
    tail, values = _tail(actor, wanted, order, limit, cursor)
    found = [row[0] for row in rows(f"SELECT r.id {tail}", values, prepare=False)]
    shown = in_order(actor, found[:limit])
    return Page(shown, _cursor(shown[-1], order) if len(found) > limit and shown else None)


def glance(actor: Actor, wanted: Filter, order: Order, *, limit: int = 50, cursor: str | None = None) -> Page:
    """The same page for a list that stands beside something else: only what is read at a glance, in one statement."""
    tail, values = _tail(actor, wanted, order, limit, cursor)
    found = dicts(f"SELECT {_GLANCE} {tail}", values, prepare=False)
    shown = found[:limit]
    return Page(shown, _cursor(shown[-1], order) if len(found) > limit else None)


def _tail(actor: Actor, wanted: Filter, order: Order, limit: int, cursor: str | None) -> tuple[str, Mapping[str, Any]]:
    """What follows the columns of a page of the list: from where, which, in what order; one row more than shown."""
    if not 1 <= limit <= MOST:
        raise Invalid.field("limit", _("Between 1 and %(most)d.") % {"most": MOST})
    where = _where(actor, wanted)
    column, cast = order.column
    direction, than = ("DESC", "<") if order.descending else ("ASC", ">")
    if cursor:
        key, after = _read_cursor(cursor, order)
        where.add(f"({column}, r.id) {than} (%(c_key)s::{cast}, %(c_id)s)", c_key=key, c_id=after)
    tail = f"""FROM records_record r {_extra_joins(where)} WHERE {" AND ".join(where.parts)}
      ORDER BY {column} {direction}, r.id {direction} LIMIT %(limit)s"""
    return tail, {**where.values, "limit": limit + 1}


def count(actor: Actor, wanted: Filter) -> int:
    """How many there are, counted no further than COUNTED + 1."""
    where = _where(actor, wanted)
    sql = f"""SELECT count(*) AS n FROM (SELECT 1 FROM records_record r {_extra_joins(where)}
      WHERE {" AND ".join(where.parts)} LIMIT {COUNTED + 1}) AS bounded"""  # noqa: S608
    return int(dicts(sql, where.values, prepare=False)[0]["n"])


def numbers(actor: Actor, wanted: Filter, *, limit: int) -> list[str]:
    """Numbers of everything that matches, for acting on all of it; at most `limit`."""
    where = _where(actor, wanted)
    sql = f"""SELECT r.number FROM records_record r {_extra_joins(where)}
      WHERE {" AND ".join(where.parts)} ORDER BY r.id LIMIT %(limit)s"""  # noqa: S608
    return [row["number"] for row in dicts(sql, {**where.values, "limit": limit}, prepare=False)]


def requesters(actor: Actor, numbers: list[str]) -> int:
    """How many people reported these incidents, of those the actor may see."""
    visible, values = visible_sql(actor)
    sql = f"""SELECT count(DISTINCT r.requester_id) AS n FROM records_record r
      WHERE r.number = ANY(%(numbers)s) AND r.kind = 'incident' AND {visible}"""  # noqa: S608
    return int(dicts(sql, {**values, "numbers": numbers}, prepare=False)[0]["n"])


def _extra_joins(where: _Where) -> str:
    return " JOIN incidents_incident d ON d.record_id = r.id" if where.detail else ""


def _where(actor: Actor, wanted: Filter) -> _Where:
    where = _Where()
    visible, values = visible_sql(actor)
    where.add("r.kind = 'incident'")
    where.add(visible, **values)
    if wanted.without:
        where.add("r.id <> ALL(%(without)s)", without=list(wanted.without))
    if wanted.numbers:
        where.add("r.number = ANY(%(numbers)s)", numbers=list(wanted.numbers))
    if wanted.mine:
        where.add(
            "r.id IN (SELECT id FROM records_record WHERE requester_id = %(me)s UNION SELECT id FROM records_record"
            " WHERE opened_by_id = %(me)s UNION SELECT record_id FROM records_watcher WHERE person_id = %(me)s)",
            me=actor.person_id,
        )
    for column, name, chosen in (
        ("r.state", "states", wanted.states),
        ("r.state_category", "state_categories", wanted.categories_of_state),
        ("r.priority", "priorities", wanted.priorities),
        ("r.organisation_id", "organisations", wanted.organisation_ids),
        ("r.requester_id", "requesters", wanted.requester_ids),
        ("r.owner_id", "owners", wanted.owner_ids),
        ("r.service_id", "services", wanted.service_ids),
        ("r.channel", "channels", wanted.channels),
    ):
        _in(where, column, name, chosen)
    if wanted.states and all(INCIDENT.states[state].category in _OPEN for state in wanted.states):
        where.add(IS_OPEN)  # says nothing new, but lets the planner see the partial indexes over open records
    _or_none(where, "r.team_id", "teams", wanted.team_ids, wanted.no_team)
    _or_none(where, "r.assignee_id", "assignees", wanted.assignee_ids, wanted.no_assignee)
    _of_the_incident(where, wanted)
    _times(where, wanted)
    if wanted.q:
        matches, more = matching(actor, wanted.q)
        where.add(matches, **more)
    if wanted.asked is not None:
        where.detail = where.detail or wanted.asked.detail
        where.values |= wanted.asked.values
        where.parts.extend(wanted.asked.parts)
    return where


def _in(where: _Where, column: str, name: str, chosen: tuple[Any, ...]) -> None:
    if name == "state_categories" and set(chosen) == _OPEN:
        where.add(IS_OPEN)
    elif len(chosen) == 1:
        where.add(f"{column} = %({name})s", **{name: chosen[0]})
    elif chosen:
        where.add(f"{column} = ANY(%({name})s)", **{name: list(chosen)})


def _or_none(where: _Where, column: str, name: str, chosen: tuple[int, ...], none_too: bool) -> None:
    if none_too and chosen:
        where.add(f"({column} = ANY(%({name})s) OR {column} IS NULL)", **{name: list(chosen)})
    elif none_too:
        where.add(f"{column} IS NULL")
    else:
        _in(where, column, name, chosen)


def _of_the_incident(where: _Where, wanted: Filter) -> None:
    if wanted.category_paths:
        where.detail = True
        where.add(
            "d.category_id IN"
            " (SELECT id FROM incidents_category WHERE path = ANY(%(paths)s) OR path LIKE ANY(%(below)s))",
            paths=list(wanted.category_paths),
            below=[path.replace("_", r"\_").replace("%", r"\%") + "/%" for path in wanted.category_paths],
        )
    if wanted.hold_reasons:
        where.detail = True
        _in(where, "d.hold_reason", "hold_reasons", wanted.hold_reasons)
    if wanted.major is not None:
        where.detail = True
        where.add("d.major = %(major)s", major=wanted.major)
    if wanted.parent_id is not None:
        where.add("r.parent_id = %(parent)s", parent=wanted.parent_id)


def _times(where: _Where, wanted: Filter) -> None:
    if wanted.opened_after is not None:
        where.add("r.opened_at > %(opened_after)s", opened_after=wanted.opened_after)
    if wanted.opened_before is not None:
        where.add("r.opened_at < %(opened_before)s", opened_before=wanted.opened_before)
    if wanted.updated_after is not None:
        where.add("r.updated_at > %(updated_after)s", updated_after=wanted.updated_after)
    if wanted.due_before is not None:
        where.add("r.due_at < %(due_before)s", due_before=wanted.due_before)


def _cursor(row: Mapping[str, Any], order: Order) -> str:
    key = row["id"] if order.name == "number" else row[order.name]
    if key is None:
        key = _NEVER[order.descending]
    return base64.urlsafe_b64encode(orjson.dumps([order.text, key, row["id"]])).decode().rstrip("=")


def _read_cursor(text: str, order: Order) -> tuple[Any, int]:
    """The key and id a cursor carries; raises Invalid for anything but a cursor of this very order."""
    try:
        name, key, after = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        sound = name == order.text and type(after) is int and abs(after) < 2**62
        if order.name in ("priority", "number"):
            sound = sound and type(key) is int and abs(key) < (2**15 if order.name == "priority" else 2**62)
        elif not (order.name == "due_at" and key == _NEVER[order.descending]):
            key = datetime.fromisoformat(key)
    except (ValueError, TypeError, binascii.Error):
        sound = False
    if not sound:
        raise Invalid.field("cursor", _("This cursor does not belong to this list. Begin again without it."))
    return key, after
