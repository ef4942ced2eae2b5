"""The application as the server sees it: the intake in front, one Django thread behind (request_intake.py).

`application` is an RSGI application (granian's own interface). Inside, Django runs as plain WSGI in a single
thread, so there is one database connection per worker process and no two requests share an interpreter lock.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, TypeVar

from granian.rsgi import ProtocolClosed

from .process_ties import die_with_parent
from .request_intake import MEGABYTE, Intake, Scope, Turned, environ, pieces

if TYPE_CHECKING:
    from .live import Hub, InThread

    MakeHub = Callable[[asyncio.AbstractEventLoop, InThread], Hub]

logger = logging.getLogger("quell.web")
T = TypeVar("T")

Header = tuple[str, str]
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PIECE_BYTES = MEGABYTE // 4
OPENED_SECONDS = 20.0  # within which the server has certainly opened a file it was told to send
OPEN_FILES = "/proc/self/fd" if Path("/proc/self/fd").is_dir() else "/dev/fd"
PARENT = "QUELL_SERVE_PID"
LISTENERS = "quell.listeners"  # in a request's environment; kernel/ui/live.py knows it by the same name


class Answer:
    """One answer on its way out: status, headers and the rest of its body.

    Where `streams` are kept, a view may leave a listener in its environment: then what it answers is only the
    beginning, and the stream goes on without Django.
    """

    def __init__(self, wsgi: WSGI, surroundings: dict[str, Any], *, streams: bool = False) -> None:
        self.status = 500
        self.headers: list[Header] = []
        found: list[Any] = []
        if streams:
            surroundings[LISTENERS] = found
        self._parts = wsgi(surroundings, self._start)
        self._rest = pieces(iter(self._parts), PIECE_BYTES)
        self.first = next(self._rest, b"")
        self.second = next(self._rest, None)
        if self.second is None:
            self.close()
        self.listener = found[0] if found and self.status == 200 else None

    def _start(self, status: str, headers: list[Header], _fault: object = None) -> None:
        self.status = int(status[:3])
        self.headers = headers

    def following(self) -> bytes | None:
        """The next piece, or None at the end."""
        return next(self._rest, None)

    def close(self) -> None:
        """Tell Django that the answer is over."""
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()


class Application:
    """One per worker process. `make` builds the WSGI application and says how large a body may be; `make_hub` builds
    what keeps streams open (live.py)."""

    def __init__(self, make: Callable[[], tuple[WSGI, int]], make_hub: MakeHub | None = None) -> None:
        self._make = make
        self._make_hub = make_hub
        self._hub: Hub | None = None
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called by the server when the worker starts."""
        parent = os.environ.get(PARENT, "")
        if parent:
            # An orphaned worker would keep the port and answer with yesterday's code.
            die_with_parent(signal.SIGKILL)
            if os.getppid() != int(parent):
                os._exit(1)
        self._loop = loop
        self._wsgi, largest = self._make()
        self._intake = Intake(largest)
        threading.Thread(target=self._run, name="django", daemon=True).start()
        if self._make_hub is not None:
            self._hub = self._make_hub(loop, self._in_thread)

    async def __rsgi__(self, scope: Scope, proto: Any) -> None:
        """Serve one request."""
        try:
            body = await self._intake.body(scope, proto)
        except Turned as turned:
            _turn(proto, turned)
            return
        except ProtocolClosed:
            return  # the client went away in the middle of its request
        answer = await self._in_thread(lambda: self._serve(scope, body, proto))
        if answer is None:
            return
        if answer.listener is not None and self._hub is not None:
            await self._hub.serve(answer.listener, answer, proto)
        else:
            await self._by_file(answer, proto)

    def _serve(self, scope: Scope, body: IO[bytes], proto: Any) -> Answer | None:
        """In the Django thread: answer, and give back an answer that has more to send."""
        with body:
            try:
                answer = Answer(self._wsgi, environ(scope, body), streams=self._hub is not None)
            except Exception:
                logger.exception("the application failed outside of Django's own handling")
                _turn(proto, Turned(500, "fault", "Something went wrong on our side; it has been noted."))
                return None
        if answer.second is None and answer.listener is None:
            proto.response_bytes(answer.status, answer.headers, answer.first)
            return None
        return answer

    async def _by_file(self, answer: Answer, proto: Any) -> None:
        """A long answer goes through a file without a name: the server reads it at the reader's pace, where its own
        stream would hold all of it in memory for a reader that does not read. Others are served between the pieces
        while it is written."""
        held = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the server has opened it too
        try:
            held.write(answer.first)
            piece = answer.second
            while piece is not None:
                held.write(piece)
                piece = await self._in_thread(answer.following)
            held.flush()
        except BaseException:
            held.close()
            raise
        finally:
            await self._in_thread(answer.close)
        headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
        headers.append(("content-length", str(held.tell())))
        held.seek(0)
        proto.response_file(answer.status, headers, f"{OPEN_FILES}/{held.fileno()}")
        self._loop.call_later(OPENED_SECONDS, held.close)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        done: asyncio.Future[T] = self._loop.create_future()

        def turn() -> None:
            try:
                result = work()
            except Exception as fault:  # carried over to whoever waits
                self._loop.call_soon_threadsafe(_fail, done, fault)
            else:
                self._loop.call_soon_threadsafe(_finish, done, result)

        self._work.put(turn)
        return await done

    def _run(self) -> None:
        while True:
            self._work.get()()


def _finish(done: asyncio.Future[T], result: T) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[Any], fault: Exception) -> None:
    if not done.done():
        done.set_exception(fault)


def _turn(proto: Any, turned: Turned) -> None:
    """An answer that Django never sees, in the shape of the contract's errors."""
    problem = {
        "type": "about:blank",
        "title": turned.sentence,
        "status": turned.status,
        "detail": turned.sentence,
        "code": turned.code,
    }
    headers = [("content-type", "application/problem+json"), ("connection", "close")]
    if turned.retry_after is not None:
        headers.append(("retry-after", str(turned.retry_after)))
    proto.response_bytes(turned.status, headers, json.dumps(problem).encode())


def _make() -> tuple[WSGI, int]:
    from django.conf import settings

    from .wsgi import application as django_application

    return django_application, settings.MAX_REQUEST_BYTES


def _make_hub(loop: asyncio.AbstractEventLoop, in_thread: InThread) -> Hub:
    from .live import make_hub

    return make_hub(loop, in_thread)


application = Application(_make, _make_hub)
