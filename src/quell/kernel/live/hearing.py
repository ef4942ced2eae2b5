"""Who listens, and who of them may hear a word: by sets, so that a word costs the same for few listeners and many.

The rule is that of `kernel.records.visibility`, asked the other way round: not "which records for this person" but
"which persons for this record"; a test holds the two equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.contrib.auth import get_user_model

from quell.kernel.access.actor import Actor, actors_for_people
from quell.kernel.config import sql

from .changes import Change, is_for_outside
from .presence import Place

Stream = TypeVar("Stream", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Listener:
    """Who opened a stream, by which session. `stamp` changes with the password, which ends all sessions."""

    actor: Actor
    session: str
    stamp: str

    @property
    def person_id(self) -> int:
        """The person; a listener always is one."""
        assert self.actor.person_id is not None
        return self.actor.person_id


class Audience(Generic[Stream]):
    """The open streams, ordered by what their listeners may hear."""

    def __init__(self) -> None:
        self.listeners: dict[Stream, Listener] = {}
        self._everywhere: set[Stream] = set()
        self._organisations: dict[int, set[Stream]] = defaultdict(set)
        self._teams: dict[int, set[Stream]] = defaultdict(set)
        self._untaken: dict[int, set[Stream]] = defaultdict(set)
        self._agents: dict[int, set[Stream]] = defaultdict(set)
        self._people: dict[int, set[Stream]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self.listeners)

    def join(self, stream: Stream, listener: Listener) -> None:
        """A stream opened, or its listener's rights are others now."""
        self.leave(stream)
        self.listeners[stream] = listener
        for places in self._places(listener):
            places.add(stream)

    def leave(self, stream: Stream) -> None:
        """A stream ended."""
        listener = self.listeners.pop(stream, None)
        if listener is None:
            return
        for places in self._places(listener):
            places.discard(stream)
        for index, keys in self._indexes(listener):
            for key in keys:
                if not index[key]:
                    del index[key]

    def of_people(self, people: Iterable[int]) -> set[Stream]:
        """The streams of these people."""
        return set().union(*(self._people.get(person, ()) for person in people))

    def inside(self, place: Place | Change) -> set[Stream]:
        """Those who may know what goes on inside the record: agents it lies before, and in whose hands it is."""
        found = self._everywhere | self._organisations.get(place.organisation_id, set())
        if place.team_id is not None:
            found |= self._teams.get(place.team_id, set())
        else:
            found |= self._untaken.get(place.organisation_id, set())
        for person in (place.owner_id, place.assignee_id):
            if person is not None:
                found |= self._agents.get(person, set())
        return found

    def outside(self, change: Change) -> set[Stream]:
        """Those whose business it is without: requester, who opened it, with whom it is shared. Only what is public
        is theirs."""
        if not is_for_outside(change):
            return set()
        concerned = (change.requester_id, change.opened_by_id, *change.watchers)
        return self.of_people({person for person in concerned if person is not None})

    def _places(self, listener: Listener) -> Iterable[set[Stream]]:
        if listener.actor.scope("records.view").everywhere:
            yield self._everywhere
        for index, keys in self._indexes(listener):
            for key in keys:
                yield index[key]

    def _indexes(self, listener: Listener) -> Iterable[tuple[dict[int, set[Stream]], Iterable[int]]]:
        scope = listener.actor.scope("records.view")
        yield self._people, (listener.person_id,)
        yield self._organisations, scope.organisations
        yield self._teams, scope.teams
        yield self._untaken, scope.team_organisations
        yield self._agents, (listener.person_id,) if scope else ()


_SESSIONS = "SELECT session_key FROM django_session WHERE session_key = ANY(%s) AND expire_date > now()"
_PASSWORDS = "SELECT id, password FROM people_person WHERE id = ANY(%s)"


def still(listeners: Sequence[Listener]) -> list[Listener | None]:
    """Each listener with the rights of now; None for those whose session is over, who were deactivated, or whose
    password is another one. Three statements, however many they are."""
    people = sorted({one.person_id for one in listeners})
    alive = {row[0] for row in sql.rows(_SESSIONS, [sorted({one.session for one in listeners})])}
    actors = actors_for_people(people)
    person: Any = get_user_model()
    stamps = {key: person(password=kept).get_session_auth_hash() for key, kept in sql.rows(_PASSWORDS, [people])}
    found: list[Listener | None] = []
    for one in listeners:
        actor = actors.get(one.person_id)
        ended = actor is None or one.session not in alive or stamps.get(one.person_id) != one.stamp
        found.append(None if ended or actor is None else Listener(actor, one.session, one.stamp))
    return found
