"""What was committed to the journal, read from where one stopped, and who may know of it.

Ids of entries are given out before the commit, so they become visible out of order: a reader that only remembers the
highest would pass over a slower transaction. `Reader` remembers the gaps for a while and asks for them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from quell.kernel.access.actor import Actor
from quell.kernel.config import sql

from . import marks

#: So many entries at one look; where there are more (an import runs), everybody is told to load anew.
MOST = 500
#: Seconds after which a gap counts as a transaction that was rolled back.
GAP_SECONDS = 30.0
#: How far back a page that comes again is told what it missed, in entries and in seconds.
BACK_ENTRIES, BACK_SECONDS = 2000, 900
#: Entries with a lower id may have been committed this many seconds after one with a higher.
LATE_SECONDS = 10

_COLUMNS = """
SELECT e.id, e.at, e.verb, e.public, e.version, e.actor_id, e.record_id, r.number, r.kind, r.organisation_id, r.team_id,
  r.owner_id, r.assignee_id, r.requester_id, r.opened_by_id,
  CASE WHEN r.id IS NULL THEN '{}' ELSE ARRAY(SELECT person_id FROM records_watcher w WHERE w.record_id = r.id) END
FROM journal_entry e LEFT JOIN records_record r ON r.id = e.record_id
"""
#: The next entries; `%s`: settled up to here, already known, how many at most. Given to any cursor.
NEXT = f"{_COLUMNS} WHERE e.id > %s AND NOT e.id = ANY(%s::bigint[]) ORDER BY e.id LIMIT %s"
#: Where a reader that begins now begins: a moment back, so that nothing falls between a page and its stream.
BEGIN = """
SELECT coalesce((SELECT min(id) - 1 FROM (SELECT id, at FROM journal_entry ORDER BY id DESC LIMIT 200) recent
  WHERE at > now() - make_interval(secs => %s)), (SELECT max(id) FROM journal_entry), 0)
"""
#: Records of which the reader hears (`knows`, before it looks at what is public).
_THEIRS = """(%(everywhere)s OR r.organisation_id = ANY(%(organisations)s::bigint[])
  OR r.team_id = ANY(%(teams)s::bigint[])
  OR r.team_id IS NULL AND r.organisation_id = ANY(%(untaken)s::bigint[])
  OR %(agent)s IN (r.owner_id, r.assignee_id) OR %(person)s IN (r.requester_id, r.opened_by_id)
  OR EXISTS (SELECT 1 FROM records_watcher w WHERE w.record_id = r.id AND w.person_id = %(person)s))"""
_SINCE = f"""(e.id > %(after)s OR e.at >= %(since)s) AND e.at >= now() - make_interval(secs => {BACK_SECONDS})
ORDER BY e.id LIMIT {MOST + 1}"""
#: Among the latest entries; and, where what was missed began before them, in the records of theirs that moved.
_LATEST = f"{_COLUMNS} WHERE e.record_id IS NOT NULL AND e.id > %(window)s AND {_THEIRS} AND {_SINCE}"
_OF_THEIRS = f"""{_COLUMNS} WHERE e.record_id IN (SELECT r.id FROM records_record r
  WHERE r.updated_at >= %(since)s AND {_THEIRS}) AND {_SINCE}"""  # noqa: S608 - our own columns and numbers
_AT = "SELECT at FROM journal_entry WHERE id = %s"
#: The last entry, and when the one was written that is just too far back.
_LAST = f"""SELECT coalesce(max(e.id), 0), (SELECT at FROM journal_entry far
  WHERE far.id <= (SELECT max(id) FROM journal_entry) - {BACK_ENTRIES} ORDER BY far.id DESC LIMIT 1)
FROM journal_entry e"""  # noqa: S608 - our own number


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the journal with what decides who may know of it. `record_id` None: not about a record."""

    id: int
    at: datetime
    verb: str
    public: bool
    version: int | None
    actor_id: int | None
    record_id: int | None
    number: str
    kind: str
    organisation_id: int
    team_id: int | None
    owner_id: int | None
    assignee_id: int | None
    requester_id: int
    opened_by_id: int | None
    watchers: Sequence[int]


def read_rows(rows: Iterable[Sequence[Any]]) -> list[Change]:
    """Rows of `NEXT` as changes."""
    return [Change(*row) for row in rows]


class Reader:
    """How far the journal was read: all up to `settled`, beyond it `known`; what is missing between is a gap."""

    def __init__(self) -> None:
        self.settled = 0
        self.known: set[int] = set()
        self._gaps: dict[int, float] = {}

    def begin(self, at: int) -> None:
        """Begin behind this entry."""
        self.settled, self.known, self._gaps = at, set(), {}

    def asked(self) -> tuple[int, list[int], int]:
        """The values of `NEXT`."""
        return self.settled, sorted(self.known), MOST

    def took(self, changes: Sequence[Change], now: float) -> bool:
        """Note what was read; True when there were so many that single words are of no use."""
        self.known.update(change.id for change in changes)
        if len(changes) >= MOST:
            self.begin(max(self.known))
            return True
        top = max(self.known, default=self.settled)
        if top - self.settled > 10 * MOST:  # numbers that an import took and keeps to itself
            self.begin(top)
            return False
        for entry_id in range(self.settled + 1, top):
            if entry_id not in self.known:
                self._gaps.setdefault(entry_id, now)
        while self.settled < top:
            following = self.settled + 1
            if following in self.known:
                self.known.discard(following)
            elif now - self._gaps[following] < GAP_SECONDS:
                break
            self._gaps.pop(following, None)
            self.settled = following
        return False


def missed(actor: Actor, after: int, since: datetime | None) -> tuple[list[tuple[Change, bool]], int, bool]:
    """What this actor may know of the changes after an entry, or since a moment: with each whether they know the
    inside; then the last entry there is; then whether it is more than can be told one by one.

    None of it depends on what is not theirs: a house that is busy elsewhere gives the same answer as a quiet one.
    """
    known = sql.row(_AT, [after]) if after > 0 else None
    last, too_far = sql.row(_LAST) or (0, None)
    begun = known[0] if known else since
    if begun is None or after == marks.UNKNOWN:
        return [], last, after != 0
    if (datetime.now(UTC) - begun).total_seconds() > BACK_SECONDS:
        return [], last, True
    moment = begun - timedelta(seconds=LATE_SECONDS) if known else begun
    asked = {"after": after if known else last, "since": moment, "window": last - BACK_ENTRIES, **_theirs(actor)}
    beyond = too_far is not None and too_far >= moment
    if beyond and asked["everywhere"]:
        return [], last, True
    changes = read_rows(sql.rows(_OF_THEIRS if beyond else _LATEST, asked))
    lost = len(changes) > MOST
    told = [(change, inside) for change in changes[:MOST] if (inside := knows(actor, change)) is not None]
    return told, last, lost


def _theirs(actor: Actor) -> dict[str, Any]:
    """The values of `_THEIRS`; nobody is number 0."""
    scope, person = actor.scope("records.view"), actor.person_id or 0
    return {
        "everywhere": scope.everywhere,
        "organisations": sorted(scope.organisations),
        "teams": sorted(scope.teams),
        "untaken": sorted(scope.team_organisations),
        "agent": person if scope else 0,
        "person": person,
    }


#: Kinds of records without a public part, as codes; `kernel.records` fills them in, which knows the kinds.
inside_only: Callable[[], Sequence[str]] = tuple


def keep_inside(kinds: Callable[[], Sequence[str]]) -> None:
    """Ask `kinds` for the kinds of records that only those hear of who work where they lie."""
    global inside_only
    inside_only = kinds


def is_for_outside(change: Change) -> bool:
    """May anybody outside the desk hear of the change?"""
    return change.public and change.kind not in inside_only()


def knows(actor: Actor, change: Change) -> bool | None:
    """May the actor know of the change: True with its inside, False as its requester does, None not at all."""
    person = actor.person_id
    scope = actor.scope("records.view")
    if scope.covers(change.organisation_id, change.team_id):
        return True
    if person is None:
        return None
    if scope and person in (change.owner_id, change.assignee_id):
        return True
    if is_for_outside(change) and (person in (change.requester_id, change.opened_by_id) or person in change.watchers):
        return False
    return None
