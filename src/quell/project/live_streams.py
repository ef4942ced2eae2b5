"""Open streams, and what is said on them to whom (`live.py` is the door and knows when)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from time import monotonic

from quell.kernel.live import changes, events
from quell.kernel.live.changes import Change
from quell.kernel.live.hearing import Audience, Listener
from quell.kernel.live.presence import Board, Place

STREAM_BYTES = 256 * 1024  # … then it ends; a client that reads nothing costs no more than this
STREAM_SECONDS = 1800.0
WAITING_BYTES = 64 * 1024  # for one stream, before it is told to load anew instead
STREAMS_EACH = 20  # of one person in one process; the oldest makes place
COUNTERS_SECONDS = 3.0
HEARTBEAT_SECONDS = 20.0
RECENT = 256  # changes kept for a stream that opens at this moment
#: What moves no number in the navigation.
NOT_COUNTED = frozenset({"reply", "note", "attach", "link", "unlink", "watch", "unwatch"})


class Stream:
    """One open page: what waits to be sent, and the budget that is left."""

    __slots__ = ("_ready", "counters_due", "ended", "left", "over", "waiting", "waiting_bytes")

    def __init__(self) -> None:
        self.waiting: deque[bytes] = deque()
        self.waiting_bytes = 0
        self.left = STREAM_BYTES
        self.over = monotonic() + STREAM_SECONDS
        self.ended = False
        self.counters_due = 0.0
        self._ready = asyncio.Event()

    def put(self, data: bytes) -> None:
        """Have something sent; never waits. Too much at once becomes one word: load anew."""
        if self.ended:
            return
        if self.waiting_bytes + len(data) > WAITING_BYTES:
            self.waiting.clear()
            self.waiting_bytes = 0
            data = events.reload()
        self.waiting.append(data)
        self.waiting_bytes += len(data)
        self._ready.set()

    def end(self, reason: str = "") -> None:
        """Let it end when what waits is sent."""
        if not self.ended:
            if reason:
                self.put(events.bye(reason))
            self.ended = True
            self._ready.set()

    async def taken(self) -> bytes:
        """What to send next; b"" when it is over."""
        while not self.waiting:
            if self.ended:
                return b""
            self._ready.clear()
            await self._ready.wait()
        data = b"".join(self.waiting)
        self.waiting.clear()
        self.waiting_bytes = 0
        self.left -= len(data)
        if self.left <= 0 or monotonic() > self.over:
            self.end("again")
        return data


class Broadcast:
    """The open streams of one process. Everything here runs on the event loop and waits for nothing."""

    def __init__(self, board: Board) -> None:
        self.audience: Audience[Stream] = Audience()
        self._board = board
        self._recent: deque[tuple[float, Change]] = deque(maxlen=RECENT)
        self._beat = 0.0

    def __len__(self) -> int:
        return len(self.audience)

    def join(self, stream: Stream, listener: Listener) -> None:
        """A stream begins; what was said between Django's answer and this moment is said again."""
        own = self.audience.of_people([listener.person_id])
        if len(own) >= STREAMS_EACH:
            min(own, key=lambda one: one.over).end("again")
        self.audience.join(stream, listener)
        just = monotonic() - changes.LATE_SECONDS
        for read_at, change in self._recent:
            inside = changes.knows(listener.actor, change) if read_at > just else None
            if inside is not None:
                stream.put(events.change(change, inside=inside))

    def close(self) -> None:
        """All of them end, to come back to another process."""
        for stream in list(self.audience.listeners):
            stream.end("again")

    def reload(self, found: Sequence[Change]) -> None:
        """More happened than can be told: those load anew whose business some of it is."""
        concerned: set[Stream] = set()
        for change in found:
            if change.record_id is not None:
                concerned |= self.audience.inside(change) | self.audience.outside(change)
        for stream in concerned:
            stream.put(events.reload())

    def tick(self) -> None:
        """Heartbeats, counters that wait for their turn, and pages that fell silent."""
        now = monotonic()
        for place in self._board.expire().values():
            self.show(place)
        beat = now - self._beat >= HEARTBEAT_SECONDS
        self._beat = now if beat else self._beat
        for stream in self.audience.listeners:
            if stream.counters_due and stream.counters_due <= now:
                stream.counters_due = 0.0
                stream.put(events.counters())
            elif beat:
                stream.put(events.HEARTBEAT)

    def show(self, place: Place) -> None:
        """Who is on a record now."""
        listening = self.audience.inside(place)
        if listening:
            told = events.presence(place.number, self._board.on(place.record_id))
            for stream in listening:
                stream.put(told)

    def announce(self, found: Sequence[Change]) -> None:
        """What was committed, to those who may know."""
        for change in found:
            if change.record_id is None:
                continue
            self._recent.append((monotonic(), change))
            self._board.moved(
                change.record_id,
                team_id=change.team_id,
                owner_id=change.owner_id,
                assignee_id=change.assignee_id,
            )
            inside = self.audience.inside(change)
            outside = self.audience.outside(change) - inside
            _tell(inside, change, inside=True)
            _tell(outside, change, inside=False)
            if change.verb not in NOT_COUNTED:
                self.count(inside)

    def count(self, streams: Iterable[Stream]) -> None:
        """A number moved; said at most every few seconds, for each time costs the page a request."""
        for stream in streams:
            if not stream.counters_due:
                stream.counters_due = monotonic() + COUNTERS_SECONDS


def _tell(streams: Iterable[Stream], change: Change, *, inside: bool) -> None:
    told = b""
    for stream in streams:
        told = told or events.change(change, inside=inside)
        stream.put(told)
