"""Opening a record: number, spine, first line of history and search document in one statement.

Creating is the busiest write, so the spine's part is one round trip, and so is what a room above adds to every record,
such as its clocks; the practice adds its own row and the funnel publishes as for every other verb. All of it belongs to
the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import orjson

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql
from quell.kernel.jobs.app import enqueue
from quell.kernel.live import hints
from quell.kernel.records.numbers import Kind
from quell.kernel.search.index import parameters, vector

_COLUMNS = (
    "organisation_id",
    "title",
    "description",
    "state",
    "state_category",
    "priority",
    "requester_id",
    "opened_by_id",
    "owner_id",
    "assignee_id",
    "team_id",
    "service_id",
    "channel",
    "opened_at",
    "responded_at",
    "due_at",
)

_OPEN = f"""
WITH running AS (
  SELECT n, %(prefix)s || '-' || lpad(n::text, greatest(6, length(n::text)), '0') AS number
  FROM nextval(%(sequence)s::regclass) n
), spine AS (
  INSERT INTO records_record (kind, number, version, updated_at, {", ".join(_COLUMNS)})
  SELECT %(kind)s, number, 1, %(opened_at)s::timestamptz, {", ".join(f"%({name})s" for name in _COLUMNS)} FROM running
  RETURNING id, number
), document AS (
  INSERT INTO search_document (record_id, public_words)
  SELECT id, {vector("w_")} || to_tsvector('simple', number) FROM spine
), history AS (
  INSERT INTO journal_entry
    (record_id, subject, organisation_id, verb, actor_id, channel, at, public, changes, data, request_id, version)
  SELECT id, '', %(organisation_id)s, 'open', %(actor)s, %(via)s, %(opened_at)s::timestamptz, %(public)s, '{{}}'::jsonb,
         %(data)s::jsonb, %(request_id)s, 1
  FROM spine RETURNING id
)"""  # noqa: S608 - column names and SQL fragments of our own; values are parameters


_OPENED = ("spine.id", "spine.number", "history.id")


@dataclass(frozen=True, slots=True)
class Opened:
    """A record just made: its id, its number, and the id of the journal entry that says so."""

    record_id: int
    number: str
    entry_id: int


@dataclass(frozen=True, slots=True)
class Addition:
    """What a room above has written by the statement that opens the record: `written`, common table expressions that
    may read the ids of `spine` and `history`, and `asked`, expressions whose values it is told afterwards."""

    written: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


class Preparation(Protocol):
    """What must be true of a record from its first instant, and is made by a room above, such as its clocks: columns
    of the spine, what is written with it, and what is left to do once it is there."""

    spine: Mapping[str, Any]
    addition: Addition
    #: The parameters of the addition.
    values: Mapping[str, Any]

    def finish(self, opened: Opened, told: Sequence[Any]) -> None:
        """Called in the transaction of the opening, right after the spine is there, with what was asked."""


#: From kind, spine, and the first journal entry's words and further facts to what belongs to it; None: nothing.
Prepare = Callable[[Kind, Mapping[str, Any], Mapping[str, Any]], Preparation | None]
_prepare: list[Prepare] = []


def prepare(made: Prepare) -> Prepare:
    """Have a function called before every record is opened, inside the transaction (architecture.md 3)."""
    _prepare.append(made)
    return made


def open_record(
    kind: Kind, actor: Actor, spine: Mapping[str, Any], data: Mapping[str, Any], facts: Mapping[str, Any] | None = None
) -> Opened:
    """Insert the spine of a new record. `spine` holds the columns of `_COLUMNS`, but for `due_at`; `data` goes into
    the journal. `facts`: what else is true of it at once and is kept by its practice, for rooms that ask."""
    known = {**data, **facts} if facts else data
    prepared = [found for made in _prepare if (found := made(kind, spine, known)) is not None]
    values: dict[str, Any] = {
        "due_at": None,
        **spine,
        "kind": kind.code,
        "prefix": kind.prefix,
        "sequence": kind.sequence,
        "actor": actor.person_id,
        "via": actor.channel,
        "public": not kind.internal,
        "request_id": actor.request_id,
        "data": orjson.dumps(dict(data)).decode(),
        **parameters(f"{spine['title']}\n{spine['description']}", "w_"),
    }
    for one in prepared:
        values.update(one.spine)
        values.update(one.values)
    row = sql.row(_statement(tuple(one.addition for one in prepared)), values)
    assert row is not None
    opened, told = Opened(*row[:3]), row[3:]
    for one in prepared:
        asked = len(one.addition.asked)
        one.finish(opened, told[:asked])
        told = told[asked:]
    return opened


@cache
def _statement(additions: tuple[Addition, ...]) -> str:
    written = [text for one in additions for text in one.written]
    asked = [text for one in additions for text in one.asked]
    return f"{', '.join([_OPEN, *written])} SELECT {', '.join([*_OPENED, *asked])} FROM spine, history"  # noqa: S608 - texts of our own


def publish_opened(opened: Opened) -> None:
    """Leave the job that tells people about the new record, and the word for those who have a page open."""
    enqueue("notify.announce", entry_id=opened.entry_id)
    hints.changed()
