"""Who looks at a record, edits a fact of it or writes on it: kept in memory, for seconds.

Each open page says every ten seconds what its person does there; what is not said again is forgotten after fifteen
(ux.md 1.3, Collision). Every web process keeps the whole board, because any of them may be asked for it. Nothing of
this is history: the journal does not know who looked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

#: Seconds after which a page that says nothing is taken for closed, and how often one says something.
KEPT, SAID_EVERY = 15.0, 10.0
#: What one may do, most important first: who writes to the requester comes before who only looks.
DOING = ("replying", "noting", "editing", "viewing")
#: Pages on the board; far beyond what a house of agents opens.
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """A record as far as it decides who may know who looks at it."""

    record_id: int
    number: str
    organisation_id: int
    team_id: int | None
    owner_id: int | None
    assignee_id: int | None


@dataclass(frozen=True, slots=True)
class Presence:
    """One page of one person on one record. `page` tells two tabs apart; `doing` empty: it was closed."""

    place: Place
    person_id: int
    page: str
    doing: str
    field: str = ""

    def plain(self) -> list[Any]:
        """For the way between processes."""
        at = self.place
        where = [at.record_id, at.number, at.organisation_id, at.team_id, at.owner_id, at.assignee_id]
        return [where, self.person_id, self.page, self.doing, self.field]

    @classmethod
    def read(cls, plain: Any) -> Presence:
        """The way back; raises TypeError or ValueError for anything else."""
        where, person_id, page, doing, field = plain
        return cls(Place(*where), person_id, page, doing, field)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one person does on a record, taken over all their pages: the most important of it."""

    person_id: int
    doing: str
    field: str


class Board:
    """Who is where. Used from several threads."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pages: dict[tuple[int, str], tuple[float, Presence]] = {}
        self._records: dict[int, dict[tuple[int, str], None]] = {}

    def put(self, presence: Presence) -> list[Place]:
        """Take a page's word; the records on which that changes what is seen."""
        key = (presence.person_id, presence.page)
        with self._lock:
            known = self._pages.get(key)
            places = {one.place.record_id: one.place for one in ([known[1]] if known else [])}
            places[presence.place.record_id] = presence.place
            before = {record_id: self._seen(record_id) for record_id in places}
            if known is not None:
                self._forget(key)
            if presence.doing and len(self._pages) < MOST:
                self._pages[key] = (self._clock() + KEPT, presence)
                self._records.setdefault(presence.place.record_id, {})[key] = None
            return [place for record_id, place in places.items() if before[record_id] != self._seen(record_id)]

    def _forget(self, key: tuple[int, str]) -> None:
        record_id = self._pages.pop(key)[1].place.record_id
        keys = self._records[record_id]
        del keys[key]
        if not keys:
            del self._records[record_id]

    def expire(self) -> dict[int, Place]:
        """Forget the pages that fell silent; the records where something changed by that."""
        now = self._clock()
        with self._lock:
            over = [(key, one.place) for key, (until, one) in self._pages.items() if until <= now]
            changed = {place.record_id: place for _key, place in over}
            before = {record_id: self._seen(record_id, now - KEPT) for record_id in changed}
            for key, _place in over:
                self._forget(key)
            return {r: place for r, place in changed.items() if before[r] != self._seen(r)}

    def on(self, record_id: int) -> tuple[Seen, ...]:
        """Who is there now, those who write to the requester first."""
        with self._lock:
            return self._seen(record_id)

    def moved(self, record_id: int, *, team_id: int | None, owner_id: int | None, assignee_id: int | None) -> None:
        """The record is in other hands: who may know of its pages goes with it."""
        with self._lock:
            for key in self._records.get(record_id, {}):
                until, one = self._pages[key]
                place = replace(one.place, team_id=team_id, owner_id=owner_id, assignee_id=assignee_id)
                self._pages[key] = (until, replace(one, place=place))

    def everything(self) -> list[Presence]:
        """All that is on the board: for a process that has just begun to listen."""
        now = self._clock()
        with self._lock:
            return [one for until, one in self._pages.values() if until > now]

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._pages.clear()
            self._records.clear()

    def _seen(self, record_id: int, now: float | None = None) -> tuple[Seen, ...]:
        at = self._clock() if now is None else now
        found: dict[int, Seen] = {}
        for key in self._records.get(record_id, {}):
            until, one = self._pages[key]
            if until <= at:
                continue
            known = found.get(one.person_id)
            if known is None or DOING.index(one.doing) < DOING.index(known.doing):
                found[one.person_id] = Seen(one.person_id, one.doing, one.field)
        return tuple(sorted(found.values(), key=_rank))


def _rank(seen: Seen) -> tuple[int, int]:
    return DOING.index(seen.doing), seen.person_id


#: The board of this process.
board = Board()
