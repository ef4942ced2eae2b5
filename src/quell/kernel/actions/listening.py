"""Listeners: what a journey does because something happened, after it has been committed (architecture.md 3).

The job that tells people of a line of history also has every listener hear of it that asked for such lines, in its own
transaction: so all of them hear of it, whatever process dies when. A listener's work and the mark that it has heard
stand or fall together: a job that runs twice does the work once. What fails takes nothing else with it: it becomes a
job of its own, is tried again with back-off, and ends, visible, among the dead letters.

    @listen("report_to_assignment", "open", kind="incident")
    def assign_new_report(heard: Heard) -> None: ...

What a listener changes, it changes as `heard.actor()`: the house, by rule. Lines that a listener has caused itself are
not played back to it, and a chain of listeners ends after MOST_HOPS.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from quell.kernel.access.actor import HOUSE, Actor
from quell.kernel.config import sql
from quell.kernel.jobs.app import enqueue
from quell.kernel.notify.announce import and_then

logger = logging.getLogger("quell.listening")

#: The channel of everything a listener does.
RULE = "rule"
#: Listeners that answer each other end here; a sound journey takes two or three.
MOST_HOPS = 8
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Heard:
    """A line of history, as a listener hears it. `kind` is the record's kind; `verb` the line's (`open`, `reply`,
    `assign` …); `changes` and `data` as in the journal. The record may have moved on since: look before you act.

    A line about a thing that is no record has the thing's name (`announcement`) as `kind`, its id as `subject_id`, and
    no number."""

    listener: str
    entry_id: int
    record_id: int
    number: str
    kind: str
    organisation_id: int
    verb: str
    actor_id: int | None
    channel: str
    at: datetime
    changes: dict[str, Any]
    data: dict[str, Any]
    version: int | None
    request_id: str
    subject_id: int | None = None

    def actor(self) -> Actor:
        """The house acting because of this line; its journal entries say so."""
        chain = f"{RULE}:{_hops(self.request_id) + 1}:{self.listener}:{self.entry_id}"
        return replace(HOUSE, channel=RULE, request_id=chain)


Work = Callable[[Heard], None]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens: `verbs` of the journal (none: all), `kind` of record (empty: every kind)."""

    name: str
    verbs: frozenset[str]
    kind: str
    work: Work

    def wants(self, verb: str, kind: str, request_id: str) -> bool:
        """Is this a line for it? Never one that it caused itself."""
        if self.kind not in ("", kind) or (self.verbs and verb not in self.verbs):
            return False
        return not (request_id.startswith(f"{RULE}:") and request_id.split(":")[2:3] == [self.name])


_listeners: dict[str, Listener] = {}


def listen(name: str, *verbs: str, kind: str = "") -> Callable[[Work], Work]:
    """Register a function that is called, in a job, for every line of history with one of these verbs.

    `name` stands in the queue and among the dead letters: keep it when the function moves. It must be unique and at
    most 40 characters; raises ValueError otherwise.
    """

    def enter(work: Work) -> Work:
        if name in _listeners or not 0 < len(name) <= LONGEST_NAME or ":" in name:
            raise ValueError(f"listener {name!r} is registered twice, or its name is not one")
        _listeners[name] = Listener(name, frozenset(verbs), kind, work)
        return work

    return enter


def all_listeners() -> list[Listener]:
    """Every listener, by name."""
    return [_listeners[name] for name in sorted(_listeners)]


_LINE = """
SELECT e.id, coalesce(e.record_id, 0), coalesce(r.number, ''), coalesce(r.kind, e.subject),
  coalesce(r.organisation_id, e.organisation_id, 0), e.verb, e.actor_id, e.channel, e.at, e.changes, e.data, e.version,
  e.request_id, e.subject_id
FROM journal_entry e LEFT JOIN records_record r ON r.id = e.record_id WHERE e.id = %s
"""


@and_then
def pass_on(entry_id: int) -> None:
    """Have each listener that wants this line hear of it; one that fails gets a job of its own, to be tried again.
    Belongs to the transaction of the announcing job."""
    if not _listeners:
        return
    row = sql.row("SELECT e.verb, coalesce(r.kind, e.subject), e.request_id FROM journal_entry e"
                  " LEFT JOIN records_record r ON r.id = e.record_id WHERE e.id = %s", [entry_id])  # fmt: skip
    if row is None:
        return
    verb, kind, request_id = row
    wanted = [known for known in all_listeners() if known.wants(verb, kind, request_id)]
    if wanted and _hops(request_id) >= MOST_HOPS:
        logger.warning("entry %s ends a chain of %d listeners; nobody else hears of it", entry_id, MOST_HOPS)
        return
    for known in wanted:
        try:
            hear(known.name, entry_id)
        except Exception:
            logger.info("%s failed at entry %s and will be tried again", known.name, entry_id, exc_info=True)
            enqueue("actions.hear", listener=known.name, entry_id=entry_id)


def hear(listener: str, entry_id: int) -> bool:
    """Have a listener do its work for a line, once; False when it has heard of it before.

    Raises LookupError for a listener that this process does not know (it may be newer than the process), and whatever
    the listener raises: then nothing of its work stays, and the job is tried again.
    """
    if listener not in _listeners:
        raise LookupError(f"no listener is called {listener!r}")
    with transaction.atomic():
        if not sql.execute(_MARK, {"listener": listener, "entry": entry_id, "now": datetime.now(UTC)}):
            return False
        row = sql.row(_LINE, [entry_id])
        if row is not None:
            _listeners[listener].work(Heard(listener, *row))
    return True


_MARK = """
INSERT INTO actions_heard (listener, entry_id, at) VALUES (%(listener)s, %(entry)s, %(now)s)
ON CONFLICT (entry_id, listener) DO NOTHING
"""


def _hops(request_id: str) -> int:
    """How many listeners stand behind a line already."""
    parts = request_id.split(":")
    return int(parts[1]) if parts[0] == RULE and len(parts) > 2 and parts[1].isdigit() else 0
