"""The door of live updates: many open streams on the worker's event loop, none of them in the Django thread.

Django answers `GET /live` as any request, and by that decides who listens (`kernel/ui/live.py`); from there the loop
has the stream. What to say comes from the journal, read when a hint says so, and from the board of presences.

The server's own stream takes everything at once and holds it for a reader that does not read (measured in
docs/why/decisions/0011-live-updates.md). So a stream is given a budget of bytes and of time; then it ends, and a page
that is alive comes back and is told what it missed.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, TypeVar

import psycopg
from granian.rsgi import ProtocolClosed
from psycopg import AsyncConnection

from quell.kernel.live import changes, hearing, hints
from quell.kernel.live.hints import CHANNEL, Hint
from quell.kernel.live.presence import Board

from .live_streams import Broadcast, Stream

logger = logging.getLogger("quell.live")
T = TypeVar("T")

LOOK_SECONDS = 2.0  # the journal is looked at this often without any hint, while somebody listens
# Between two looks, and between two notices to other processes: the first one goes at once.
GAP_SECONDS, BUSY_GAP_SECONDS, BUSY_SECONDS = 0.02, 0.06, 0.2
LISTENING_SECONDS = 10.0  # so often a process says that somebody listens there; it counts for two and a half times
RIGHTS_SECONDS = 10.0
TICK_SECONDS = 1.0
AGAIN_SECONDS = 1.0  # before a lost connection to the database is tried again

InThread = Callable[[Callable[[], Any]], Awaitable[Any]]


class Hub:
    """All streams of one worker process, and its two connections to the database: one listens, one speaks."""

    def __init__(self, loop: asyncio.AbstractEventLoop, in_thread: InThread, conninfo: str, board: Board) -> None:
        self._loop = loop
        self._in_thread = in_thread
        self._conninfo = conninfo
        self._board = board
        self._streams = Broadcast(board)
        self._reader = changes.Reader()
        self._reading = False
        self._speaker: AsyncConnection[Any] | None = None
        self._connecting = asyncio.Lock()
        self._others_until = 0.0
        self._said_listening = 0.0
        self._outgoing = Hint()
        self._handed: deque[Hint] = deque()
        self._called = False
        self._look = asyncio.Event()
        self._speak = asyncio.Event()
        self._check = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    # From any thread

    def tell(self, hint: Hint) -> None:
        """Take a hint of this process: it holds here at once, and goes to the other processes beside the request.

        Where nobody listens, in no process, a change costs no more than to find that out.
        """
        if not hint.beyond_journal and not self._streams and monotonic() > self._others_until:
            return
        self._handed.append(hint)
        if not self._called:  # one wake-up serves all that come until the loop has its turn
            self._called = True
            with suppress(RuntimeError):  # the loop is closed: this process ends, and nobody listens here
                self._loop.call_soon_threadsafe(self._hand_on)

    def _hand_on(self) -> None:
        self._called = False
        while self._handed:
            hint = self._handed.popleft()
            self._hear(hint)
            if hint.beyond_journal or monotonic() <= self._others_until:
                self._outgoing.add(hint)
                self._speak.set()

    # Streams

    async def serve(self, listener: hearing.Listener, answer: Any, proto: Any) -> None:
        """Keep one stream until its client, its session or its budget ends it."""
        stream = Stream()
        transport = proto.response_stream(answer.status, answer.headers)
        gone = asyncio.ensure_future(_until(proto.client_disconnect()))
        gone.add_done_callback(lambda _done: stream.end())
        stream.put(answer.first)
        self._streams.join(stream, listener)
        self._say_listening()
        self._look.set()
        try:
            while data := await stream.taken():
                await transport.send_bytes(data)
        except ProtocolClosed:
            pass  # the client went away in this very moment
        finally:
            self._streams.audience.leave(stream)
            gone.cancel()

    def _say_listening(self) -> None:
        now = monotonic()
        if self._streams and now - self._said_listening >= LISTENING_SECONDS:
            self._said_listening = now
            self._outgoing.add(Hint(listening=True))
            self._speak.set()

    # What goes on in the background

    def start(self) -> None:
        """Begin to listen. On the loop, in the main thread.

        The server waits for open answers before it stops, and calls `__rsgi_del__` only then; so the streams end with
        the signal itself. The loop's own handler, which tells the server, is called by file descriptor all the same.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._loop.call_soon_threadsafe(self.stop))
            signal.siginterrupt(number, False)
        self._tasks = [
            self._loop.create_task(self._for_ever(work), name=f"live {work.__name__}")
            for work in (self._listening, self._speaking, self._reading_on, self._checking, self._ticking)
        ]

    def stop(self) -> None:
        """The process ends: pages come back to another one."""
        self._streams.close()
        for task in self._tasks:
            task.cancel()

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        """A database that went away comes back; streams stay open meanwhile."""
        while True:
            try:
                await work()
            except (psycopg.Error, OSError) as fault:
                if self._speaker is not None:  # told once, not by every task and every second
                    logger.warning("live updates wait for the database: %s", " ".join(str(fault).split()))
                self._speaker = None
                await asyncio.sleep(AGAIN_SECONDS)

    async def _connect(self) -> AsyncConnection[Any]:
        return await AsyncConnection.connect(self._conninfo, autocommit=True, prepare_threshold=None)

    async def _listening(self) -> None:
        async with await self._connect() as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._look.set()  # whatever was said while nobody listened stands in the journal
            async for notice in connection.notifies():
                if self._speaker is None or notice.pid != self._speaker.info.backend_pid:  # the own ones are known
                    self._hear(Hint.read(notice.payload))

    async def _speaking(self) -> None:
        last = 0.0
        while True:
            await self._speak.wait()
            self._speak.clear()
            busy, last = monotonic() - last < BUSY_SECONDS, monotonic()
            hint, self._outgoing = self._outgoing, Hint()
            connection = await self._speaker_here()
            for text in hint.texts():
                await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, text])
            await asyncio.sleep(BUSY_GAP_SECONDS if busy else GAP_SECONDS)

    async def _speaker_here(self) -> AsyncConnection[Any]:
        async with self._connecting:
            if self._speaker is None or self._speaker.closed:
                self._speaker = await self._connect()
            return self._speaker

    async def _reading_on(self) -> None:
        last = 0.0
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), LOOK_SECONDS if self._streams else None)
            self._look.clear()
            if not self._streams:
                self._reading = False
                continue
            busy, last = monotonic() - last < BUSY_SECONDS, monotonic()
            await self._read()
            await asyncio.sleep(BUSY_GAP_SECONDS if busy else GAP_SECONDS)

    async def _read(self) -> None:
        connection = await self._speaker_here()
        if not self._reading:
            cursor = await connection.execute(changes.BEGIN, [changes.LATE_SECONDS])
            self._reader.begin((await cursor.fetchone() or (0,))[0])
            self._reading = True
        cursor = await connection.execute(changes.NEXT, self._reader.asked())
        found = changes.read_rows(await cursor.fetchall())
        if self._reader.took(found, monotonic()):
            self._streams.reload(found)
            self._look.set()
            return
        self._streams.announce(found)
        if any(change.record_id is None for change in found):
            self._check.set()  # something about people, roles or settings

    async def _checking(self) -> None:
        """Rights and sessions, every few seconds and when something about people changed."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._check.wait(), RIGHTS_SECONDS)
            self._check.clear()
            streams = list(self._streams.audience.listeners.items())
            if streams:
                await self._check_rights(streams)
            await asyncio.sleep(0.2)

    async def _check_rights(self, streams: Sequence[tuple[Stream, hearing.Listener]]) -> None:
        listeners = [listener for _stream, listener in streams]
        answer: list[hearing.Listener | None] | None = await self._in_thread(lambda: _still(listeners))
        if answer is None:
            return  # the database is away: nothing is told then either
        for (stream, before), now in zip(streams, answer, strict=True):
            if stream not in self._streams.audience.listeners:
                continue
            if now is None:
                self._streams.audience.leave(stream)
                stream.end("over")
            elif now.actor.grants != before.actor.grants:
                self._streams.audience.join(stream, now)

    async def _ticking(self) -> None:
        """What time brings."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._streams.tick()
            self._say_listening()

    def _hear(self, hint: Hint) -> None:
        if hint.listening:
            self._others_until = monotonic() + 2.5 * LISTENING_SECONDS
        if hint.journal:
            self._look.set()
        if hint.rights:
            self._check.set()
        for presence in hint.presences:
            for place in self._board.put(presence):
                self._streams.show(place)
        self._streams.count(self._streams.audience.of_people(hint.inboxes))


async def _until(event: Awaitable[T]) -> T:
    return await event


def _still(listeners: Sequence[hearing.Listener]) -> list[hearing.Listener | None] | None:
    """In the Django thread: who may go on listening; None when the database does not answer."""
    from django.db import Error, close_old_connections

    close_old_connections()
    try:
        return hearing.still(listeners)
    except Error as fault:
        logger.warning("rights of open streams wait for the database: %s", str(fault).strip().splitlines()[:1])
        return None


def make_hub(loop: asyncio.AbstractEventLoop, in_thread: InThread) -> Hub:
    """The hub of a worker process, from Django's settings; hints of this process go to it."""
    from django.db import connection

    from quell.kernel.live.presence import board

    given = connection.get_connection_params()
    plain = ("host", "port", "user", "password", "dbname", "service", "passfile", "sslmode", "sslrootcert", "sslcert",
             "sslkey", "connect_timeout")  # fmt: skip
    conninfo = psycopg.conninfo.make_conninfo("", **{name: given[name] for name in plain if given.get(name)})
    hub = Hub(loop, in_thread, conninfo, board)
    hints.use(hub.tell)
    loop.call_soon(hub.start)
    return hub
